package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"seance/spirit"
	"seance/spirit/kiro"
	"seance/spirit/llm"
	"seance/spirit/oracle"
)

// Names of minds that are no preset.
const (
	kiroMind   = "kiro"
	oracleMind = "oracle"
)

// kiroPatience is how long Kiro is waited for when nothing else is said: it takes seconds to its first word.
const kiroPatience = 8 * time.Second

// tokensAside is what is set aside for one call before its real cost is known: a guide of 12,000 characters at two to a
// token, the question, and the most that a model may write.
const tokensAside = 7200 + llm.MaxTokens

// mindNames are the minds that settings may speak of, in the order in which they are asked when SEANCE_SPIRIT is empty.
func mindNames() []string {
	names := []string{kiroMind}
	for _, p := range llm.Presets() {
		names = append(names, p.Name)
	}
	return names
}

// mindSettings are the settings of minds, for commands that look at no others.
func mindSettings() []string {
	return []string{"SEANCE_SPIRIT", "<MIND>_API_KEY", "SEANCE_<MIND>_MODEL", "SEANCE_<MIND>_BASE_URL", "SEANCE_<MIND>_PATIENCE",
		"SEANCE_BUDGET_SESSION", "SEANCE_BUDGET_DAY", "SEANCE_KIRO_CLI", "SEANCE_KIRO_ENGINE"}
}

// perMind is a setting that every mind has for itself: its environment variable has the mind's name for <MIND>.
type perMind map[string]string

// read takes what the environment says for each mind.
func (m *perMind) read(pattern string, env map[string]string) {
	*m = perMind{}
	for _, name := range mindNames() {
		if said, ok := env[variable(pattern, name)]; ok {
			(*m)[name] = said
		}
	}
}

// Set, String and Type make it a setting like others.
func (m *perMind) Set(string) error { return errors.New("it is set for one mind at a time") }
func (m *perMind) String() string   { return "" }
func (m *perMind) Type() string     { return "one value for each mind" }

// variable is the environment variable of a mind's own setting.
func variable(pattern, mind string) string {
	return strings.ReplaceAll(pattern, "<MIND>", strings.ToUpper(mind))
}

// checkMinds settles in which order minds are asked, and refuses names and values that cannot be.
func (c *config) checkMinds() error {
	c.named = len(c.Minds) > 0
	if !c.named {
		c.Minds = mindNames()
	}
	c.Minds = slices.DeleteFunc(c.Minds, func(name string) bool { return name == oracleMind }) // it is the last in any case
	seen := map[string]bool{}
	for _, name := range c.Minds {
		if !slices.Contains(mindNames(), name) {
			return wrong("SEANCE_SPIRIT names %q: the minds are %s and %s", name, strings.Join(mindNames(), ", "), oracleMind)
		}
		if seen[name] {
			return wrong("SEANCE_SPIRIT names %s twice", name)
		}
		seen[name] = true
	}
	for name, said := range c.Patience {
		if d, err := time.ParseDuration(said); err != nil || d <= 0 || d > spirit.MaxPatience {
			return wrong("%s is %q: want a time above 0 such as 4s, %s at most",
				variable("SEANCE_<MIND>_PATIENCE", name), said, spirit.MaxPatience)
		}
	}
	for name := range c.BaseURLs {
		if name == kiroMind {
			continue
		}
		o := c.options(name, nil)
		if o.Model == "" {
			o.Model = "-"
		}
		if _, err := llm.New(o); err != nil {
			return wrong("%s has no URL such as https://api.example.org/v1", variable("SEANCE_<MIND>_BASE_URL", name))
		}
	}
	for _, cap := range []struct {
		env    string
		tokens int
	}{{"SEANCE_BUDGET_SESSION", c.SessionBudget}, {"SEANCE_BUDGET_DAY", c.DayBudget}} {
		if cap.tokens < 0 {
			return wrong("%s is %d: want a number of tokens, or 0 for no cap", cap.env, cap.tokens)
		}
	}
	return nil
}

// patience is how long a mind is waited for; 0 is the usual.
func (c *config) patience(name string) time.Duration {
	d, err := time.ParseDuration(c.Patience[name])
	if err != nil && name == kiroMind {
		return kiroPatience
	}
	return d // checkMinds has seen it
}

func (c *config) options(name string, log *slog.Logger) llm.Options {
	return llm.Options{
		Name: name, BaseURL: c.BaseURLs[name], Key: c.MindKeys[name], Model: c.Models[name],
		Patience: c.patience(name), Logger: log,
	}
}

// A plan is what settings say of one mind.
type plan struct {
	name    string
	touched bool   // somebody said something about it
	lacks   string // what turns it on; empty if it is on
}

// plans are the minds that may be asked, in order.
func (c *config) plans() []plan {
	list := make([]plan, 0, len(c.Minds))
	for _, name := range c.Minds {
		list = append(list, c.plan(name))
	}
	return list
}

