package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

var update = flag.Bool("update", false, "write the README's table of settings anew")

func bound(t *testing.T, env map[string]string, args ...string) (*config, error) {
	t.Helper()
	var cfg *config
	var failed error
	cmd := &cobra.Command{Use: "test", SilenceErrors: true, SilenceUsage: true}
	a := &app{env: env}
	c, check := a.bind(cmd)
	cmd.RunE = func(*cobra.Command, []string) error {
		cfg, failed = c, check()
		return nil
	}
	cmd.SetArgs(args)
	if err := cmd.Execute(); err != nil {
		t.Fatal(err)
	}
	return cfg, failed
}

func TestDefaults(t *testing.T) {
	c, err := bound(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Addr != ":8000" || c.Data != "./data" || c.Kiro != "./.kiro" || c.KiroUser != "" || c.Database != "sqlite:data/seance.db" ||
		c.Operator != usualOperator || c.OperatorToken != "" || c.REST != 100 || c.Joins != 5 || c.RoomQuestions != 20 || c.QuestionEvery != 4*time.Second || c.Frames != 30 || c.Tempo != 1 {
		t.Errorf("%+v", c)
	}
}

func TestTheUsersFolder(t *testing.T) {
	for said, want := range map[string]string{
		"": "/home/ann/.kiro", "~/.kiro": "/home/ann/.kiro", "~": "/home/ann", "off": "", "/srv/kiro": "/srv/kiro", "~bob/.kiro": "~bob/.kiro",
	} {
		env := map[string]string{"HOME": "/home/ann"}
		if said != "" {
			env["SEANCE_KIRO_USER"] = said
		}
		if c, err := bound(t, env); err != nil || filepath.ToSlash(c.KiroUser) != want {
			t.Errorf("%q is %q, want %q (%v)", said, c.KiroUser, want, err)
		}
	}
}

// Flags go before the environment, which goes before what is usual; SEANCE_ADDR goes before PORT.
func TestWhichGoesFirst(t *testing.T) {
	for name, test := range map[string]struct {
		env  map[string]string
		args []string
		addr string
	}{
		"nothing":          {nil, nil, ":8000"},
		"PORT":             {map[string]string{"PORT": "3000"}, nil, ":3000"},
		"address and PORT": {map[string]string{"PORT": "3000", "SEANCE_ADDR": "127.0.0.1:1"}, nil, "127.0.0.1:1"},
		"flag and all":     {map[string]string{"PORT": "3000", "SEANCE_ADDR": "127.0.0.1:1"}, []string{"--addr", ":2"}, ":2"},
		"flag and PORT":    {map[string]string{"PORT": "3000"}, []string{"--addr", ":8000"}, ":8000"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := bound(t, test.env, test.args...)
			if err != nil || c.Addr != test.addr {
				t.Errorf("address %s (%v), want %s", c.Addr, err, test.addr)
			}
		})
	}
}

func TestSettingsAreRead(t *testing.T) {
	c, err := bound(t, map[string]string{
		"DATABASE_URL": "sqlite:other.db", "SEANCE_PUBLIC_URL": "https://Seance.example/", "SEANCE_TEMPO": "0.25",
		"CORS_ORIGINS": "https://a.example, http://b.example:3000/", "SEANCE_LIMIT_QUESTION_EVERY": "1500ms",
		"SEANCE_TRUSTED_PROXIES": "10.1.2.3/8, 127.0.0.1,::1",
	})
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(c.Database, c.PublicURL, c.Origins, c.Proxies, c.QuestionEvery, c.Tempo)
	want := "sqlite:other.db https://seance.example [https://a.example http://b.example:3000] [10.0.0.0/8 127.0.0.1/32 ::1/128] 1.5s 0.25"
	if got != want && strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
		t.Errorf("read %s, want %s", got, want)
	}
}

func TestSettingsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		env  map[string]string
		says string
	}{
		"no port":          {map[string]string{"SEANCE_ADDR": "localhost"}, `"localhost" is no host:port`},
		"port too high":    {map[string]string{"SEANCE_ADDR": ":70000"}, `":70000" is no host:port`},
		"PORT with words":  {map[string]string{"PORT": "http"}, `PORT is "http": want a whole number`},
		"no time":          {map[string]string{"SEANCE_LIMIT_QUESTION_EVERY": "4"}, "want a time such as 4s"},
		"time below":       {map[string]string{"SEANCE_LIMIT_QUESTION_EVERY": "-4s"}, "want a time above 0"},
		"none at all":      {map[string]string{"SEANCE_LIMIT_FRAMES": "0"}, "SEANCE_LIMIT_FRAMES is 0: want 1 or more"},
		"not a number":     {map[string]string{"SEANCE_TEMPO": "NaN"}, "SEANCE_TEMPO is NaN"},
		"limits on a LAN":  {map[string]string{"SEANCE_LIMITS": "off"}, "SEANCE_LIMITS=off is for this machine alone"},
		"limits wherever":  {map[string]string{"SEANCE_LIMITS": "some"}, `SEANCE_LIMITS is "some": want on or off`},
		"log":              {map[string]string{"SEANCE_LOG": "xml"}, `SEANCE_LOG is "xml": want text or json`},
		"log level":        {map[string]string{"SEANCE_LOG_LEVEL": "loud"}, `SEANCE_LOG_LEVEL is "loud": want debug`},
		"every origin":     {map[string]string{"CORS_ORIGINS": "*"}, `CORS_ORIGINS has "*": want it as https://example.org`},
		"origin and path":  {map[string]string{"CORS_ORIGINS": "https://a.example/board"}, "CORS_ORIGINS has"},
		"proxy by name":    {map[string]string{"SEANCE_TRUSTED_PROXIES": "proxy"}, `SEANCE_TRUSTED_PROXIES is "proxy": want addresses such as`},
		"operator by name": {map[string]string{"SEANCE_OPERATOR_ADDR": "localhost"}, `the operator's address "localhost" is no host:port`},
		"operator for all": {map[string]string{"SEANCE_OPERATOR_ADDR": ":8001"}, "the operator's address :8001 can be reached by others"},
		"operator, weakly": {map[string]string{"SEANCE_OPERATOR_TOKEN": "hunter2"}, "SEANCE_OPERATOR_TOKEN has 7 characters: want 32 or more"},
		"address in words": {map[string]string{"SEANCE_PUBLIC_URL": "ftp://a.example"}, `SEANCE_PUBLIC_URL has "ftp://a.example"`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := bound(t, test.env); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("says %v, want %q", err, test.says)
			}
		})
	}
}

// The operator's side is off for whoever says so, and open to others only with a token.
func TestOperatorSettings(t *testing.T) {
	strong := strings.Repeat("0123456789abcdef", 2)
	for name, test := range map[string]struct {
		env  map[string]string
		args []string
		want string
	}{
		"off":            {map[string]string{"SEANCE_OPERATOR_ADDR": "off"}, nil, ""},
		"off by flag":    {map[string]string{"SEANCE_OPERATOR_ADDR": "127.0.0.1:1"}, []string{"--operator-addr", "off"}, ""},
		"empty by flag":  {nil, []string{"--operator-addr", ""}, ""},
		"elsewhere":      {nil, []string{"--operator-addr", "[::1]:9"}, "[::1]:9"},
		"with a token":   {map[string]string{"SEANCE_OPERATOR_ADDR": ":8001", "SEANCE_OPERATOR_TOKEN": strong}, nil, ":8001"},
		"with names too": {map[string]string{"SEANCE_OPERATOR_TOKEN": strong, "SEANCE_OPERATOR_HOSTS": "seance.internal, 10.0.0.7"}, nil, usualOperator},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := bound(t, test.env, test.args...)
			if err != nil || c.Operator != test.want {
				t.Errorf("%q, %v, want %q", c.Operator, err, test.want)
			}
			if names := strings.Join(c.OperatorHosts, "|"); names != "" && names != "seance.internal|10.0.0.7" {
				t.Errorf("names %q", names)
			}
		})
	}
}

// The README's table is made from the struct: `go generate ./cmd/seance` after a change.
func TestSettingsInReadme(t *testing.T) {
	const path, start, end = "../../README.md", "<!-- settings -->\n", "<!-- /settings -->"
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := bytes.Cut(readme, []byte(start))
	old, after, closed := bytes.Cut(rest, []byte(end))
	if !ok || !closed {
		t.Fatalf("README.md lacks %s%s", start, end)
	}
	table := settingsTable()
	if string(old) == table {
		return
	}
	if !*update {
		t.Fatalf("the README's table of settings is out of date: go generate ./cmd/seance\n%s", table)
	}
	if err := os.WriteFile(path, []byte(string(before)+start+table+end+string(after)), 0o644); err != nil {
		t.Fatal(err)
	}
}

func settingsTable() string {
	var b strings.Builder
	b.WriteString("| setting | flag | default | what it does |\n|---|---|---|---|\n")
	for _, s := range new(config).settings() {
		option, usual := "", s.usual
		if s.flag != "" {
			option = "`--" + s.flag + "`"
		}
		if usual != "" && !strings.Contains(usual, " ") {
			usual = "`" + usual + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", s.env, option, usual, s.help)
	}
	return b.String()
}
