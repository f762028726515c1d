package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
	"github.com/gofiber/fiber/v2"

	"seance/internal/seance"
	"seance/relay/wire"
)

// codes are the error codes that REST uses and the status that goes with each.
var codes = []struct {
	code   wire.ErrorCode
	status int
}{
	{wire.CodeBadRequest, http.StatusBadRequest}, // also 405, 415 and 422
	{wire.CodeInvalidText, http.StatusUnprocessableEntity},
	{wire.CodeInvalidName, http.StatusUnprocessableEntity},
	{wire.CodeUnauthorized, http.StatusUnauthorized},
	{wire.CodeForbidden, http.StatusForbidden},
	{wire.CodeNotFound, http.StatusNotFound},
	{wire.CodeSessionEnded, http.StatusGone},
	{wire.CodeSessionFull, http.StatusConflict},
	{wire.CodeSessionLocked, http.StatusForbidden},
	{wire.CodeWrongPassphrase, http.StatusForbidden},
	{wire.CodeRateLimited, http.StatusTooManyRequests},
	{wire.CodeTooLarge, http.StatusRequestEntityTooLarge},
	{wire.CodeUnavailable, http.StatusServiceUnavailable},
	{wire.CodeInternal, http.StatusInternalServerError},
}

// failed is err as a client may see it.
func failed(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	said := wire.ErrorOf(err)
	f = newFailure(http.StatusInternalServerError, said.Code, said.Message)
	for _, c := range codes {
		if c.code == said.Code {
			f.status = c.status
		}
	}
	f.retryAfter = time.Duration(said.RetryAfterMs) * time.Millisecond
	return f
}

func newFailure(status int, code wire.ErrorCode, say string) *failure {
	return &failure{status: status, Fault: fault{Code: code, Message: say}, Timestamp: timestamp()}
}

// failedStatus is the failure of a request that never reached a handler of ours: Fiber's and huma's own.
func failedStatus(status int) *failure {
	switch status {
	case http.StatusBadRequest:
		return newFailure(status, wire.CodeBadRequest, "The server could not read that request.")
	case http.StatusNotFound:
		return newFailure(status, wire.CodeNotFound, "There is nothing here.")
	case http.StatusMethodNotAllowed:
		return newFailure(status, wire.CodeBadRequest, "This address does not take that method.")
	case http.StatusRequestTimeout:
		return newFailure(status, wire.CodeBadRequest, "The request took too long to arrive.")
	case http.StatusRequestEntityTooLarge:
		return newFailure(status, wire.CodeTooLarge, fmt.Sprintf("That is too large: at most %d KiB are read.", maxBody>>10))
	case http.StatusRequestHeaderFieldsTooLarge:
		return newFailure(status, wire.CodeTooLarge, "The headers of that request are too large.")
	case http.StatusUnsupportedMediaType:
		return newFailure(status, wire.CodeBadRequest, "Send JSON, as Content-Type: application/json.")
	}
	if status >= 400 && status < 500 {
		return newFailure(status, wire.CodeBadRequest, "The server could not take that request.")
	}
	return failed(errors.New(http.StatusText(status)))
}

// invalid is a field that breaks a rule which no schema can say. Among other fields it is a detail; when all of them
// break the same kind of rule, the answer has the code of that kind.
type invalid struct {
	detail
	kind error
}

// Error names the field and what is wrong with it.
func (e *invalid) Error() string { return e.Path + ": " + e.Message }

// ErrorDetail is the field as huma lists it.
func (e *invalid) ErrorDetail() *huma.ErrorDetail {
	return &huma.ErrorDetail{Location: "body." + e.Path, Message: e.Message}
}

// speakOurTongue makes huma's own failures ours. It is the one global that huma has.
var speakOurTongue = sync.OnceFunc(func() {
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		if status != http.StatusUnprocessableEntity {
			return failedStatus(status)
		}
		return failedFields(errs)
	}
})

