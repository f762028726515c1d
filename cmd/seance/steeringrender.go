package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"seance/internal/door"
	"seance/internal/seance"
	"seance/spirit"
	"seance/steering"
)

// shownFence stands in a shown prompt where a real one has a line that nobody can know beforehand.
const shownFence = "A-MARK-OF-26-RANDOM-LETTERS"

func newSteeringRenderCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "render --spirit ID QUESTION",
		Short: "Show the prompt that a question would get",
		Long: "render prints what a language model would read: the guide, with the lore that the question calls up, and then\n" +
			"the question. It asks nobody. Where a real prompt has a random mark around what people wrote, this one has\n" +
			shownFence + ".",
		Example: `  seance steering render --spirit lampkeeper --asked "Who rows the ferry?" "Is it still out there?"`,
		Args:    cobra.ExactArgs(1),
	}
	var ask asking
	var earlier []string
	flags := cmd.Flags()
	flags.StringVar(&ask.spirit, "spirit", "", "whom to ask, an id of `seance spirits`; the first if empty")
	flags.StringVar(&ask.asker, "asker", "Ann", "the name of who asks")
	flags.StringSliceVar(&ask.present, "present", nil, "the names of who else sits there, with commas between")
	flags.StringArrayVar(&earlier, "asked", nil, "a question that was asked before, as often as you like, the oldest first")
	a.withSteering(cmd, func(cmd *cobra.Command, args []string, library *steering.Library) error {
		if ask.spirit == "" && len(library.Personas()) > 0 {
			ask.spirit = library.Personas()[0].ID
		}
		persona, ok := library.Persona(ask.spirit)
		if !ok {
			return fmt.Errorf("no spirit answers to %q: seance spirits lists those that do", ask.spirit)
		}
		prompt, err := ask.render(persona, library.Lore(), earlier, args[0])
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n\n%s\n", prompt.System, prompt.Asked)
		return err
	})
	return cmd
}

// render puts a prompt together as a table's would be, at a sitting of its own.
func (ask asking) render(persona steering.Persona, lore []steering.Lore, earlier []string, question string) (spirit.Prompt, error) {
	q := seance.Question{Session: seance.Session{Spirit: persona.ID, Settings: seance.DefaultSettings()}}
	for i, name := range append([]string{ask.asker}, ask.present...) {
		name, err := door.Name(name)
		if err != nil {
			return spirit.Prompt{}, err
		}
		q.Present = append(q.Present, seance.Participant{Name: name, Candle: i + 1})
	}
	q.Asker = q.Present[0]
	earlier = slices.Clone(earlier)
	for i := range earlier {
		cleaned, err := door.Text(earlier[i], door.MaxQuestion)
		if err != nil {
			return spirit.Prompt{}, err
		}
		earlier[i] = cleaned
	}
	var err error
	if q.Message.Text, err = door.Text(question, door.MaxQuestion); err != nil {
		return spirit.Prompt{}, err
	}
	q.Message.Kind = seance.KindQuestion
	chosen := steering.Choose(lore, earlier, q.Message.Text)
	return spirit.Render(q, persona, chosen, spirit.Recollection{Asked: len(earlier)}, shownFence), nil
}
