//go:build unix

package kiro

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The test binary is the agent, too: it is started as kiro-cli would be, and finds in HOME what to play.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "acp", "whoami", "--version":
			syscall.Exit(fakeMain(os.Args[1:])) // os.Exit takes a second under the race detector
		}
	}
	os.Exit(m.Run())
}

// A script is what the fake finds in its HOME: one transcript for each process that is started, in that order. Where a
// transcript ends, and for further processes, the profile of the engine that was asked for plays on.
type script struct {
	Plays     []string // paths of transcripts; "" is the profile alone
	SignedOut bool     // whoami says so
	AnyPrompt bool     // a transcript's prompts match whatever they say
	Hangs     bool     // whoami and --version never end
}

// A step is one line of a transcript.
type step struct {
	Dir    string          `json:"dir"`
	Frame  json.RawMessage `json:"frame"`
	Raw    *string         `json:"raw"`
	Stderr *string         `json:"stderr"`
	Exit   *int            `json:"exit"`
	WaitMS int             `json:"wait_ms"`
	Flood  *flood          `json:"flood"`
	Spawn  bool            `json:"spawn"` // a process of its own, as tools and MCP servers are
}

// A flood is more of a line than a client should have to bear.
type flood struct {
	To    string `json:"to"` // stdout or stderr
	Lines int    `json:"lines"`
	Width int    `json:"width"`
}

// A report is what the fake leaves of itself.
type report struct {
	Args     []string
	Environ  []string
	Pid      int
	Child    int
	Steps    int
	Consumed int
	Wrong    string   // the first thing that was not as it should be
	Methods  []string // what the profile was asked
}

func fakeMain(args []string) int {
	home := os.Getenv("HOME")
	raw, err := os.ReadFile(filepath.Join(home, "script.json"))
	if err != nil {
		fmt.Fprintln(os.Stderr, "no script:", err)
		return 1
	}
	var s script
	if err := json.Unmarshal(raw, &s); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	switch {
	case args[0] != "acp" && s.Hangs:
		select {}
	case args[0] == "--version":
		fmt.Println("kiro-cli 2.16.0")
		return 0
	case args[0] == "whoami" && s.SignedOut:
		fmt.Fprintln(os.Stderr, "Not logged in")
		return 1
	case args[0] == "whoami":
		fmt.Println("Logged in with Builder ID")
		return 0
	}
	f := &fake{home: home, in: bufio.NewReaderSize(os.Stdin, 1<<16), out: os.Stdout, log: os.Stderr}
	f.Args, f.Environ, f.Pid = args, os.Environ(), os.Getpid()
	var n int
	for f.path == "" {
		path := filepath.Join(home, fmt.Sprintf("report-%02d.json", n))
		if claim, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600); err == nil {
			_ = claim.Close()
			f.path = path
			break
		}
		n++
	}
	v2 := slices.Equal(args, []string{"acp", "--agent-engine=v2", "--agent", "seance-spirit"})
	if !v2 && !slices.Equal(args, []string{"acp", "--agent-engine=v3", "--auth-method=cli"}) {
		return f.wrong("started with %q", args)
	}
	f.v3, f.anyPrompt = !v2, s.AnyPrompt
	f.save()
	if n < len(s.Plays) && s.Plays[n] != "" {
		steps, err := readTranscript(s.Plays[n])
		if err != nil {
			return f.wrong("transcript: %v", err)
		}
		if code, over := f.play(steps); over {
			return code
		}
	}
	return f.profile()
}

