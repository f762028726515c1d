package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// A Server is a seance program that was started to be loaded: on a free loopback port, with a data folder of its own.
type Server struct {
	Address string
	cmd     *exec.Cmd
	data    string
}

// StartServer runs `program serve` and waits until it is ready, at most 20 s. Tempo scales how long answers take.
func StartServer(ctx context.Context, program string, tempo float64) (*Server, error) {
	data, err := os.MkdirTemp("", "seance-bench-")
	if err != nil {
		return nil, err
	}
	addr, err := freeAddress()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(data))
	}
	cmd := exec.Command(program, "serve", "--addr", addr, "--data", data)
	cmd.Env = append(os.Environ(), "SEANCE_LIMITS=off", fmt.Sprintf("SEANCE_TEMPO=%g", tempo))
	log, err := os.Create(filepath.Join(data, "log")) // a terminal would be a load of its own
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(data))
	}
	defer log.Close()
	cmd.Stderr = log
	s := &Server{Address: "http://" + addr, cmd: cmd, data: data}
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start the server: %w", err), os.RemoveAll(data))
	}
	if err := s.ready(ctx); err != nil {
		said, _ := os.ReadFile(log.Name())
		return nil, errors.Join(fmt.Errorf("%w; it said:\n%s", err, said), s.Stop())
	}
	return s, nil
}

func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for wait(ctx, time.Now().Add(50*time.Millisecond)) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Address+"/readyz", nil)
		if err != nil {
			return err
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	return fmt.Errorf("the server at %s is not ready: %w", s.Address, context.Cause(ctx))
}

// Stop ends the server as an operator would, by SIGTERM, and removes its data.
func (s *Server) Stop() error {
	err := s.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(12*time.Second, func() { _ = s.cmd.Process.Kill() })
	defer kill.Stop()
	return errors.Join(err, s.cmd.Wait(), os.RemoveAll(s.data))
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
