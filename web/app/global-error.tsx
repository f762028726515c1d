"use client";

import { Threshold } from "@/components/house/Threshold";
import "./globals.css";
import "./shape.css";

export default function GlobalError() {
  return (
    <html lang="en">
      <body>
        <Threshold title="The candles went out">
          <p>Something on this page broke. What was said at the table is kept.</p>
          <p>
            <button type="button" onClick={() => location.reload()}>
              Light them again
            </button>
          </p>
        </Threshold>
      </body>
    </html>
  );
}
