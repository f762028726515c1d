import { useSyncExternalStore } from "react";

// False in the exported page and until it lives: what only the browser knows is drawn after that.
export function useHydrated(): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => true,
    () => false,
  );
}
