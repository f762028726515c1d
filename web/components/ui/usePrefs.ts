import { useEffect, useSyncExternalStore } from "react";
import { useStore } from "zustand";
import { preferences, type Prefs } from "@/lib/prefs";

export function usePrefs(): Prefs {
  return useStore(preferences);
}

// Carries the chosen theme to the page: globals.css knows what `ebony` looks like.
export function useTheme(): void {
  const { theme, motion } = usePrefs();
  useEffect(() => {
    document.documentElement.dataset["theme"] = theme;
    document.documentElement.dataset["motion"] = motion;
  }, [theme, motion]);
}

export function useReducedMotion(): boolean {
  const device = useMedia("(prefers-reduced-motion: reduce)");
  return usePrefs().motion === "still" || device;
}

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = matchMedia(query);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    () => matchMedia(query).matches,
    () => false,
  );
}
