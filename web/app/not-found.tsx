import { Threshold } from "@/components/house/Threshold";

export default function NotFound() {
  return (
    <Threshold title="Nothing answers here">
      <p>This address leads nowhere. Codes of a table look like RAVEN-417.</p>
      <p>
        {/* a whole load: this page is served in place of any other */}
        {/* eslint-disable-next-line @next/next/no-html-link-for-pages */}
        <a href="/">To the lobby</a>
      </p>
    </Threshold>
  );
}