// failedFields is the 422 that names every field that is not right, each once.
func failedFields(errs []error) *failure {
	f := newFailure(http.StatusUnprocessableEntity, "", "")
	code := wire.ErrorCode("")
	seen := map[string]bool{}
	var names []string
	for _, err := range errs {
		d, c := detailOf(err)
		if seen[d.Path] {
			continue
		}
		seen[d.Path] = true
		f.Fault.Details = append(f.Fault.Details, d)
		names = append(names, d.Path)
		if code == "" {
			code = c
		} else if code != c {
			code = wire.CodeBadRequest
		}
	}
	f.Fault.Code = code
	f.Fault.Message = "This is not right: " + strings.Join(names, ", ") + "."
	if len(f.Fault.Details) == 1 && code != wire.CodeBadRequest {
		f.Fault.Message = f.Fault.Details[0].Message
	}
	return f
}

func detailOf(err error) (detail, wire.ErrorCode) {
	var ours *invalid
	if errors.As(err, &ours) {
		return ours.detail, wire.CodeOf(ours.kind)
	}
	d := detail{Path: "body", Message: err.Error()}
	var theirs huma.ErrorDetailer
	if errors.As(err, &theirs) {
		e := theirs.ErrorDetail()
		d = detail{Path: e.Location, Message: e.Message}
	}
	// A field that is missing is reported at what it is missing from.
	before, after, _ := strings.Cut(validation.MsgExpectedRequiredProperty, "%s")
	if rest, ok := strings.CutPrefix(d.Message, before); ok {
		if name, ok := strings.CutSuffix(rest, after); ok {
			d = detail{Path: d.Path + "." + name, Message: "is missing"}
		}
	}
	for _, place := range []string{"body.", "query.", "path.", "header."} {
		d.Path = strings.TrimPrefix(d.Path, place)
	}
	return d, wire.CodeBadRequest
}

// refuse answers a request that went wrong outside huma's handlers: Fiber's ErrorHandler.
func (s *Server) refuse(c *fiber.Ctx, err error) error {
	s.secure(c) // a request that could not be read has not been through the middleware
	status := statusOf(c, err)
	var theirs *fiber.Error
	var ours *failure
	switch {
	case errors.As(err, &ours):
	case errors.As(err, &theirs):
		ours = failedStatus(status)
		if status == http.StatusRequestEntityTooLarge {
			drain(c)
		}
	default:
		s.log.Error("request broke off", "method", c.Method(), "err", err)
		ours = failed(err)
	}
	if underAPI(c) {
		return send(c, ours)
	}
	if status == http.StatusNotFound && (c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead) {
		return s.board.notFound(c)
	}
	return c.Status(status).SendString(ours.Fault.Message + "\n")
}

// drain reads on through a body that Fiber has refused to read: whoever is still writing when the line is closed sees
// it break instead of the answer. It gives up after a second or 16 MiB.
func drain(c *fiber.Ctx) {
	const most = 16 << 20
	left := int64(most)
	if length := c.Context().Request.Header.ContentLength(); length >= 0 {
		left = min(left, int64(length)-readBuffer) // what was read with the headers is not on the line any more
	}
	conn := c.Context().Conn()
	if conn.SetReadDeadline(time.Now().Add(time.Second)) == nil {
		_, _ = io.CopyN(io.Discard, conn, left) // whatever ends it, the answer goes out
	}
}

// send writes a failure outside huma's handlers.
func send(c *fiber.Ctx, f *failure) error {
	for name, values := range f.GetHeaders() {
		c.Set(name, values[0])
	}
	return c.Status(f.status).JSON(f)
}

// tell makes err a failure and logs what its client is not told.
func (s *Server) tell(ctx context.Context, op string, err error) error {
	f := failed(err)
	if f.status >= 500 && !errors.Is(err, context.Canceled) && !errors.Is(err, seance.ErrUnavailable) {
		s.log.ErrorContext(ctx, "request failed", "operation", op, "status", f.status, "err", err)
	}
	return f
}

// seconds is d as Retry-After says it: whole seconds, rounded up.
func seconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}
