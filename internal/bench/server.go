package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ServerOptions say what is started. Program is needed; the zero value of the rest works.
type ServerOptions struct {
	Program string   // path of a seance program
	Addr    string   // host:port on loopback; a free port if empty
	Data    string   // the folder for what it keeps; if empty one of its own, which Stop removes
	Env     []string // settings, NAME=value; they go before SEANCE_LIMITS=off
}

// A Server is a seance program that was started to be tried hard: on loopback, with a data folder of its own and without
// the settings that the environment has for another one.
type Server struct {
	Address  string // http://host:port of the public side
	operator string // the same of the operator's side
	cmd      *exec.Cmd
	ended    chan error // what the program ended with, once
	log      string     // the file that it writes its log to: a terminal would be a load of its own
	own      string     // the folder to remove at the end
}

// StartServer runs `seance serve` and waits until it is ready, at most 20 s. Stop or Kill ends it.
func StartServer(ctx context.Context, o ServerOptions) (*Server, error) {
	s := &Server{}
	if err := s.start(ctx, o); err != nil {
		if s.ended != nil {
			err = errors.Join(fmt.Errorf("%w; it said:\n%s", err, s.Log()), s.Kill())
		}
		return nil, errors.Join(err, s.tidy())
	}
	return s, nil
}

func (s *Server) start(ctx context.Context, o ServerOptions) error {
	data := o.Data
	if data == "" {
		own, err := os.MkdirTemp("", "seance-bench-")
		if err != nil {
			return err
		}
		s.own, data = own, own
	}
	if o.Addr == "" {
		addr, err := FreeAddress()
		if err != nil {
			return err
		}
		o.Addr = addr
	}
	operator, err := FreeAddress()
	if err != nil {
		return err
	}
	s.Address, s.operator = "http://"+o.Addr, "http://"+operator

	s.log = filepath.Join(data, "bench.log")
	log, err := os.OpenFile(s.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	s.cmd = exec.Command(o.Program, "serve", "--addr", o.Addr, "--data", data)
	s.cmd.Env = append(bareEnvironment(), "SEANCE_KIRO_USER=off", "SEANCE_HOOKS=off", "SEANCE_LIMITS=off", "SEANCE_OPERATOR_ADDR="+operator)
	s.cmd.Env = append(s.cmd.Env, o.Env...)
	s.cmd.Stderr = log
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("start the server: %w", err)
	}
	s.ended = make(chan error, 1)
	go func() { // Stop and Kill wait for it
		s.ended <- s.cmd.Wait()
		close(s.ended)
	}()
	return s.ready(ctx)
}

// bareEnvironment is what any program needs. The settings of a server that people use stay out: the load must not go
// into its journal.
func bareEnvironment() []string {
	var env []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "TEMP", "SystemRoot", "GOMAXPROCS", "GORACE"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for wait(ctx, time.Now().Add(20*time.Millisecond)) && len(s.ended) == 0 {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Address+"/readyz", nil)
		if err != nil {
			return err
		}
		req.Close = true // it may be killed at any moment: no connection is kept for the next one
		if res, err := http.DefaultClient.Do(req); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	return errors.Join(fmt.Errorf("the server at %s is not ready", s.Address), context.Cause(ctx))
}

// PID is the program's process.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Log is what the program has logged so far, also before it was started again in the same folder.
func (s *Server) Log() string {
	said, err := os.ReadFile(s.log)
	if err != nil {
		return err.Error()
	}
	return string(said)
}

// goroutines is how many the program has running, as its operator's side tells. 0 if it has none.
func (s *Server) goroutines(ctx context.Context) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.operator+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	if errors.Is(err, syscall.ECONNREFUSED) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		if said, ok := strings.CutPrefix(lines.Text(), "go_goroutines "); ok {
			n, err := strconv.ParseFloat(said, 64)
			return int(n), err
		}
	}
	return 0, errors.Join(errors.New("the operator's side says nothing of goroutines"), lines.Err())
}

// Stop ends the server as an operator would, by SIGTERM, and removes its data if they were its own.
func (s *Server) Stop() error {
	err := s.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(12*time.Second, func() { _ = s.cmd.Process.Kill() })
	defer kill.Stop()
	return errors.Join(err, <-s.ended, s.tidy())
}

// Kill ends the server at once, without a word to it, and waits until it is gone. A data folder that was given stays.
func (s *Server) Kill() error {
	err := s.cmd.Process.Kill()
	if errors.Is(err, os.ErrProcessDone) {
		err = nil
	}
	var status *exec.ExitError
	if ended := <-s.ended; !errors.As(ended, &status) { // killed is what it was to be
		err = errors.Join(err, ended)
	}
	return errors.Join(err, s.tidy())
}

func (s *Server) tidy() error {
	if s.own == "" {
		return nil
	}
	return os.RemoveAll(s.own)
}

// FreeAddress is host:port of a loopback port that nobody listens on at this moment.
func FreeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
