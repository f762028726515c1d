package main

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"seance/internal/operator"
)

//go:generate go test -run TestSettingsInReadme -update

// config is everything that can be set: defaults, then the environment, then flags; parsed once, checked once. Nothing
// else in the program takes a setting from the environment. The README's table is made from this struct.
type config struct {
	Addr     string `flag:"addr" env:"SEANCE_ADDR" default:":8000" help:"address of the public side, host:port"`
	Port     int    `env:"PORT" help:"the port alone, as hosting platforms set it; SEANCE_ADDR and --addr go before it"`
	Data     string `flag:"data" env:"SEANCE_DATA" default:"./data" help:"folder for what is kept"`
	Kiro     string `flag:"kiro" env:"SEANCE_KIRO" default:"./.kiro" help:"folder of steering documents, put over those in the program"`
	KiroUser string `env:"SEANCE_KIRO_USER" default:"~/.kiro" help:"your own such folder for all workspaces, between the two; off for none"`
	Database string `env:"DATABASE_URL" usual:"sqlite:<data>/seance.db" help:"the journal"`

	Minds         []string `env:"SEANCE_SPIRIT" usual:"all that are configured" help:"the minds that are asked, one after the other, with commas between: kiro, gemini, openai and so on; oracle is always the last"`
	MindKeys      perMind  `env:"<MIND>_API_KEY" help:"a mind's key, as in GEMINI_API_KEY"`
	Models        perMind  `env:"SEANCE_<MIND>_MODEL" help:"the model that a mind uses, as its service names it: SEANCE_GEMINI_MODEL and so on"`
	BaseURLs      perMind  `env:"SEANCE_<MIND>_BASE_URL" usual:"the service's own" help:"where a mind is asked: for programs on your own machine, and services that speak as it does"`
	Patience      perMind  `env:"SEANCE_<MIND>_PATIENCE" usual:"1.5s, 8s for kiro" help:"how long a mind may take to its first word, 12s at most"`
	SessionBudget int      `env:"SEANCE_BUDGET_SESSION" default:"400000" help:"tokens that minds may take in one session; 0 for no cap"`
	DayBudget     int      `env:"SEANCE_BUDGET_DAY" default:"2000000" help:"tokens that minds may take on one day (UTC); 0 for no cap"`
	KiroCLI       string   `env:"SEANCE_KIRO_CLI" usual:"kiro-cli, if SEANCE_SPIRIT names kiro" help:"path of kiro-cli, which makes Kiro a mind"`
	KiroEngine    string   `env:"SEANCE_KIRO_ENGINE" default:"v2" help:"which of kiro-cli's engines answers: v2 or v3"`
	named         bool     // SEANCE_SPIRIT says which minds
	environ       []string // the whole environment: programs that are started get what they need of it

	Secret    string         `env:"JWT_SECRET" usual:"made once, kept in the data folder" help:"signs the tokens of players; raw bytes"`
	PublicURL string         `env:"SEANCE_PUBLIC_URL" usual:"as the host reached the server, or its address in the Wi-Fi" help:"where friends reach this server: join links lead there"`
	Origins   []string       `env:"CORS_ORIGINS" help:"origins of boards that are hosted apart, with commas between"`
	Proxies   []netip.Prefix `env:"SEANCE_TRUSTED_PROXIES" help:"addresses or networks of proxies whose X-Forwarded headers count, with commas between"`

	Operator         string   `flag:"operator-addr" env:"SEANCE_OPERATOR_ADDR" default:"127.0.0.1:8001" help:"address of the operator's side with health, metrics, profiles and agents' servers, host:port; off for none"`
	OperatorToken    string   `env:"SEANCE_OPERATOR_TOKEN" help:"what the operator's side asks for as a bearer token, 32 characters or more; needed off loopback"`
	OperatorReadOnly bool     `env:"SEANCE_OPERATOR_READ_ONLY" default:"false" help:"true hides every tool that writes from agents"`
	OperatorHosts    []string `env:"SEANCE_OPERATOR_HOSTS" help:"names beside localhost by which the operator's side is reached, with commas between"`

	Limits        string        `env:"SEANCE_LIMITS" default:"on" help:"off takes the limits away; only on a loopback address"`
	REST          int           `env:"SEANCE_LIMIT_REST" default:"100" help:"requests under /api a minute, per address"`
	Joins         int           `env:"SEANCE_LIMIT_JOINS" default:"5" help:"joins with a wrong passphrase a minute, per address"`
	RoomQuestions int           `env:"SEANCE_LIMIT_ROOM_QUESTIONS" default:"20" help:"questions a minute, per session"`
	QuestionEvery time.Duration `env:"SEANCE_LIMIT_QUESTION_EVERY" default:"4s" help:"time between two questions of one person"`
	Frames        int           `env:"SEANCE_LIMIT_FRAMES" default:"30" help:"frames a second, per connection"`

	Hooks        string `env:"SEANCE_HOOKS" default:"on" help:"off: the server runs no hook, and nothing happens by itself at the tables"`
	HookCommands bool   `env:"SEANCE_HOOK_COMMANDS" default:"false" help:"true lets hooks run commands on this machine"`

	Tempo float64 `env:"SEANCE_TEMPO" default:"1" help:"scales how long answers are spelled, for tests and benches; 0.1 is ten times as fast"`
	Log   string  `env:"SEANCE_LOG" default:"text" help:"form of the log on stderr: text or json"`
	Level string  `env:"SEANCE_LOG_LEVEL" default:"info" help:"what the log tells: debug, info, warn or error"`
}

