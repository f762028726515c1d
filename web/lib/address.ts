// Where a table is found: its code, its page and the link that invites to it.

const path = /^\/s\/([A-Za-z0-9-]+)\/?$/;
const inLink = /\/s\/([A-Za-z0-9-]+)/;
const bare = /^[A-Za-z0-9-]{1,40}$/;

// The code in a page's path, or null on any other page.
export function codeInPath(pathname: string): string | null {
  return path.exec(pathname)?.[1]?.toUpperCase() ?? null;
}

// The code in what somebody typed or pasted: the code itself, with a space or a dash or neither, or a whole link.
export function codeIn(typed: string): string | null {
  const trimmed = typed.trim();
  const link = inLink.exec(trimmed)?.[1];
  if (link) return link.toUpperCase();
  const code = trimmed.replace(/[\s\u2010-\u2015_]+/g, "-").replace(/^([A-Za-z]+)(\d+)$/, "$1-$2");
  return bare.test(code) ? code.toUpperCase() : null;
}

export function pathOf(code: string): string {
  return `/s/${encodeURIComponent(code)}`;
}

// The link that others open. A page served on this machine alone knows a better one only from the server.
export function inviteLink(code: string, origin: string, joinUrl: string | null): string {
  return joinUrl ?? origin + pathOf(code);
}
