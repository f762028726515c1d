package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"rsc.io/qr"
)

// quiet is the light margin that readers need around a code, in modules (ISO/IEC 18004).
const quiet = 4

type qrInput struct {
	Key  string `path:"key" doc:"A session's id, or its code in any case" example:"RAVEN-417"`
	From caller
}

// invitation registers the route of the join link as friends scan it.
func (s *Server) invitation() {
	fetch(s, huma.Operation{
		OperationID: "get-qr", Method: http.MethodGet, Path: "/api/sessions/{key}/qr.svg",
		Summary: "See the join link as a QR code", Errors: []int{http.StatusNotFound},
	}, map[string]*huma.Schema{"image/svg+xml": {Type: huma.TypeString}}, s.qr)
}

func (s *Server) qr(ctx context.Context, in *qrInput) (*download, error) {
	at, err := s.store.Session(ctx, in.Key)
	if err != nil {
		return nil, fmt.Errorf("session: %w", err)
	}
	picture, err := qrPicture(s.joinURL(in.From.origin, at.Code))
	if err != nil {
		return nil, err
	}
	return &download{
		ContentType: "image/svg+xml", Disposition: `inline; filename="seance-` + at.Code + `.svg"`, Body: picture,
	}, nil
}

// qrPicture draws text as a QR code that may lose 15 % of itself: ink on bone whatever surrounds it, one unit a module,
// and nothing that a strict policy would refuse.
func qrPicture(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, fmt.Errorf("qr code: %w", err)
	}
	side := code.Size + 2*quiet
	svg := fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges" `+
		`role="img" aria-label="QR code of the join link">`+
		`<path fill="#f0e0bd" d="M0 0h%[1]dv%[1]dh-%[1]dz"/><path fill="#150802" d="`, side, side)
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for code.Black(x, y) { // outside of the code nothing is
				x++
			}
			if run := x - from; run > 0 {
				svg = fmt.Appendf(svg, "M%d %dh%dv1h-%[3]dz", from+quiet, y+quiet, run)
			}
		}
	}
	return append(svg, `"/></svg>`+"\n"...), nil
}
