import { BookOpen, KeyRound, Lock, LogOut, Settings2, UserPlus } from "lucide-react";
import { IconButton } from "@/components/ui/IconButton";
import { CopyCode } from "./CopyCode";

export type Tool = "host" | "invite" | "minutes" | "settings" | "soul" | "leave";

interface HeaderProps {
  readonly code: string;
  readonly host: boolean; // yours is the host's chair
  readonly locked: boolean;
  readonly onTool: (tool: Tool) => void;
}

// The table's name and its tools. It stands on top of the page and comes last for the keyboard: whoever sits down
// wants to ask first.
export function Header({ code, host, locked, onTool }: HeaderProps) {
  return (
    <header className="head">
      <p className="head-title" aria-hidden="true">
        Séance
      </p>
      <CopyCode code={code} />
      {locked && (
        <p className="head-locked">
          <Lock aria-hidden="true" size={16} />
          <span>locked</span>
        </p>
      )}
      <nav className="head-tools" aria-label="Tools">
        {host && (
          <IconButton label="The host's chair" className="icon-button head-host" onClick={() => onTool("host")}>
            <KeyRound aria-hidden="true" size={20} />
          </IconButton>
        )}
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
