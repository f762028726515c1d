package hooks

import "seance/internal/seance"

// The triggers that the séance shares with Kiro.
const (
	PostFileCreate seance.Trigger = "PostFileCreate"
	PostFileSave   seance.Trigger = "PostFileSave"
	PostFileDelete seance.Trigger = "PostFileDelete"
	Manual         seance.Trigger = "Manual"
)

const stop seance.Trigger = "Stop"

// seances are the triggers that the server knows when it finds them under .kiro/hooks/seance/.
var seances = set(
	seance.SeanceOpened, seance.SeanceClosed, seance.ParticipantJoined, seance.ParticipantLeft, seance.QuestionAsked,
	seance.AnswerGiven, seance.AnswerRated, seance.SilenceFell, seance.ClockStruck,
	PostFileCreate, PostFileSave, PostFileDelete, Manual,
)

// kiros are the triggers that Kiro knows.
var kiros = set(
	"SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "PreTaskExec", "PostTaskExec",
	PostFileCreate, PostFileSave, PostFileDelete, stop, "SessionEnd", Manual, "AgentSpawn",
)

// speechless are the séance's triggers with nobody to speak to: they happen outside a session, or end it.
var speechless = set(seance.SeanceClosed, PostFileCreate, PostFileSave, PostFileDelete, Manual)

// matchless are the séance's triggers that have nothing for a matcher to test.
var matchless = set(seance.SeanceOpened, seance.SeanceClosed, seance.SilenceFell, seance.ClockStruck, Manual)

// legacyEvents are the names that triggers had in the older shape.
var legacyEvents = map[string]seance.Trigger{
	"fileEdited":        PostFileSave,
	"fileSaved":         PostFileSave,
	"fileCreated":       PostFileCreate,
	"fileDeleted":       PostFileDelete,
	"promptSubmit":      "UserPromptSubmit",
	"agentStop":         stop,
	"preToolUse":        "PreToolUse",
	"postToolUse":       "PostToolUse",
	"preTaskExecution":  "PreTaskExec",
	"postTaskExecution": "PostTaskExec",
	"agentSpawn":        "SessionStart",
	"userTriggered":     Manual,
}

// legacyActions are the names that actions had in the older shape.
var legacyActions = map[string]ActionType{
	"askAgent":       Agent,
	"sendMessage":    Agent,
	"runCommand":     Command,
	"executeCommand": Command,
}

func set(triggers ...seance.Trigger) map[seance.Trigger]bool {
	s := make(map[seance.Trigger]bool, len(triggers))
	for _, t := range triggers {
		s[t] = true
	}
	return s
}
