package api

import (
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"seance/relay/wire"
)

// An envelope is the one shape of every success under /api.
type envelope[T any] struct {
	Success   bool   `json:"success"`
	Data      T      `json:"data"`
	Error     *fault `json:"error"` // always null
	Timestamp string `json:"timestamp"`
}

// seal puts data into its envelope.
func seal[T any](data T) envelope[T] {
	return envelope[T]{Success: true, Data: data, Timestamp: timestamp()}
}

// Schema is what the OpenAPI document says of it.
func (envelope[T]) Schema(r huma.Registry) *huma.Schema {
	return envelopeSchema(true, r.Schema(reflect.TypeFor[T](), true, ""), &huma.Schema{Type: "null"})
}

// A failure is the one shape of everything else under /api. It is an error that knows its status.
type failure struct {
	Success   bool      `json:"success"`
	Data      *struct{} `json:"data"` // always null
	Fault     fault     `json:"error"`
	Timestamp string    `json:"timestamp"`

	status     int
	retryAfter time.Duration
}

// A fault is what went wrong, for programs and for people.
type fault struct {
	Code    wire.ErrorCode `json:"code"`
	Message string         `json:"message" doc:"A sentence that a player can act on"`
	Details []detail       `json:"details,omitempty" nullable:"false" doc:"Every field that is not right"`
}

// A detail names one field that is not right.
type detail struct {
	Path    string `json:"path" doc:"The field, by its names from the outermost in, joined by dots"`
	Message string `json:"message"`
}

// Error is the sentence.
func (f *failure) Error() string { return f.Fault.Message }

// GetStatus is the HTTP status.
func (f *failure) GetStatus() int { return f.status }

// GetHeaders says when trying again is worth it.
func (f *failure) GetHeaders() http.Header {
	if f.retryAfter <= 0 {
		return nil
	}
	return http.Header{"Retry-After": {seconds(f.retryAfter)}}
}

// Schema is what the OpenAPI document says of it.
func (*failure) Schema(r huma.Registry) *huma.Schema {
	const name = "Failure"
	if r.Map()[name] == nil {
		code := &huma.Schema{Type: huma.TypeString}
		for _, c := range codes {
			code.Enum = append(code.Enum, c.code)
		}
		ref := r.Schema(reflect.TypeFor[fault](), true, "")
		r.SchemaFromRef(ref.Ref).Properties["code"] = code
		r.Map()[name] = envelopeSchema(false, &huma.Schema{Type: "null"}, ref)
	}
	return &huma.Schema{Ref: "#/components/schemas/" + name}
}

func envelopeSchema(success bool, data, fault *huma.Schema) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeObject,
		Properties: map[string]*huma.Schema{
			"success":   {Type: huma.TypeBoolean, Enum: []any{success}},
			"data":      data,
			"error":     fault,
			"timestamp": {Type: huma.TypeString, Format: "date-time"},
		},
		Required:             []string{"success", "data", "error", "timestamp"},
		AdditionalProperties: true,
	}
}

func timestamp() string { return time.Now().UTC().Format(time.RFC3339) }
