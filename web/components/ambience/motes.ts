// Embers and dust in the candlelight, on a canvas of half the page's resolution. They follow time, not frames; a device
// that draws too slowly gets fewer of them.

interface Mote {
  x: number; // 0..1 of the width
  y: number;
  readonly risesPerS: number; // of the height
  readonly sway: number;
  readonly phase: number;
  readonly sizePx: number; // on the page
  readonly light: number;
}

const frameMs = 50; // dust drifts by a pixel in that time
const slowMs = 90;
const slowFrames = 40; // so many slow frames in a row, and half of the motes go

// Draws until the returned function is called. `most` is how many motes a device of this kind may have; `onSlow` is
// told when even none of them leaves it slow.
export function drawMotes(canvas: HTMLCanvasElement, most: number, onSlow: () => void): () => void {
  const context = canvas.getContext("2d");
  if (!context) return () => {};
  const sprite = spark();
  let motes = Array.from({ length: most }, born);
  let [timer, frame, lastMs, slow] = [0, 0, performance.now(), 0];

  // A timer in front: a page that asks for every frame pays for every frame, even for those in which it draws nothing.
  function next() {
    timer = window.setTimeout(() => (frame = requestAnimationFrame(draw)), frameMs - 8);
  }

  function draw(nowMs: number) {
    const passedMs = nowMs - lastMs;
    lastMs = nowMs;
    slow = passedMs > slowMs && passedMs < 1_000 ? slow + 1 : 0;
    if (slow > slowFrames) {
      slow = 0;
      motes = motes.slice(0, motes.length >> 1);
      if (motes.length < 4) return onSlow();
    }
    const { width, height } = canvas;
    context!.clearRect(0, 0, width, height);
    context!.globalCompositeOperation = "lighter";
    for (const mote of motes) {
      mote.y -= mote.risesPerS * Math.min(passedMs, 100) * 0.001;
      if (mote.y < -0.05) Object.assign(mote, born(), { y: 1.05 });
      const seconds = nowMs / 1000 + mote.phase;
      const x = (mote.x + mote.sway * Math.sin(seconds * 0.5)) * width;
      // at most one slow swell in 6 s, and it never goes dark: nothing here flickers
      context!.globalAlpha =
        mote.light * (0.8 + 0.2 * Math.sin(seconds)) * Math.min(1, (1.05 - mote.y) * 4, (mote.y + 0.05) * 4);
      const size = mote.sizePx / 2;
      context!.drawImage(sprite, x - size, mote.y * height - size, size * 2, size * 2);
    }
    next();
  }
  next();
  return () => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    context.clearRect(0, 0, canvas.width, canvas.height);
  };
}

function born(): Mote {
  const near = Math.random() ** 3;
  return {
    x: Math.random(),
    y: Math.random(),
    risesPerS: 0.006 + 0.02 * near + 0.006 * Math.random(),
    sway: 0.004 + 0.012 * Math.random(),
    phase: Math.random() * 100,
    sizePx: 3 + 6 * near,
    light: 0.12 + 0.42 * near * Math.random(),
  };
}

function spark(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 32;
  const context = canvas.getContext("2d")!;
  const light = context.createRadialGradient(16, 16, 0, 16, 16, 16);
  light.addColorStop(0, "rgb(255 232 180)");
  light.addColorStop(0.25, "rgb(255 196 110 / 0.7)");
  light.addColorStop(1, "rgb(255 150 60 / 0)");
  context.fillStyle = light;
  context.fillRect(0, 0, 32, 32);
  return canvas;
}
