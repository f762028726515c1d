// A line between boards and the house that a test can cut: a TCP relay on loopback.

import { createServer, connect, type Socket } from "node:net";

export interface Line {
  readonly url: string;
  cut(): void; // everything that runs over it breaks, and nothing new gets through
  mend(): void;
  close(): Promise<void>;
}

export async function lineTo(url: string): Promise<Line> {
  const { hostname, port } = new URL(url);
  const open = new Set<Socket>();
  let whole = true;
  const keep = (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
  };
  const server = createServer((board) => {
    keep(board);
    if (!whole) return void board.destroy();
    const house = connect(Number(port), hostname);
    keep(house);
    board.pipe(house).pipe(board);
    board.once("close", () => house.destroy());
    house.once("close", () => board.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address !== "object") throw new Error("the line has no port");
  const drop = () => open.forEach((socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut() {
      whole = false;
      drop();
    },
    mend() {
      whole = true;
    },
    close() {
      drop();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
