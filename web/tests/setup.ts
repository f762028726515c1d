import "@testing-library/jest-dom";

// What jsdom leaves out of a browser and the board asks for. Every question about the device is answered with no.
if (typeof window !== "undefined") {
  window.matchMedia = (media) =>
    ({ matches: false, media, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
  Element.prototype.scrollIntoView = () => undefined;
  HTMLCanvasElement.prototype.getContext = () => null;
}