func readTranscript(path string) ([]step, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var steps []step
	for dec := json.NewDecoder(strings.NewReader(string(raw))); ; {
		var s step
		if err := dec.Decode(&s); err == io.EOF {
			return steps, nil
		} else if err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
}

// A fake plays kiro-cli on one process's input and output.
type fake struct {
	report
	home, path string
	v3         bool
	anyPrompt  bool
	in         *bufio.Reader
	out, log   io.Writer

	sessions map[string]bool
	opened   int
	terminal bool // was offered by the client
}

func (f *fake) save() {
	raw, err := json.Marshal(f.report)
	if err == nil {
		err = os.WriteFile(f.path+".new", raw, 0o600)
	}
	if err == nil {
		err = os.Rename(f.path+".new", f.path)
	}
	if err != nil {
		panic(err)
	}
}

func (f *fake) wrong(format string, args ...any) int {
	f.Wrong = fmt.Sprintf(format, args...)
	f.save()
	fmt.Fprintln(f.log, f.Wrong)
	return 3
}

// play follows a transcript. over says that the agent ends with it.
func (f *fake) play(steps []step) (code int, over bool) {
	f.Steps = len(steps)
	ids := map[string]json.RawMessage{} // the transcript's ids of client requests: what the client really took
	for i, s := range steps {
		if s.Dir != "client" { // before it is played: what comes of it may be the agent's end
			f.Consumed++
			f.save()
		}
		switch {
		case s.Dir == "client":
			line, err := f.in.ReadBytes('\n')
			if err != nil {
				return f.wrong("step %d: the client left: %v", i+1, err), true
			}
			var got, want map[string]json.RawMessage
			if err := json.Unmarshal(line, &got); err != nil {
				return f.wrong("step %d: no JSON: %v", i+1, err), true
			}
			if err := json.Unmarshal(s.Frame, &want); err != nil {
				return f.wrong("step %d: no JSON: %v", i+1, err), true
			}
			if f.anyPrompt && string(want["method"]) == `"session/prompt"` {
				want["params"] = got["params"]
			}
			if !same(want, got) {
				return f.wrong("step %d: the client wrote %swant %s", i+1, line, s.Frame), true
			}
			if want["method"] != nil && want["id"] != nil {
				ids[string(want["id"])] = got["id"]
			}
		case s.Frame != nil:
			var frame map[string]json.RawMessage
			if err := json.Unmarshal(s.Frame, &frame); err != nil {
				return f.wrong("step %d: no JSON: %v", i+1, err), true
			}
			if id, ok := ids[string(frame["id"])]; ok && frame["method"] == nil {
				frame["id"] = id
			}
			f.write(frame)
		case s.Raw != nil:
			fmt.Fprintln(f.out, *s.Raw)
		case s.Stderr != nil:
			fmt.Fprintln(f.log, *s.Stderr)
		case s.Spawn:
			child := exec.Command("sleep", "1000")
			child.Stdout, child.Stderr = os.Stdout, os.Stderr // it holds our pipes, too
			if err := child.Start(); err != nil {
				return f.wrong("step %d: %v", i+1, err), true
			}
			f.Child = child.Process.Pid
			f.save()
		case s.Flood != nil:
			to := map[string]io.Writer{"stdout": f.out, "stderr": f.log}[s.Flood.To]
			line := []byte(strings.Repeat("x", s.Flood.Width) + "\n")
			for range s.Flood.Lines {
				if _, err := to.Write(line); err != nil {
					return f.wrong("step %d: %v", i+1, err), true
				}
			}
		}
		if s.Dir == "client" {
			f.Consumed++
			f.save()
		}
		time.Sleep(time.Duration(s.WaitMS) * time.Millisecond) // the agent's slowness, not the test's
		if s.Exit != nil {
			return *s.Exit, true
		}
	}
	return 0, false
}

// same compares frames of the client: requests and notifications by method and params, answers by id and content.
func same(want, got map[string]json.RawMessage) bool {
	keys := []string{"jsonrpc", "method", "params"}
	if want["method"] == nil {
		keys = []string{"jsonrpc", "method", "id", "result", "error"}
	}
	if (want["id"] == nil) != (got["id"] == nil) {
		return false
	}
	cwd, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	for _, key := range keys {
		if !reflect.DeepEqual(decoded(want[key], cwd), decoded(got[key], cwd)) {
			return false
		}
	}
	return true
}

// decoded is a value of JSON, the transcript's working directory replaced by the real one.
func decoded(raw json.RawMessage, cwd string) (v any) {
	if raw == nil {
		return nil
	}
	text := strings.ReplaceAll(string(raw), `"/var/lib/seance/spirit"`, fmt.Sprintf("%q", cwd))
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return err
	}
	return v
}

