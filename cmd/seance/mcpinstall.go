package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"seance/mcp/tools"
)

func newMCPInstallCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "install",
		Short: "Put the servers into Kiro's settings",
		Long: "install writes three entries into .kiro/settings/mcp.json: how Kiro reaches the servers, which tools it need not ask\n" +
			"for (those that only read), and which stay off until you turn them on (those that delete). Everything else in the\n" +
			"file stays as it is. No token and no password is ever written: Kiro takes them from its environment.",
		Args: cobra.NoArgs,
	}
	cfg, check := a.bind(cmd, "SEANCE_DATA", "DATABASE_URL", "SEANCE_OPERATOR_ADDR", "SEANCE_OPERATOR_TOKEN", "SEANCE_KIRO_USER")
	o := installation{cfg: cfg}
	cmd.Flags().BoolVar(&o.http, "http", false, "reach the servers of a running house over HTTP, not a program of their own")
	cmd.Flags().BoolVar(&o.global, "global", false, "write your own settings for all workspaces")
	cmd.Flags().StringVar(&o.dir, "dir", ".", "folder of the workspace")
	cmd.Flags().StringVar(&o.command, "command", "", "how Kiro starts this program; by default seance if that is found, else its whole path")
	show := cmd.Flags().Bool("print", false, "print what the file would hold, and write nothing")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := check(); err != nil {
			return err
		}
		o.inDatabase, o.inFolder = a.env["DATABASE_URL"] != "", a.env["SEANCE_DATA"] != "" || cmd.Flags().Changed("data")
		entries, err := o.entries()
		if err != nil {
			return err
		}
		path, err := o.path()
		if err != nil {
			return err
		}
		before, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("settings: %w", err)
		}
		after, err := merge(before, entries)
		if err != nil {
			return fmt.Errorf("%s %w; nothing was changed", path, err)
		}
		out := cmd.OutOrStdout()
		switch {
		case *show:
			_, err = out.Write(after)
			return err
		case string(after) == string(before):
			fmt.Fprintln(out, path, "is up to date.")
		default:
			if err := replaceFile(path, after); err != nil {
				return fmt.Errorf("settings: %w", err)
			}
			fmt.Fprintln(out, path, "has seance-memory, seance-participants and seance-analytics now.")
		}
		for _, name := range disabled(after) {
			fmt.Fprintf(out, "%s is disabled in that file, and stays so.\n", name)
		}
		if o.http {
			fmt.Fprintln(out, "If the house has a SEANCE_OPERATOR_TOKEN, set it for Kiro too and let Kiro use that variable.")
		}
		return nil
	}
	return cmd
}

// An installation is how Kiro is to reach the servers.
type installation struct {
	cfg                  *config
	http, global         bool
	dir, command         string
	inDatabase, inFolder bool // somebody said which database or folder
}

// path is the file that is written.
func (o *installation) path() (string, error) {
	folder := filepath.Join(o.dir, ".kiro")
	if o.global {
		if folder = o.cfg.KiroUser; folder == "" {
			return "", wrong("your own Kiro folder is off or not known: set SEANCE_KIRO_USER, or leave --global out")
		}
	}
	return filepath.Join(folder, "settings", "mcp.json"), nil
}

// An entry is what a server's entry in the settings is to have, and what it must not have.
type entry struct {
	name string
	set  []member
	drop []string
}

// entries are those of our servers. Only how they are reached depends on the installation.
func (o *installation) entries() ([]entry, error) {
	program, host := "", ""
	var err error
	if o.http {
		host, err = o.host()
	} else {
		program, err = o.program()
	}
	if err != nil {
		return nil, err
	}
	var list []entry
	for _, one := range servers {
		e := entry{name: "seance-" + one.name}
		if o.http {
			e.add("url", "http://"+host+"/mcp/"+one.name)
			e.add("headers", object{{"Authorization", []byte(`"Bearer ${SEANCE_OPERATOR_TOKEN}"`)}})
			e.drop = []string{"command", "args", "env"}
		} else {
			args := []string{"mcp", one.name}
			if o.inFolder || o.global && !o.inDatabase {
				data, err := filepath.Abs(o.cfg.Data)
				if err != nil {
					return nil, fmt.Errorf("data folder: %w", err)
				}
				args = append(args, "--data", data)
			}
			e.add("command", program)
			e.add("args", args)
			if o.inDatabase {
				e.add("env", object{{"DATABASE_URL", []byte(`"${DATABASE_URL}"`)}})
			}
			e.drop = []string{"url", "headers"}
		}
		by := map[tools.Hint][]string{}
		for _, tool := range one.make(nil, tools.Options{}).Tools() {
			by[tool.Hint] = append(by[tool.Hint], tool.Name)
		}
		e.add("autoApprove", by[tools.Reads])
		e.add("disabledTools", by[tools.Destroys])
		list = append(list, e)
	}
	return list, nil
}

func (e *entry) add(key string, value any) {
	if o, ok := value.(object); ok {
		e.set = append(e.set, member{key, o.text()})
		return
	}
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // texts and lists of texts
	}
	e.set = append(e.set, member{key, text})
}

// program is how Kiro starts us: by name if that finds us, else by the whole path.
func (o *installation) program() (string, error) {
	if o.command != "" {
		return o.command, nil
	}
	us, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("where this program is: %w", err)
	}
	if found, err := exec.LookPath("seance"); err == nil {
		there, errThere := os.Stat(found)
		here, errHere := os.Stat(us)
		if errThere == nil && errHere == nil && os.SameFile(there, here) {
			return "seance", nil
		}
	}
	return us, nil
}

// host is where Kiro on this machine reaches the operator's side.
func (o *installation) host() (string, error) {
	if o.cfg.Operator == "" {
		return "", wrong("the operator's side is off, which has the servers: set SEANCE_OPERATOR_ADDR, or leave --http out")
	}
	host, port, err := net.SplitHostPort(o.cfg.Operator)
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(strings.ToLower(host), port), nil
}

// replaceFile writes a file whole or not at all. A link stays a link, and an old file's permissions stay.
func replaceFile(path string, text []byte) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".mcp-*.json")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
