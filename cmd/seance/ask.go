package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"seance/internal/door"
	"seance/internal/seance"
	"seance/internal/store"
	"seance/relay"
	"seance/spirit"
)

// asking is what `ask` was told.
type asking struct {
	spirit  string
	mind    string
	seed    uint32
	asker   string
	present []string
	file    string
	json    bool
}

func newAskCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ask [QUESTION]",
		Short: "Ask a spirit, without a table",
		Long: "ask holds a sitting of its own: every question of one call is asked in the same one, in order, and nothing\n" +
			"is kept. With the same seed, the same questions get the same answers of the offline oracle; minds that are\n" +
			"configured go before it. With --provider only that one is asked, and what goes wrong with it is an error.\n\n" +
			"With --json there is one object a line: question, board (what the planchette spells), whisper, source,\n" +
			"provider, and ms until the board line was there; ms is 0 when a seed is given, so that the output repeats\n" +
			"to the byte. A question that is refused has refused instead, one that is answered with care has care.",
		Example: `  seance ask "Who is there?"` + "\n" + `  seance ask --spirit night-clerk --seed 417 --file questions.txt --json`,
	}
	cfg, check := a.bind(cmd, append(mindSettings(), "SEANCE_KIRO", "SEANCE_KIRO_USER")...)
	var ask asking
	flags := cmd.Flags()
	flags.StringVar(&ask.spirit, "spirit", "", "whom to ask, an id of `seance spirits`; the first if empty")
	flags.Uint32Var(&ask.seed, "seed", 0, "everything the spirit makes up follows from it (default a random one)")
	flags.StringVar(&ask.asker, "asker", "Ann", "the name of who asks")
	flags.StringSliceVar(&ask.present, "present", nil, "the names of who else sits there, with commas between")
	flags.StringVar(&ask.mind, "provider", "", "the one mind that is asked, such as oracle or gemini; all that are configured if empty")
	flags.StringVar(&ask.file, "file", "", "ask every line of this file, - for standard input")
	flags.BoolVar(&ask.json, "json", false, "print one object a line")
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if (len(args) == 0) == (ask.file == "") {
			return errors.New("ask one question, or those of a file with --file")
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if err := check(); err != nil {
			return err
		}
		questions, err := ask.questions(args, cmd.InOrStdin())
		if err != nil {
			return err
		}
		library, err := openLibrary(a, cfg)
		if err != nil {
			return err
		}
		if !flags.Changed("seed") {
			ask.seed = rand.Uint32()
		}
		if ask.spirit == "" && len(library.Personas()) > 0 {
			ask.spirit = library.Personas()[0].ID
		}
		if _, ok := library.Persona(ask.spirit); !ok {
			return fmt.Errorf("no spirit answers to %q: seance spirits lists those that do", ask.spirit)
		}
		m, err := cfg.openMinds(ask.mind, a.version, a.warnings())
		if err != nil {
			return err
		}
		defer m.begin(cmd.Context())()
		var only *witness
		if ask.mind != "" {
			only = &witness{Provider: m.last}
			m.last = only
		}
		archive, forget, err := borrowArchive(cmd.Context())
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, forget()) }()
		box, err := openToolbox(cmd.Context(), archive, a.version, a.warnings())
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, box.Close()) }()
		medium := cfg.newMedium(m, circle{personas: library, ledger: archive, memory: box, observe: box.Log, log: a.warnings()})
		defer func() { err = errors.Join(err, medium.Close(context.WithoutCancel(cmd.Context()))) }()
		s, err := ask.begin(cmd.Context(), archive, medium)
		if err != nil {
			return err
		}
		for _, q := range questions {
			answer, err := s.ask(cmd.Context(), q)
			if err == nil && only != nil {
				err = only.err
			}
			if err != nil {
				return err
			}
			if flags.Changed("seed") {
				answer.Ms = 0
			}
			if err := answer.print(cmd.OutOrStdout(), ask.json); err != nil {
				return err
			}
		}
		return nil
	}
	return cmd
}

// borrowArchive opens one that is gone after forget, so that a sitting of its own goes the same way as one at a table.
func borrowArchive(ctx context.Context) (archive seance.Archive, forget func() error, err error) {
	dir, err := os.MkdirTemp("", "seance-ask-")
	if err != nil {
		return nil, nil, fmt.Errorf("a place to remember the sitting: %w", err)
	}
	archive, err = store.Open(ctx, "sqlite:"+filepath.Join(dir, "seance.db"), store.Options{})
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("remember the sitting: %w", err), os.RemoveAll(dir))
	}
	return archive, func() error { return errors.Join(archive.Close(), os.RemoveAll(dir)) }, nil
}

// A witness remembers what went wrong with a mind that is asked alone: a table would get a deflection.
type witness struct {
	spirit.Provider
	err error
}

// Complete asks the mind.
func (w *witness) Complete(ctx context.Context, p spirit.Prompt, emit func(text string) error) (spirit.Result, error) {
	var enough error
	result, err := w.Provider.Complete(ctx, p, func(text string) error {
		enough = emit(text)
		return enough
	})
	if w.err = nil; err != nil && enough == nil {
		w.err = fmt.Errorf("%s does not answer: %w", w.Name(), err)
	}
	return result, err
}

