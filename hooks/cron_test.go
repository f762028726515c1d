package hooks

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestSchedule(t *testing.T) {
	for _, test := range []struct {
		at   string
		when string // 2026-01-01 is a Thursday
		want bool
	}{
		{"03:33", "2026-01-01 03:33", true},
		{"3:33", "2026-01-01 03:33", true},
		{"03:33", "2026-01-01 15:33", false},
		{"* * * * *", "2026-01-01 12:01", true},
		{"0 * * * *", "2026-01-01 12:00", true},
		{"0 * * * *", "2026-01-01 12:01", false},
		{"*/15 * * * *", "2026-01-01 12:45", true},
		{"*/15 * * * *", "2026-01-01 12:46", false},
		{"10-30/10 * * * *", "2026-01-01 12:30", true},
		{"10-30/10 * * * *", "2026-01-01 12:40", false},
		{"0 20-23,0-3 * * *", "2026-01-01 02:00", true},
		{"0 20-23,0-3 * * *", "2026-01-01 04:00", false},
		{"0 0 * * thu", "2026-01-01 00:00", true},
		{"0 0 * * MON-FRI", "2026-01-01 00:00", true},
		{"0 0 * * MON-FRI", "2026-01-03 00:00", false},
		{"0 0 * * 7", "2026-01-04 00:00", true},
		{"0 0 * * 0", "2026-01-04 00:00", true},
		{"0 0 * * sun", "2026-01-04 00:00", true},
		{"0 0 * * 5-7", "2026-01-04 00:00", true},
		{"0 0 * * 5-7", "2026-01-01 00:00", false},
		{"0 0 * * */2", "2026-01-06 00:00", true},
		{"0 0 * * */2", "2026-01-07 00:00", false},
		{"0 0 31 oct,dec *", "2026-12-31 00:00", true},
		{"0 0 31 oct-dec *", "2026-01-31 00:00", false},
		{"0 0 13 * fri", "2026-01-13 00:00", true},   // either of the two
		{"0 0 13 * fri", "2026-01-02 00:00", true},   // a Friday
		{"0 0 13 * fri", "2026-01-14 00:00", false},  // neither
		{"0 0 */2 * thu", "2026-01-01 00:00", true},  // a star restricts: both
		{"0 0 */2 * thu", "2026-01-08 00:00", false}, // an even day
		{"0 0 29 2 *", "2028-02-29 00:00", true},
		{"0 0 30 2 mon", "2026-02-02 00:00", true},
	} {
		s, err := parseSchedule(test.at)
		if err != nil {
			t.Errorf("%q: %v", test.at, err)
			continue
		}
		when, err := time.Parse("2006-01-02 15:04", test.when)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.strikesAt(when); got != test.want {
			t.Errorf("%q strikes at %s: %t", test.at, test.when, got)
		}
	}
}

func TestScheduleRefused(t *testing.T) {
	for at, want := range map[string]string{
		"":                    "neither a time such as 03:33 nor the five fields of cron",
		"27:99":               `"99" as the minute`,
		"24:00":               `"24" as the hour: want 0 to 23`,
		"3:3":                 "is no time of day",
		"03:33:00":            "is no time of day",
		"@hourly":             "five fields",
		"* * * *":             "five fields",
		"* * * * * *":         "five fields",
		"60 * * * *":          "want 0 to 59",
		"-1 * * * *":          "want 0 to 59",
		"+5 * * * *":          "want 0 to 59",
		"* * 0 * *":           "want 1 to 31",
		"* * * 13 *":          "want 1 to 12",
		"* * * * 8":           "want 0 to 7",
		"* * * * someday":     "want 0 to 7",
		"mon * * * *":         `"mon" as the minute`,
		"*/0 * * * *":         "a step is a number from 1",
		"*/x * * * *":         "a step is a number from 1",
		"5/10 * * * *":        "a step goes with a star or a range",
		"30-10 * * * *":       "a range goes up",
		"1,,2 * * * *":        "want 0 to 59",
		"0 0 30 2 *":          "a day that no year has",
		"0 0 31 apr,jun *":    "a day that no year has",
		"99999999999 * * * *": "want 0 to 59",
	} {
		if _, err := parseSchedule(at); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want it to say %q", at, err, want)
		}
	}
}

// strokes counts how often a schedule strikes on a day, minute by minute as they pass.
func strokes(t *testing.T, at string, from time.Time, hours int) (times []string) {
	t.Helper()
	s, err := parseSchedule(at)
	if err != nil {
		t.Fatal(err)
	}
	for m := range hours * 60 {
		if now := from.Add(time.Duration(m) * time.Minute); s.strikesAt(now) {
			times = append(times, now.Format("15:04-0700"))
		}
	}
	return times
}

func TestClocksThatAreChanged(t *testing.T) {
	berlin, lordHowe := zone(t, "Europe/Berlin"), zone(t, "Australia/Lord_Howe")
	spring := time.Date(2026, 3, 29, 0, 0, 0, 0, berlin)  // 02:00 becomes 03:00
	autumn := time.Date(2026, 10, 25, 0, 0, 0, 0, berlin) // 03:00 becomes 02:00
	half := time.Date(2026, 4, 5, 0, 0, 0, 0, lordHowe)   // 02:00 becomes 01:30
	for _, test := range []struct {
		at    string
		from  time.Time
		hours int
		want  string
	}{
		{"02:30", spring, 23, ""},
		{"03:33", spring, 23, "03:33+0200"},
		{"0 * * * *", spring, 5, "00:00+0100 01:00+0100 03:00+0200 04:00+0200 05:00+0200"},
		{"02:30", autumn, 25, "02:30+0200"},
		{"03:33", autumn, 25, "03:33+0100"},
		{"02:00", autumn, 25, "02:00+0200"},
		{"30 * * * *", autumn, 5, "00:30+0200 01:30+0200 02:30+0200 02:30+0100 03:30+0100"},
		{"01:45", half, 24, "01:45+1100"},
		{"02:15", half, 24, "02:15+1030"},
	} {
		if got := strings.Join(strokes(t, test.at, test.from, test.hours), " "); got != test.want {
			t.Errorf("%q from %s: %q, want %q", test.at, test.from, got, test.want)
		}
	}
}
