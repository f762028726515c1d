package seance

// An Amendment is what a host changes about an open session. What is nil stays as it is.
type Amendment struct {
	Locked     *bool     // nobody new may join
	Passphrase *string   // argon2id hash in PHC form; empty for no passphrase
	Settings   *Settings // all of them
}

// Of returns s as amended.
func (a Amendment) Of(s Session) Session {
	if a.Locked != nil {
		s.Locked = *a.Locked
	}
	if a.Passphrase != nil {
		s.Passphrase = *a.Passphrase
	}
	if a.Settings != nil {
		s.Settings = *a.Settings
	}
	return s
}
