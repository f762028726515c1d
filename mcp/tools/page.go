package tools

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"

	"seance/internal/seance"
)

// The bounds of lists.
const (
	usualLimit = 20
	maxLimit   = 100
	maxList    = 16 << 10 // bytes of one page as JSON
)

// Paging is the part of a tool's arguments that asks for a page. Embed it.
type Paging struct {
	Limit  int    `json:"limit,omitempty" jsonschema:"20 if left out" min:"1" max:"100"`
	Cursor string `json:"cursor,omitempty" jsonschema:"next_cursor of the last page"`
}

// Paged is the part of a tool's result that leads to the next page. Embed it.
type Paged struct {
	NextCursor string `json:"next_cursor,omitempty"`
	Truncated  bool   `json:"truncated,omitempty"` // the page was cut short at 16 KiB: next_cursor goes on
}

// errCursor refuses a cursor that this list has not given out.
var errCursor = Wrong("this cursor does not belong to this list: leave it out to begin at the first page")

// List reads one page by read and shows each entry. A page that would be longer than 16 KiB is read again with fewer
// entries. list names what is listed, so that a cursor opens nothing else; it is a Mistake if it tries, and if read knows none of
// that kind (seance.ErrBadRequest).
func List[E, T any](list string, p Paging, read func(seance.Page) ([]E, string, error), show func(E) T) ([]T, Paged, error) {
	after, err := open(list, p.Cursor)
	if err != nil {
		return nil, Paged{}, err
	}
	limit := p.Limit
	if limit == 0 {
		limit = usualLimit
	}
	for cut := false; ; cut = true {
		entries, next, err := read(seance.Page{Limit: min(limit, maxLimit), After: after})
		if errors.Is(err, seance.ErrBadRequest) {
			return nil, Paged{}, errCursor
		}
		if err != nil {
			return nil, Paged{}, err
		}
		shown := make([]T, 0, len(entries)) // never nil: a list is never null
		for _, e := range entries {
			shown = append(shown, show(e))
		}
		text, err := json.Marshal(shown)
		if err != nil {
			return nil, Paged{}, err
		}
		if len(text) <= maxList || len(shown) <= 1 {
			return shown, Paged{NextCursor: seal(list, next), Truncated: cut}, nil
		}
		limit = max(1, len(shown)*maxList/len(text)-1)
	}
}

// seal makes a cursor that says nothing to who holds it.
func seal(list, next string) string {
	if next == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(list + "\n" + next))
}

func open(list, cursor string) (string, error) {
	if cursor == "" {
		return "", nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	of, after, ok := strings.Cut(string(text), "\n")
	if err != nil || !ok || of != list || after == "" {
		return "", errCursor
	}
	return after, nil
}