// usualOperator is where the operator's side is unless somebody says otherwise.
const usualOperator = "127.0.0.1:8001"

// A settingError is a setting that cannot be used; its text is one sentence for who set it.
type settingError struct{ text string }

// Error is the sentence.
func (e *settingError) Error() string { return e.text }

func wrong(format string, args ...any) error { return &settingError{fmt.Sprintf(format, args...)} }

// A setting is one field of config and the names it goes by.
type setting struct {
	flag, env, usual, help string
	value                  pflag.Value
}

// settings lists c's fields as they can be set and sets each to its default.
func (c *config) settings() []setting {
	var list []setting
	values := pflag.NewFlagSet("", pflag.PanicOnError)
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag
		if tag.Get("env") == "" {
			continue // it follows from others
		}
		s := setting{flag: tag.Get("flag"), env: tag.Get("env"), usual: tag.Get("usual"), help: tag.Get("help")}
		switch field := v.Field(i).Addr().Interface().(type) {
		case *string:
			values.StringVar(field, s.env, "", "")
		case *bool:
			values.BoolVar(field, s.env, false, "")
		case *int:
			values.IntVar(field, s.env, 0, "")
		case *float64:
			values.Float64Var(field, s.env, 0, "")
		case *time.Duration:
			values.DurationVar(field, s.env, 0, "")
		case *[]string:
			values.Var((*words)(field), s.env, "")
		case *[]netip.Prefix:
			values.Var((*networks)(field), s.env, "")
		case *perMind:
			values.Var(field, s.env, "")
		}
		s.value = values.Lookup(s.env).Value
		if usual, ok := tag.Lookup("default"); ok {
			s.usual = usual
			if err := s.value.Set(usual); err != nil {
				panic(err) // a tag above is wrong
			}
		}
		list = append(list, s)
	}
	return list
}

// bind makes a config for a command out of the environment and the flags that it adds to the command. With names, only
// the settings of those environment variables are looked at. The config is good once check has said so, which is for
// the command to ask when it runs.
func (a *app) bind(cmd *cobra.Command, names ...string) (c *config, check func() error) {
	c = &config{environ: a.environ()}
	var unread error
	port := false
	for _, s := range c.settings() {
		if len(names) > 0 && !slices.Contains(names, s.env) {
			continue
		}
		if each, ok := s.value.(*perMind); ok {
			each.read(s.env, a.env)
			continue
		}
		if said, ok := a.env[s.env]; ok {
			if err := s.value.Set(said); err != nil && unread == nil {
				unread = wrong("%s is %q: %s", s.env, said, wanted(s.value.Type()))
			}
			port = port || s.env == "PORT"
		}
		if s.flag != "" {
			cmd.Flags().AddFlag(&pflag.Flag{Name: s.flag, Usage: s.help + " ($" + s.env + ")", Value: s.value, DefValue: s.usual})
		}
	}
	return c, func() error {
		if unread != nil {
			return unread
		}
		if port && a.env["SEANCE_ADDR"] == "" && !cmd.Flags().Changed("addr") {
			c.Addr = ":" + strconv.Itoa(c.Port)
		}
		c.KiroUser = a.ofUser(c.KiroUser)
		return c.check()
	}
}

func wanted(kind string) string {
	switch kind {
	case "bool":
		return "want true or false"
	case "int":
		return "want a whole number"
	case "float64":
		return "want a number"
	case "duration":
		return "want a time such as 4s or 1m30s"
	default:
		return "want " + kind
	}
}

