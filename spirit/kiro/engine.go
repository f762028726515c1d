package kiro

// An engine is one of the two that kiro-cli has. It is always named: which one is the default has changed.
type engine string

// The engines.
const (
	V2 engine = "v2"
	V3 engine = "v3"
)

// args start the engine as an ACP agent. V3 refuses to be given an agent or a model, and without auth-method it asks its
// client for tokens.
func (e engine) args(agent string) []string {
	if e == V3 {
		return []string{"acp", "--agent-engine=v3", "--auth-method=cli"}
	}
	return []string{"acp", "--agent-engine=v2", "--agent", agent}
}

// closing is the method that ends a session.
func (e engine) closing() string {
	if e == V3 {
		return "session/close"
	}
	return "_kiro.dev/session/terminate"
}
