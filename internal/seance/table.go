package seance

import "math"

// The board is 1000 x 620 board units (bu). Other layouts map glyphs to places of their own; the server reckons with
// this one alone.
const (
	BoardWidth  = 1000
	BoardHeight = 620
)

// A Point is a place on the board, in board units.
type Point struct{ X, Y float64 }

// RestingPlace is where the planchette lies between answers.
var RestingPlace = Point{500, 360}

// The glyphs that are words of their own.
const (
	Yes     = "YES"
	No      = "NO"
	Goodbye = "GOODBYE"
)

// Both rows of letters are arcs around one centre below the board, A-M outside and N-Z inside, from 142 to 38 degrees.
// Radii are chosen so that neighbours are at least 56 bu apart.
const (
	arcCentreX, arcCentreY = 500, 700
	outerRadius            = 520
	innerRadius            = 410
	arcFrom, arcTo         = 142, 38
	digitsY, digitPitch    = 480, 56
)

// Place tells where a glyph is: A-Z, 0-9, YES, NO or GOODBYE. The digits run 1 to 9, then 0.
func Place(glyph string) (Point, bool) {
	switch glyph {
	case Yes:
		return Point{150, 95}, true
	case No:
		return Point{850, 95}, true
	case Goodbye:
		return Point{500, 560}, true
	}
	if len(glyph) != 1 {
		return Point{}, false
	}
	switch c := glyph[0]; {
	case c >= 'A' && c <= 'M':
		return onArc(outerRadius, int(c-'A')), true
	case c >= 'N' && c <= 'Z':
		return onArc(innerRadius, int(c-'N')), true
	case c >= '0' && c <= '9':
		column := (int(c-'0') + 9) % 10
		return Point{500 + digitPitch*(float64(column)-4.5), digitsY}, true
	}
	return Point{}, false
}

func onArc(radius float64, i int) Point {
	angle := (arcFrom + float64(i)*(arcTo-arcFrom)/12) * math.Pi / 180
	return Point{arcCentreX + radius*math.Cos(angle), arcCentreY - radius*math.Sin(angle)}
}

// Distance is how far apart two points are, in bu.
func (p Point) Distance(q Point) float64 { return math.Hypot(p.X-q.X, p.Y-q.Y) }
