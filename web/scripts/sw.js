// The board's service worker. Pages come from the network first, what never changes from the cache first, and what
// the server says at every moment never from here. `shell` and `version` are written in by precache.mjs.

const version = "__VERSION__";
const shell = __SHELL__;
const kept = `seance-${version}`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(kept).then((cache) => cache.addAll(shell)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== kept).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// A new worker waits until no session is open in any tab.
self.addEventListener("message", (event) => {
  if (event.data !== "take over") return;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((pages) => {
      const sitting = pages.some((page) => new URL(page.url).pathname.startsWith("/s/"));
      if (!sitting) return self.skipWaiting();
    }),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (/^\/(api|socket\.io|ws|docs|openapi\.json|healthz|readyz)(\/|$)/.test(pathname)) return;
  if (request.mode === "navigate") event.respondWith(page(request, pathname));
  else if (pathname.startsWith("/_next/static/") || request.destination === "image") event.respondWith(asset(request));
});

async function page(request, pathname) {
  try {
    return await fetch(request);
  } catch {
    const cache = await caches.open(kept);
    return (await cache.match(pathname.startsWith("/s/") ? "/s" : "/")) ?? Response.error();
  }
}

async function asset(request) {
  const cache = await caches.open(kept);
  const known = await cache.match(request);
  if (known) return known;
  const response = await fetch(request);
  if (response.status === 200) void cache.put(request, response.clone());
  return response;
}
