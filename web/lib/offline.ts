// The service worker: pages open without the network, questions wait in the outbox. Plain http in a local network is
// no secure context and has none; play works without it.
export function worksOffline(): void {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  void navigator.serviceWorker
    .register("/sw.js", { updateViaCache: "none" })
    .then((registration) => {
      // A new worker takes over once no session is open anywhere; it looks for itself.
      const offer = () => registration.waiting?.postMessage("take over");
      offer();
      registration.addEventListener("updatefound", () =>
        registration.installing?.addEventListener("statechange", offer),
      );
    })
    .catch(() => undefined); // the board plays on without it
}
