import { X } from "lucide-react";
import { domAnimation, LazyMotion, MotionConfig } from "motion/react";
import * as m from "motion/react-m";
import { Dialog } from "radix-ui";
import { type ReactNode, useState } from "react";
import { useReducedMotion } from "./usePrefs";

interface PanelProps {
  readonly title: string;
  readonly side: "right" | "middle";
  readonly onClose: () => void;
  readonly children: ReactNode;
}

// A sheet over the table. The focus stays inside and returns to where it came from; Esc closes. The overlay is plain:
// Radix's own would inject a style element, which the page's policy forbids.
export function Panel({ title, side, onClose, children }: PanelProps) {
  const still = useReducedMotion();
  const [opener] = useState(() => document.activeElement);
  const from = side === "right" ? { opacity: 0, x: 40 } : { opacity: 0, y: 16 };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <div className="panel-shade" aria-hidden="true" />
        <Dialog.Content
          className={`panel panel-${side}`}
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            const there = opener instanceof HTMLElement && opener.isConnected;
            (there ? opener : document.querySelector<HTMLElement>("main textarea, main button"))?.focus();
          }}
        >
          <LazyMotion features={domAnimation} strict>
            <MotionConfig reducedMotion={still ? "always" : "never"}>
              <m.div
                className="panel-sheet"
                initial={from}
                animate={{ opacity: 1, x: 0, y: 0 }}
                transition={{ duration: 0.4, ease: "easeOut" }}
              >
                <header className="panel-head">
                  <Dialog.Title>{title}</Dialog.Title>
                  <Dialog.Close className="icon-button" aria-label="Close">
                    <X aria-hidden="true" size={22} />
                  </Dialog.Close>
                </header>
                <div className="panel-body" tabIndex={0} role="group" aria-label={title}>
                  {children}
                </div>
              </m.div>
            </MotionConfig>
          </LazyMotion>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