func (c *config) plan(name string) plan {
	p := plan{name: name, touched: c.named}
	for _, each := range []perMind{c.MindKeys, c.Models, c.BaseURLs, c.Patience} {
		p.touched = p.touched || each[name] != ""
	}
	if name == kiroMind {
		p.touched = p.touched || c.KiroCLI != ""
		if !c.named && c.KiroCLI == "" {
			p.lacks = "SEANCE_KIRO_CLI=path/of/kiro-cli, or SEANCE_SPIRIT with kiro in it"
		}
		return p
	}
	preset, _ := llm.PresetOf(name) // every name but kiro is one
	var lacks []string
	switch {
	case preset.Local && !c.named && c.BaseURLs[name] == "":
		lacks = append(lacks, variable("SEANCE_<MIND>_BASE_URL="+preset.BaseURL, name))
	case !preset.Local && c.MindKeys[name] == "":
		lacks = append(lacks, variable("<MIND>_API_KEY", name))
	}
	if c.Models[name] == "" {
		lacks = append(lacks, variable("SEANCE_<MIND>_MODEL", name))
	}
	if len(lacks) > 0 {
		p.lacks = "set " + strings.Join(lacks, " and ")
	}
	return p
}

// mindFeatures tell which minds are asked, and what turns on those that somebody has begun to set up.
func (c *config) mindFeatures() []feature {
	var list []feature
	for _, p := range c.plans() {
		if !p.touched {
			continue
		}
		f := feature{Name: "mind " + p.name, On: p.lacks == "", Note: p.lacks}
		if f.On {
			f.Note = "speaks for the spirits"
			if model := c.Models[p.name]; model != "" {
				f.Note += " with " + model
			}
		}
		list = append(list, f)
	}
	if len(list) == 0 {
		list = append(list, feature{Name: "minds", Note: "set GEMINI_API_KEY and SEANCE_GEMINI_MODEL, or others of docs/minds.md"})
	}
	return list
}

// speakers tells who finds the spirits' words.
func (c *config) speakers() string {
	if slices.ContainsFunc(c.plans(), func(p plan) bool { return p.lacks == "" }) {
		return "minds speak for them, and the offline oracle where none does"
	}
	return "the offline oracle speaks for them"
}

// minds are those that are on, and what lives as long as they do.
type minds struct {
	list   []spirit.Mind
	last   spirit.Provider
	kiro   *kiro.Provider // nil if it is not asked
	models []*llm.Provider
	log    *slog.Logger
}

// openMinds makes the minds that are on. only, if it is not empty, is the name of the one that is asked alone, in the
// oracle's place: a sentence says why it cannot be.
func (c *config) openMinds(only, version string, log *slog.Logger) (*minds, error) {
	m := &minds{last: oracle.New(), log: cmp.Or(log, slog.New(slog.DiscardHandler))}
	if only != "" && only != oracleMind {
		if !slices.Contains(mindNames(), only) {
			return nil, fmt.Errorf("no mind is called %q: there are %s and %s", only, strings.Join(mindNames(), ", "), oracleMind)
		}
		c.Minds, c.named = []string{only}, true
		if p := c.plan(only); p.lacks != "" {
			return nil, fmt.Errorf("%s is not configured: %s", only, p.lacks)
		}
	}
	if only == oracleMind {
		return m, nil
	}
	for _, p := range c.plans() {
		if p.lacks != "" {
			continue
		}
		mind := spirit.Mind{Patience: c.patience(p.name)}
		if p.name == kiroMind {
			k, err := kiro.New(c.kiroOptions(version, log))
			if err != nil {
				return nil, err
			}
			m.kiro, mind.Provider = k, k
		} else {
			model, err := llm.New(c.options(p.name, log))
			if err != nil {
				return nil, err
			}
			if preset, _ := llm.PresetOf(p.name); !preset.Local {
				mind.Tokens = tokensAside
			}
			m.models, mind.Provider = append(m.models, model), model
		}
		m.list = append(m.list, mind)
	}
	if only != "" {
		m.last, m.list = m.list[0].Provider, nil
	}
	return m, nil
}

func (c *config) kiroOptions(version string, log *slog.Logger) kiro.Options {
	return kiro.Options{
		Command: c.KiroCLI, Engine: c.KiroEngine, Model: c.Models[kiroMind], Key: c.MindKeys[kiroMind], Version: version,
		Environ: c.environ, Logger: log,
	}
}

// begin runs what minds need beside the questions, and returns when they can be asked. stop ends it.
func (m *minds) begin(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() {
		m.run(ctx)
		cancel()
	})
	if m.kiro != nil {
		_ = m.kiro.Ready(ctx) // whoever asks it hears why not
	}
	return func() {
		cancel()
		running.Wait()
	}
}

// run keeps alive what minds need beside the questions, until ctx is done. A mind that cannot live is one that does not
// answer: the house stays open.
func (m *minds) run(ctx context.Context) {
	if m.kiro != nil {
		if err := m.kiro.Run(ctx); err != nil {
			m.log.Warn("a mind cannot live", "mind", kiroMind, "err", err)
		}
	}
	<-ctx.Done()
	for _, model := range m.models {
		model.Close()
	}
}

// environ is the environment as programs are given it.
func (a *app) environ() []string {
	list := make([]string, 0, len(a.env))
	for name, value := range a.env {
		list = append(list, name+"="+value)
	}
	return list
}