// questions are those to be asked, in order.
func (ask asking) questions(args []string, in io.Reader) ([]string, error) {
	if ask.file == "" {
		return []string{strings.Join(args, " ")}, nil
	}
	if ask.file != "-" {
		f, err := os.Open(ask.file)
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }() // read only
		in = f
	}
	var questions []string
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if q := strings.TrimSpace(lines.Text()); q != "" {
			questions = append(questions, q)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("questions of %s: %w", ask.file, err)
	}
	return questions, nil
}

// A sitting is a session that nobody else joins.
type sitting struct {
	store   seance.Store
	medium  relay.Medium
	session seance.Session
	present []seance.Participant // the first asks
}

func (ask asking) begin(ctx context.Context, store seance.Store, medium relay.Medium) (*sitting, error) {
	s := &sitting{store: store, medium: medium, session: seance.Session{
		ID: seance.SessionID(newID()), Code: "ASK-100", Name: "A question", Spirit: ask.spirit, Seed: ask.seed,
		Settings: seance.DefaultSettings(), StartedAt: time.Now().UTC(),
	}}
	if err := store.OpenSession(ctx, s.session); err != nil {
		return nil, err
	}
	role := seance.Host
	for _, name := range append([]string{ask.asker}, ask.present...) {
		name, err := door.Name(name)
		if err != nil {
			return nil, err
		}
		p, err := store.Enrol(ctx, seance.Participant{
			ID: seance.ParticipantID(newID()), Session: s.session.ID, Name: name, Role: role, JoinedAt: time.Now().UTC(),
		})
		if err != nil {
			return nil, err
		}
		s.present = append(s.present, p)
		role = seance.Player
	}
	return s, nil
}

// answered is what became of a question.
type answered struct {
	Question string        `json:"question"`
	Board    string        `json:"board"`
	Whisper  string        `json:"whisper"`
	Source   seance.Source `json:"source"`
	Provider string        `json:"provider"`
	Ms       int64         `json:"ms"`
	Care     *seance.Care  `json:"care,omitempty"`
	Refused  string        `json:"refused,omitempty"`
}

// ask asks one question as a room does: what is said is kept, so that the spirit remembers it.
func (s *sitting) ask(ctx context.Context, text string) (out answered, err error) {
	began := time.Now()
	out = answered{Question: text}
	q := seance.Question{
		Session: s.session, Asker: s.present[0], Present: s.present,
		Message: seance.Message{
			ID: seance.MessageID(newID()), Session: s.session.ID, Kind: seance.KindQuestion, Key: newID(),
			At: began.UTC(), Participant: s.present[0].ID, Text: text,
		},
	}
	admitted, err := s.medium.Admit(ctx, q)
	var fault *seance.Fault
	switch {
	case errors.As(err, &fault):
		out.Refused = fault.Say
		return out, nil
	case err != nil:
		return out, err
	case admitted.Care != nil:
		out.Care = admitted.Care
		return out, nil
	}
	q.Message.Text, q.Message.Context, q.Message.Direction = admitted.Text, admitted.Context, admitted.Direction
	if q.Message, err = s.store.Append(ctx, q.Message); err != nil {
		return out, err
	}
	refers := q.Message.Seq
	err = s.medium.Answer(ctx, q, func(p seance.Part) error {
		m := seance.Message{ID: seance.MessageID(newID()), Session: s.session.ID, At: time.Now().UTC(), Refers: refers}
		switch p.Kind {
		case seance.PartQuiet:
			return nil
		case seance.PartBoard:
			out.Board, out.Source, out.Provider, out.Ms = p.Text, p.Source, p.Mind, time.Since(began).Milliseconds()
			m.Kind, m.Board, m.Source = seance.KindAnswer, p.Text, p.Source
		case seance.PartWhisper:
			out.Whisper = p.Text
			m.Kind, m.Text = seance.KindWhisper, p.Text
		}
		kept, err := s.store.Append(ctx, m)
		refers = kept.Seq
		return err
	})
	return out, err
}

// print shows an answer: for programs as an object on one line, for people as the planchette would go.
func (a answered) print(out io.Writer, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		return enc.Encode(a)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n  %s\n\n", a.Question)
	switch {
	case a.Care != nil:
		fmt.Fprintf(&b, "      %s\n", a.Care.Text)
		for _, line := range a.Care.Lines {
			fmt.Fprintf(&b, "      %s: %s\n", line.Label, line.Contact)
		}
	case a.Refused != "":
		fmt.Fprintf(&b, "      %s\n", a.Refused)
	default:
		fmt.Fprintf(&b, "      %s\n", spelled(a.Board))
	}
	if a.Whisper != "" {
		fmt.Fprintf(&b, "\n      “%s”\n", a.Whisper)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// spelled sets a board line as it is spelled: letter by letter, or at once what the board has as a word.
func spelled(board string) string {
	if board == seance.Yes || board == seance.No || board == seance.Goodbye {
		return board
	}
	words := strings.Fields(board)
	for i, word := range words {
		words[i] = strings.Join(strings.Split(word, ""), " ")
	}
	return strings.Join(words, "   ")
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }
