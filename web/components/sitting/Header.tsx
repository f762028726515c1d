import { BookOpen, LogOut, Settings2, UserPlus } from "lucide-react";
import { IconButton } from "@/components/ui/IconButton";
import { CopyCode } from "./CopyCode";

export type Tool = "invite" | "minutes" | "settings" | "leave";

// The table's name and its tools. It stands on top of the page and comes last for the keyboard: whoever sits down
// wants to ask first.
export function Header({ code, onTool }: { code: string; onTool: (tool: Tool) => void }) {
  return (
    <header className="head">
      <p className="head-title" aria-hidden="true">
        Séance
      </p>
      <CopyCode code={code} />
      <nav className="head-tools" aria-label="Tools">
        <IconButton label="Invite" onClick={() => onTool("invite")}>
          <UserPlus aria-hidden="true" size={20} />
        </IconButton>
        <IconButton label="Minutes of the sitting" onClick={() => onTool("minutes")}>
          <BookOpen aria-hidden="true" size={20} />
        </IconButton>
        <IconButton label="Settings" onClick={() => onTool("settings")}>
          <Settings2 aria-hidden="true" size={20} />
        </IconButton>
        <IconButton label="Leave the table" className="icon-button head-leave" onClick={() => onTool("leave")}>
          <LogOut aria-hidden="true" size={20} />
        </IconButton>
      </nav>
    </header>
  );
}
