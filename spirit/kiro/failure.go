package kiro

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"seance/spirit"
)

// ended is what a stop reason of ACP means: nil for the one that is a whole answer.
func ended(stop string, spoke bool) error {
	kind := spirit.FailedTruncated // max_tokens, max_turn_requests, cancelled without our doing, and what nobody knows yet
	switch {
	case stop == "end_turn" && spoke:
		return nil
	case stop == "end_turn", stop == "refusal":
		kind = spirit.FailedEmpty // a refusal says something, but nothing to spell
	}
	return &spirit.Failure{Kind: kind, Err: fmt.Errorf("kiro: the turn ended with %q", oneLine(stop))}
}

// failed tells what kind of failure err is. askedToken is whether the agent wanted a token of us.
func failed(err error, askedToken bool) *spirit.Failure {
	if own, ok := errors.AsType[*spirit.Failure](err); ok {
		return own // the caller ended the call and said why
	}
	wrapped := fmt.Errorf("kiro: %w", err)
	if refused, ok := errors.AsType[*rpcError](err); ok {
		if refused.Code == codeAuthRequired && askedToken {
			wrapped = fmt.Errorf("%w (it asked us for a token, which only its own sign-in has: "+
				"does this version know --auth-method=cli?)", wrapped)
		}
		return &spirit.Failure{Kind: refusedKind(refused), Err: wrapped}
	}
	kind := spirit.FailedTruncated // it went away, or its response cannot be read
	switch {
	case errors.Is(err, errLate), errors.Is(err, context.DeadlineExceeded):
		kind = spirit.FailedTimeout
	case errors.Is(err, context.Canceled):
		kind = spirit.FailedCanceled
	}
	return &spirit.Failure{Kind: kind, Err: wrapped}
}

// refusedKind reads the kind of a refusal from its code, and where the code says nothing, from the words that Kiro
// uses: "The request was throttled by the service", "Too many requests, please wait", "You have reached the limit".
func refusedKind(e *rpcError) spirit.FailureKind {
	said := strings.ToLower(e.Message)
	says := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(said, w) {
				return true
			}
		}
		return false
	}
	switch {
	case says("throttl", "too many requests", "rate limit"):
		return spirit.FailedRate
	case says("quota", "reached the limit", "usage limit", "monthly limit", "credits"):
		return spirit.FailedQuota
	case e.Code == codeAuthRequired, says("not logged in", "unauthorized", "expired token"):
		return spirit.FailedAuth
	case e.Code <= -32600 && e.Code >= codeInvalidParams, says("model"):
		return spirit.FailedBadRequest
	}
	return spirit.FailedOverloaded
}

// diagnose tells why a process does not come up. Where the process does not say, whoami is asked and believed: a
// kiro-cli that is not signed in may just hang or leave.
func (p *Provider) diagnose(ctx context.Context, h house, err error, askedToken bool) *spirit.Failure {
	if errors.Is(err, errStart) || errors.Is(err, errArmed) {
		return &spirit.Failure{Kind: spirit.FailedBadRequest, Err: fmt.Errorf("kiro: %w", err)}
	}
	f := failed(err, askedToken)
	if _, said := errors.AsType[*rpcError](err); said {
		return f
	}
	if f.Kind == spirit.FailedTruncated {
		f.Kind = spirit.FailedOverloaded
	}
	if who := whoami(ctx, p.o, h); errors.Is(who, errSignedOut) {
		f.Kind, f.Err = spirit.FailedAuth, fmt.Errorf("%w; %w", f.Err, who)
	}
	return f
}
