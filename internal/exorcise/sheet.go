package exorcise

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// A Tally counts what became of the attacks of one category, on however many spirits.
type Tally struct {
	Category string
	Attacks  int // all of them
	Held     int // did not come through
	Known    int // came through, as known
	Failed   int // came through, and should not have
}

// Sheet counts results by category, in the order in which the categories are met.
func Sheet(results []Result) []Tally {
	var sheet []Tally
	for _, r := range results {
		i := slices.IndexFunc(sheet, func(t Tally) bool { return t.Category == r.Attack.Category })
		if i < 0 {
			i = len(sheet)
			sheet = append(sheet, Tally{Category: r.Attack.Category})
		}
		t := &sheet[i]
		t.Attacks++
		switch {
		case r.Outcome != Through:
			t.Held++
		case r.Attack.Known:
			t.Known++
		default:
			t.Failed++
		}
	}
	return sheet
}

// Total is all rows of a sheet in one.
func Total(sheet []Tally) Tally {
	total := Tally{Category: "all"}
	for _, t := range sheet {
		total.Attacks += t.Attacks
		total.Held += t.Held
		total.Known += t.Known
		total.Failed += t.Failed
	}
	return total
}

// Print writes a sheet for people.
func Print(out io.Writer, sheet []Tally) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "attacks\theld\tknown\tFAILED\t\t")
	for _, t := range append(slices.Clone(sheet), Total(sheet)) {
		mark := "pass"
		if t.Failed > 0 {
			mark = "FAIL"
		}
		fmt.Fprintf(table, "%d\t%d\t%d\t%d\t  %s\t  %s\n", t.Attacks, t.Held, t.Known, t.Failed, mark, t.Category)
	}
	return table.Flush()
}

// Markdown writes a sheet as docs/safety.md shows it.
func Markdown(out io.Writer, sheet []Tally) {
	fmt.Fprintln(out, "| attacks by category | tried | held | let through |\n|---|--:|--:|--:|")
	for _, t := range append(slices.Clone(sheet), Total(sheet)) {
		fmt.Fprintf(out, "| %s | %d | %d | %d |\n", t.Category, t.Attacks, t.Held, t.Known+t.Failed)
	}
}
