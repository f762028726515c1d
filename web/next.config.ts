import type { NextConfig } from "next";
import { PHASE_DEVELOPMENT_SERVER } from "next/constants";

// The server that answers /api and /socket.io while the board runs under `npm run dev`.
const relay = process.env["SEANCE_RELAY"] ?? "http://localhost:8000";

// `next build` exports static pages for the binary. Development keeps a server instead: it hands one page to every
// /s/<code>, as the Go server does, and passes the rest on to it.
export default function config(phase: string): NextConfig {
  const common: NextConfig = {
    reactStrictMode: true,
    poweredByHeader: false,
    images: { unoptimized: true },
    devIndicators: false,
    typescript: { ignoreBuildErrors: false },
    turbopack: { root: import.meta.dirname },
  };
  if (phase !== PHASE_DEVELOPMENT_SERVER) return { ...common, output: "export" };
  return {
    ...common,
    skipTrailingSlashRedirect: true, // Socket.IO's path ends in a slash
    allowedDevOrigins: ["127.0.0.1"],
    async rewrites() {
      return {
        beforeFiles: [],
        afterFiles: [
          { source: "/s/:code", destination: "/s" },
          { source: "/api/:path*", destination: `${relay}/api/:path*` },
          { source: "/socket.io/", destination: `${relay}/socket.io/` },
        ],
        fallback: [],
      };
    },
  };
}