// check settles what follows from other settings and refuses what cannot be.
func (c *config) check() error {
	host, port, err := address(c.Addr)
	if err != nil {
		return wrong("the address %q is no host:port: write --addr :8000 or --addr 127.0.0.1:8000", c.Addr)
	}
	if err := cmp.Or(c.checkOperator(), c.checkMinds()); err != nil {
		return err
	}
	for _, n := range []struct {
		env   string
		value int
	}{
		{"SEANCE_LIMIT_REST", c.REST}, {"SEANCE_LIMIT_JOINS", c.Joins},
		{"SEANCE_LIMIT_ROOM_QUESTIONS", c.RoomQuestions}, {"SEANCE_LIMIT_FRAMES", c.Frames},
	} {
		if n.value < 1 {
			return wrong("%s is %d: want 1 or more", n.env, n.value)
		}
	}
	switch {
	case c.QuestionEvery <= 0:
		return wrong("SEANCE_LIMIT_QUESTION_EVERY is %s: want a time above 0", c.QuestionEvery)
	case !(c.Tempo > 0 && c.Tempo <= 10):
		return wrong("SEANCE_TEMPO is %v: want a number above 0, 10 at most", c.Tempo)
	case c.Log != "text" && c.Log != "json":
		return wrong("SEANCE_LOG is %q: want text or json", c.Log)
	case !slices.Contains([]string{"debug", "info", "warn", "error"}, c.Level):
		return wrong("SEANCE_LOG_LEVEL is %q: want debug, info, warn or error", c.Level)
	case c.Hooks != "on" && c.Hooks != "off":
		return wrong("SEANCE_HOOKS is %q: want on or off", c.Hooks)
	case c.Limits != "on" && c.Limits != "off":
		return wrong("SEANCE_LIMITS is %q: want on or off", c.Limits)
	case c.Limits == "off" && !loopback(host):
		return wrong("SEANCE_LIMITS=off is for this machine alone: serve on a loopback address, as with --addr 127.0.0.1:%s", port)
	}
	if c.PublicURL != "" {
		if c.PublicURL, err = origin(c.PublicURL); err != nil {
			return wrong("SEANCE_PUBLIC_URL %v", err)
		}
	}
	for i := range c.Origins {
		if c.Origins[i], err = origin(c.Origins[i]); err != nil {
			return wrong("CORS_ORIGINS %v", err)
		}
	}
	if c.Database == "" {
		c.Database = "sqlite:" + filepath.Join(c.Data, "seance.db")
	}
	return nil
}

// address takes a host:port apart.
func address(said string) (host, port string, err error) {
	host, port, err = net.SplitHostPort(said)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	return host, port, err
}

// checkOperator settles whether there is an operator's side, and refuses one that is open to strangers.
func (c *config) checkOperator() error {
	if c.Operator == "off" {
		c.Operator = ""
	}
	if c.Operator == "" {
		return nil
	}
	host, _, err := address(c.Operator)
	switch {
	case err != nil:
		return wrong("the operator's address %q is no host:port: write --operator-addr %s, or off", c.Operator, usualOperator)
	case c.OperatorToken != "" && len(c.OperatorToken) < operator.MinToken:
		return wrong("SEANCE_OPERATOR_TOKEN has %d characters: want %d or more", len(c.OperatorToken), operator.MinToken)
	case c.OperatorToken == "" && !loopback(host):
		return wrong("the operator's address %s can be reached by others: set SEANCE_OPERATOR_TOKEN, or keep it on %s",
			c.Operator, usualOperator)
	}
	return nil
}

// origin is what a browser would call the origin of a URL, which may have nothing behind its host.
func origin(said string) (string, error) {
	u, err := url.Parse(said)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("has %q: want it as https://example.org", said)
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), nil
}

// loopback reports whether a host to listen on can be reached from this machine alone.
func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// words are a list with commas between.
type words []string

func (w *words) Set(said string) error {
	*w = nil
	for word := range strings.SplitSeq(said, ",") {
		if word = strings.TrimSpace(word); word != "" {
			*w = append(*w, word)
		}
	}
	return nil
}

func (w *words) String() string { return strings.Join(*w, ",") }
func (w *words) Type() string   { return "a list with commas between" }

// networks are addresses and networks with commas between.
type networks []netip.Prefix

func (n *networks) Set(said string) error {
	var list words
	_ = list.Set(said) // takes everything
	*n = nil
	for _, word := range list {
		network, err := netip.ParsePrefix(word)
		if err != nil {
			addr, err := netip.ParseAddr(word)
			if err != nil {
				return err
			}
			network = netip.PrefixFrom(addr, addr.BitLen())
		}
		*n = append(*n, network.Masked())
	}
	return nil
}

func (n *networks) String() string { return "" }
func (n *networks) Type() string {
	return "addresses such as 10.0.0.5 or networks such as 10.0.0.0/8, with commas between"
}
