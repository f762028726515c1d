package main

import (
	"errors"
	"fmt"
	"log/slog"
	"syscall"

	"seance/internal/operator"
)

// openOperator opens the operator's side, nil if there is none. When its usual address is taken the house opens without:
// nobody asked for it.
func (c *config) openOperator(metrics *operator.Metrics, log *slog.Logger) (*operator.Server, error) {
	if c.Operator == "" {
		return nil, nil
	}
	s, err := operator.Listen(operator.Options{
		Addr: c.Operator, Token: c.OperatorToken, Hosts: c.OperatorHosts, Metrics: metrics, Logger: log,
	})
	switch {
	case err == nil:
		log.Info("operator's side open", "addr", s.Addr().String(), "token", c.OperatorToken != "")
		return s, nil
	case errors.Is(err, syscall.EADDRINUSE) && c.Operator == usualOperator:
		log.Warn("operator's side not open: its address is taken", "addr", c.Operator)
		c.Operator = ""
		return nil, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("the operator's address %s is taken by another program: choose another with --operator-addr, "+
			"or off", c.Operator)
	}
	return nil, err
}
