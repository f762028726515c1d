import { best, localNow, type Sample, type ServerClock } from "./clock";
import type { Line } from "./line";
import { parseClockAck } from "./protocol";

// wire.md: five samples 200 ms apart, again every 30 s
const samples = 5;
const apartMs = 200;
const everyMs = 30_000;

// keepInStep corrects the clock over a line, at once and then every 30 s, until it is stopped. A tab that was hidden
// may have slept, so it looks again when it is seen.
export function keepInStep(line: Line, clock: ServerClock): () => void {
  let stopped = false;
  let round = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });

  async function keep() {
    const mine = ++round;
    clearTimeout(timer);
    const taken: Sample[] = [];
    for (let i = 0; i < samples; i++) {
      if (i > 0) await wait(apartMs);
      if (stopped || mine !== round) return;
      const sample = await ask(line);
      if (stopped || mine !== round) return;
      if (!sample) continue;
      taken.push(sample);
      if (best(taken) === sample) clock.take(sample, false);
    }
    const closest = best(taken);
    if (closest) clock.take(closest, true);
    await wait(everyMs);
    if (!stopped && mine === round) void keep();
  }
  const seen = () => {
    if (document.visibilityState === "visible") void keep();
  };

  document.addEventListener("visibilitychange", seen);
  void keep();
  return () => {
    stopped = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", seen);
  };
}

async function ask(line: Line): Promise<Sample | null> {
  const t0Ms = localNow();
  const reply = await line.call("sync_clock", { t0: t0Ms });
  const t3Ms = localNow();
  if (!("data" in reply)) return null;
  const ack = parseClockAck(reply.data);
  return ack && { t0Ms, t1Ms: ack.t1, t2Ms: ack.t2, t3Ms };
}
