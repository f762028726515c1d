import { type ButtonHTMLAttributes, lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";

// Loaded when somebody first rests on a button: a visit that never does needs none of it.
const Tip = lazy(() => import("./Tip"));
const restMs = 300;

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly label: string;
  readonly children: ReactNode;
}

// A button that is a picture: its name is spoken, and shown to whoever rests on it or comes by keyboard.
export function IconButton({ label, children, ...button }: IconButtonProps) {
  const [tipped, setTipped] = useState(false);
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(resting.current), []);

  function show(afterMs: number) {
    clearTimeout(resting.current);
    resting.current = setTimeout(() => setTipped(true), afterMs);
  }
  function hide() {
    clearTimeout(resting.current);
    setTipped(false);
  }

  return (
    <button
      type="button"
      aria-label={label}
      className="icon-button"
      onPointerEnter={(event) => event.pointerType === "mouse" && show(restMs)}
      onPointerLeave={hide}
      onPointerDown={hide}
      onFocus={(event) => event.currentTarget.matches(":focus-visible") && show(0)}
      onBlur={hide}
      {...button}
    >
      {children}
      {tipped && (
        <Suspense>
          <Tip label={label} onClose={hide} />
        </Suspense>
      )}
    </button>
  );
}