func (f *fake) write(frame any) {
	raw, err := json.Marshal(frame)
	if err != nil {
		panic(err)
	}
	_, _ = f.out.Write(append(raw, '\n')) // a client that is gone shows in what it does not ask
}

// profile is how the engine behaves where nothing goes wrong: one prompt at a time, in sessions that are open.
func (f *fake) profile() int {
	f.sessions = map[string]bool{}
	for {
		line, err := f.in.ReadBytes('\n')
		if err != nil {
			f.save()
			return 0
		}
		var got struct {
			ID     json.RawMessage `json:"id"`
			Method string          `json:"method"`
			Params struct {
				Session      string `json:"sessionId"`
				Capabilities struct {
					Terminal bool `json:"terminal"`
				} `json:"clientCapabilities"`
				Prompt []struct {
					Text string `json:"text"`
				} `json:"prompt"`
			} `json:"params"`
		}
		if err := json.Unmarshal(line, &got); err != nil {
			return f.wrong("no JSON: %s", line)
		}
		f.Methods = append(f.Methods, got.Method)
		f.terminal = f.terminal || got.Params.Capabilities.Terminal
		result, refusal := f.serve(got.Method, got.Params.Session)
		switch {
		case got.Method == "authenticate", got.Method == "session/load":
			return f.wrong("the client used %s", got.Method)
		case got.Method == "session/prompt" && f.terminal:
			return f.wrong("thread 'main' panicked: a terminal was offered")
		case got.Method == "session/prompt" && len(got.Params.Prompt) != 1:
			return f.wrong("a prompt of %d blocks", len(got.Params.Prompt))
		case got.ID == nil:
		case refusal != nil:
			f.write(object{"jsonrpc": "2.0", "id": got.ID, "error": refusal})
		default:
			f.write(object{"jsonrpc": "2.0", "id": got.ID, "result": result})
		}
	}
}

func (f *fake) serve(method, session string) (result, refusal object) {
	unknown := object{"code": codeMethodNotFound, "message": "Method not found"}
	switch method {
	case "initialize":
		return object{"protocolVersion": 1, "agentInfo": object{"name": "Kiro CLI Agent", "version": "2.15.2"}}, nil
	case "session/new":
		f.opened++
		id := fmt.Sprintf("session-%d", f.opened)
		f.sessions[id] = true
		if f.v3 {
			return object{"sessionId": id, "configOptions": []object{
				{"id": "autopilot", "currentValue": "on"}, {"id": "model", "currentValue": "auto"},
			}}, nil
		}
		return object{
			"sessionId": id,
			"modes":     object{"currentModeId": "seance-spirit"},
			"models":    object{"currentModelId": "auto"},
		}, nil
	case "session/set_mode":
		return object{}, nil
	case "session/set_model":
		if f.v3 {
			return nil, unknown
		}
		return object{}, nil
	case "session/set_config_option":
		if !f.v3 {
			return nil, unknown
		}
		return object{}, nil
	case "session/close", "_kiro.dev/session/terminate":
		if (method == "session/close") != f.v3 {
			return nil, unknown
		}
		delete(f.sessions, session)
		return object{}, nil
	case "session/prompt":
		if !f.sessions[session] {
			return nil, object{"code": -32602, "message": "no such session"}
		}
		delete(f.sessions, session) // one prompt a session
		f.write(object{"jsonrpc": "2.0", "method": "session/update", "params": object{
			"sessionId": session, "update": object{
				"sessionUpdate": "agent_message_chunk", "content": object{"type": "text", "text": "SOON\nwait for the bell"},
			},
		}})
		return object{"stopReason": "end_turn"}, nil
	}
	return nil, unknown
}
