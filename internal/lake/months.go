package lake

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// monthPrefix begins the names of month-end tags: month-2024-10.
const monthPrefix = "month-"

// MonthTag is the name of the tag of a day's month.
func MonthTag(d city.Date) string { return monthPrefix + d.String()[:len("2006-01")] }

// monthOf gives the first day of the month that a month-end tag is of.
func monthOf(name string) (city.Date, bool) {
	month, ok := strings.CutPrefix(name, monthPrefix)
	if !ok {
		return city.Date{}, false
	}
	d, err := city.ParseDate(month + "-01")
	return d, err == nil
}

// TagMonths makes the tags of the months that ended before now by a clock in
// the zone, each at its own end, also for months in which the program did not
// run. A month whose state has expired is passed over. Calling it again, or after
// it was cut off, makes what is left.
func (l *Lake) TagMonths(ctx context.Context, now time.Time, zone *time.Location, noted Noted) ([]Tag, error) {
	l.tagging.Lock()
	defer l.tagging.Unlock()
	due, err := l.untagged(ctx, now, zone)
	if err != nil {
		return nil, err
	}
	var out []Tag
	for _, r := range due {
		t, err := l.makeTag(ctx, r, noted)
		if err != nil {
			return out, err
		}
		out = append(out, t)
	}
	return out, nil
}

// untagged lists the months that ended without a tag, oldest first. It looks
// back from now: tags of months are made in order, so that nothing is missing
// before one that is there.
func (l *Lake) untagged(ctx context.Context, now time.Time, zone *time.Location) ([]tagRow, error) {
	rows, err := l.tagRows(ctx)
	if err != nil {
		return nil, err
	}
	var out []tagRow
	for month := city.DateOf(now.In(zone)).MonthStart().AddDays(-1).MonthStart(); ; month = month.AddDays(-1).MonthStart() {
		if slices.ContainsFunc(rows, func(r tagRow) bool { return r.name == MonthTag(month) }) {
			break
		}
		r := tagRow{name: MonthTag(month), moment: endOf(month.MonthEnd(), zone).UnixMilli()}
		r.cut, err = l.cutAt(ctx, r.moment, now.UnixMilli())
		if err != nil && city.CodeOf(err) != CodeSnapshotGone {
			return nil, err
		}
		if err != nil || len(r.cut) == 0 {
			break
		}
		out = append(out, r)
	}
	slices.Reverse(out)
	return out, nil
}

// cutAt gives the snapshots that were the state of the tables at a moment, in
// the eyes of a clock that reads now; none of a table that had no rows.
func (l *Lake) cutAt(ctx context.Context, moment, now int64) (map[string]int64, error) {
	tables, err := l.Tables(ctx)
	if err != nil {
		return nil, err
	}
	cut := map[string]int64{}
	for _, dataset := range tables {
		t, err := l.load(ctx, dataset)
		if err != nil {
			return nil, err
		}
		if t == nil {
			continue
		}
		snap, err := l.lastAt(ctx, dataset, t, moment, now)
		if err != nil {
			return nil, err
		}
		if snap != nil {
			cut[dataset] = snap.SnapshotID
		}
	}
	return cut, nil
}

// TagMonth makes the tag of a month at the present state, unless there is one:
// for a city that stands still at a day, whose clock does not reach the end of
// the month. made is false when there was nothing to do.
func (l *Lake) TagMonth(ctx context.Context, month city.Date, now time.Time, noted Noted) (tag Tag, made bool, err error) {
	rows, err := l.tagRows(ctx)
	if err != nil {
		return Tag{}, false, err
	}
	if slices.ContainsFunc(rows, func(r tagRow) bool { return r.name == MonthTag(month) }) {
		return Tag{}, false, nil
	}
	cut, err := l.cutAt(ctx, byCommit, byCommit) // the present, whatever the clock says
	if err != nil || len(cut) == 0 {
		return Tag{}, false, err
	}
	tag, err = l.TagNow(ctx, MonthTag(month), now, noted)
	return tag, err == nil, err
}
