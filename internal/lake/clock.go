package lake

import (
	"context"
	"math"
	"strconv"
	"time"

	"github.com/apache/iceberg-go/table"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Clocks are set back, and are wrong for a while. The times of a table never
// run backwards all the same: a change is made at the clock's time or a
// millisecond after the change before it, whichever is later. So the order of
// the times is the order of the commits, and past states can be asked for by
// them (docs/adr/0012).

// clockSlack is how far a clock may be behind before anybody is told.
const clockSlack = time.Minute

// propClock is the property of a snapshot's summary that says what the clock
// read, in milliseconds since 1970, when that was earlier than the snapshot's time.
const propClock = "jinyang.clock-ms"

// timed gives the catalogue as a change of the table sees it, and tells once
// when the clock is behind the table.
func (l *Lake) timed(dataset string, t *table.Table) timed {
	now, last := l.now().UnixMilli(), t.Metadata().LastUpdatedMillis()
	if behind := millis(last - now); behind > clockSlack && l.handle(dataset).tell() {
		l.behind(dataset, behind)
	}
	return timed{l.cat, now, max(now, last+1), t.Metadata().LastSequenceNumber()}
}

// millis is a time of n milliseconds, or of the 292 years that a Duration can hold.
func millis(n int64) time.Duration {
	return time.Duration(min(n, math.MaxInt64/int64(time.Millisecond))) * time.Millisecond
}

// Behind says how far the clock is behind the last change of a dataset's table,
// 0 when it is not, or by no more than a minute.
func (l *Lake) Behind(ctx context.Context, ds *city.Dataset) (time.Duration, error) {
	t, err := l.load(ctx, ds.Name)
	if err != nil || t == nil {
		return 0, err
	}
	if behind := millis(t.Metadata().LastUpdatedMillis() - l.now().UnixMilli()); behind > clockSlack {
		return behind, nil
	}
	return 0, nil
}

// byCommit stands for the clock where times of commits count as they are.
const byCommit = math.MaxInt64

// timeOf is the time of a snapshot in the eyes of a clock that reads now. A time
// that has not come yet is not true: the clock was ahead then, or was when a
// commit before it was made; what it read at the commit counts instead.
//
// Upkeep goes by it, whose decisions are final: else the tags of the months would
// leave out, and expiry would keep, all that is delivered until the clock has
// come to where it once was by mistake.
func timeOf(s table.Snapshot, now int64) int64 {
	if s.TimestampMs > now && s.Summary != nil {
		if ms, err := strconv.ParseInt(s.Summary.Properties[propClock], 10, 64); err == nil {
			return ms
		}
	}
	return s.TimestampMs
}
