package hooks

import (
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// A schedule is when a clock strikes: a set of minutes, hours, days, months and days of the week, as bits.
type schedule struct {
	minutes, hours, days, months, weekdays uint64
	anyDay, anyWeekday                     bool // the field begins with a star
	everyHour                              bool // it goes by the hours that pass, not by those that the clock shows
}

var (
	monthNames = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
	dayNames   = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
)

// parseSchedule reads "03:33" or the five fields of cron: minute, hour, day of the month, month, day of the week, with
// stars, lists, ranges, steps and English names of three letters. 0 and 7 are Sunday.
func parseSchedule(at string) (schedule, error) {
	fields := strings.Fields(at)
	if hour, minute, ok := strings.Cut(at, ":"); ok && len(fields) == 1 {
		if len(minute) != 2 {
			return schedule{}, fmt.Errorf("%q is no time of day: write it as 03:33", at)
		}
		fields = []string{minute, hour, "*", "*", "*"}
	}
	if len(fields) != 5 {
		return schedule{}, fmt.Errorf("%q is neither a time such as 03:33 nor the five fields of cron", at)
	}
	var s schedule
	for i, f := range []struct {
		into      *uint64
		name      string
		low, high int
		names     []string
	}{
		{&s.minutes, "minute", 0, 59, nil},
		{&s.hours, "hour", 0, 23, nil},
		{&s.days, "day of the month", 1, 31, nil},
		{&s.months, "month", 1, 12, monthNames},
		{&s.weekdays, "day of the week", 0, 7, dayNames},
	} {
		set, err := parseField(fields[i], f.low, f.high, f.names)
		if err != nil {
			return schedule{}, fmt.Errorf("%q as the %s: %w", fields[i], f.name, err)
		}
		*f.into = set
	}
	s.weekdays |= s.weekdays >> 7 & 1
	s.anyDay, s.anyWeekday = strings.HasPrefix(fields[2], "*"), strings.HasPrefix(fields[4], "*")
	s.everyHour = strings.HasPrefix(fields[1], "*")
	if s.anyWeekday && !s.everComes() {
		return schedule{}, fmt.Errorf("%q is a day that no year has", at)
	}
	return s, nil
}

func parseField(field string, low, high int, names []string) (uint64, error) {
	var set uint64
	for item := range strings.SplitSeq(field, ",") {
		span, by, stepped := strings.Cut(item, "/")
		step := 1
		if stepped {
			n, err := strconv.Atoi(by)
			if err != nil || n < 1 || n > high {
				return 0, fmt.Errorf("a step is a number from 1 to %d", high)
			}
			step = n
		}
		from, to := low, high
		if span != "*" {
			first, last, ranged := strings.Cut(span, "-")
			var err error
			if from, err = parseValue(first, low, high, names); err != nil {
				return 0, err
			}
			to = from
			if ranged {
				if to, err = parseValue(last, low, high, names); err != nil {
					return 0, err
				}
			}
			switch {
			case stepped && !ranged:
				return 0, errors.New("a step goes with a star or a range")
			case to < from:
				return 0, errors.New("a range goes up")
			}
		} else if high == 7 {
			to = 6 // Sunday once
		}
		for v := from; v <= to; v += step {
			set |= 1 << v
		}
	}
	return set, nil
}

func parseValue(word string, low, high int, names []string) (int, error) {
	for i, name := range names {
		if strings.EqualFold(word, name) {
			return i + low, nil
		}
	}
	n, err := strconv.Atoi(word)
	if err != nil || n < low || n > high || strings.ContainsAny(word, "+-") {
		return 0, fmt.Errorf("want %d to %d", low, high)
	}
	return n, nil
}

// everComes reports whether one of the days is in one of the months.
func (s schedule) everComes() bool {
	first := bits.TrailingZeros64(s.days)
	for month := 1; month <= 12; month++ {
		longest := time.Date(2024, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day() // a leap year
		if s.months>>month&1 == 1 && first <= longest {
			return true
		}
	}
	return false
}

// strikesAt reports whether the clock strikes in the minute of t, as t's zone shows it. As with cron, a day counts if
// either of two restricted day fields holds. Where clocks are put forward, a time that is left out does not strike;
// where they are put back, a time of fixed hours strikes the first time only.
func (s schedule) strikesAt(t time.Time) bool {
	day := s.days>>t.Day()&1 == 1
	weekday := s.weekdays>>int(t.Weekday())&1 == 1
	if s.anyDay || s.anyWeekday {
		day = day && weekday
	} else {
		day = day || weekday
	}
	return day && s.months>>int(t.Month())&1 == 1 && s.hours>>t.Hour()&1 == 1 && s.minutes>>t.Minute()&1 == 1 &&
		(s.everyHour || !again(t))
}

// again reports whether clocks showed the time of t once before, because they were put back within the last 3 hours.
func again(t time.Time) bool {
	_, now := t.Zone()
	_, before := t.Add(-3 * time.Hour).Zone()
	if before <= now {
		return false
	}
	earlier := t.Add(-time.Duration(before-now) * time.Second)
	return earlier.Day() == t.Day() && earlier.Hour() == t.Hour() && earlier.Minute() == t.Minute()
}
