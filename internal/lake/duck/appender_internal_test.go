package duck

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// stagedBench fills a table that has a column of every type that a stage may
// have; the texts of the last but one are numbered by a dictionary.
type stagedBench struct{ conn *sql.Conn }

const (
	stagedTypes  = "a BIGINT, b DOUBLE, c DECIMAL(18,2), d DATE, e BOOLEAN, f VARCHAR, g TIMESTAMP, h INTEGER, n BIGINT"
	stagedValues = "SELECT a, b, CAST(c * 100 AS BIGINT), d, e, f, g, h, n FROM staged ORDER BY n"
)

func newStagedBench(t *testing.T) *stagedBench {
	t.Helper()
	e, err := Open(Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := e.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return &stagedBench{conn}
}

// open makes the table anew.
func (b *stagedBench) open() (*appender, error) {
	if _, err := b.conn.ExecContext(context.Background(), "CREATE OR REPLACE TEMP TABLE staged ("+stagedTypes+")"); err != nil {
		return nil, err
	}
	s := &stage{conn: b.conn}
	return s.appendTo("staged", []*dictionary{7: {codes: map[string]int32{}}})
}

// rows reads the table back.
func (b *stagedBench) rows() (out []string, err error) {
	rows, err := b.conn.QueryContext(context.Background(), stagedValues)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	values, into := make([]any, 9), make([]any, 9)
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		out = append(out, fmt.Sprint(values))
	}
	return out, rows.Err()
}

// TestAppender holds that what is appended is read back: values of every type,
// texts on both sides of what fits in place, empty values anywhere, and rows on
// both sides of the end of a chunk.
func TestAppender(t *testing.T) {
	t.Parallel()
	b := newStagedBench(t)
	texts := rapid.Custom(func(t *rapid.T) string {
		n := rapid.SampledFrom([]int{0, 1, 3, 4, 5, 11, 12, 13, 26, 300}).Draw(t, "length")
		return strings.Repeat(rapid.SampledFrom([]string{"x", "晋", "é"}).Draw(t, "letter"), n)
	})
	rapid.Check(t, func(t *rapid.T) {
		a, err := b.open()
		if err != nil {
			t.Fatal(err)
		}
		some := rapid.SliceOfN(texts, 1, 5).Draw(t, "texts")
		every := rapid.IntRange(1, 9).Draw(t, "every")
		codes := &dictionary{codes: map[string]int32{}}
		var want []string
		for i := range rapid.SampledFrom([]int{0, 1, 7, 65, 2047, 2048, 2049, 4097}).Draw(t, "rows") {
			text, day := some[i%len(some)], time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 37*i)
			values := []any{int64(-i), float64(i) / 4, int64(107 * i), day, i%2 == 0, text, day.Add(time.Duration(i) * time.Microsecond), text}
			if i%every == 0 {
				values[i/every%len(values)] = nil
			}
			shown := append([]any(nil), values...)
			if values[7] != nil {
				shown[7] = codes.code(text)
			}
			want = append(want, fmt.Sprint(append(shown, i)))
			if err := a.add(values, int64(i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.close(); err != nil {
			t.Fatal(err)
		}
		got, err := b.rows()
		if err != nil || len(got) != len(want) {
			t.Fatalf("%d rows of %d came back: %v", len(got), len(want), err)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("row %d is %.300s, want %.300s", i, got[i], want[i])
			}
		}
	})
}

// TestAppenderRefuses holds that a value which does not fit its column, and a
// row of another width, is an error that leaves the rows around it as they are.
func TestAppenderRefuses(t *testing.T) {
	t.Parallel()
	b := newStagedBench(t)
	a, err := b.open()
	if err != nil {
		t.Fatal(err)
	}
	good := []any{int64(1), 2.0, int64(3), time.Unix(0, 0).UTC(), true, "bad \xff byte", nil, "word"}
	if err := a.add(good, 1); err != nil {
		t.Fatal(err)
	}
	for i := range good {
		for _, wrong := range []any{int64(1), 2.0, time.Unix(0, 0), true, "text", 'x', []byte("x")} {
			if fits := fmt.Sprintf("%T", wrong) == fmt.Sprintf("%T", good[i]) || i == 6 && fmt.Sprintf("%T", wrong) == "time.Time"; fits {
				continue
			}
			row := append([]any(nil), good...)
			row[i] = wrong
			if err := a.add(row, 2); err == nil {
				t.Errorf("column %d took a %T", i+1, wrong)
			}
		}
	}
	if err := a.add(good); err == nil {
		t.Error("a row without its number was taken")
	}
	if err := a.add(good, 3); err != nil {
		t.Fatal(err)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	got, err := b.rows()
	want := "[1 2 3 1970-01-01 00:00:00 +0000 UTC true bad \uFFFD byte <nil> 1 "
	if err != nil || len(got) != 2 || got[0] != want+"1]" || got[1] != want+"3]" {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestAppenderManyTexts holds that texts are handed over in time when they are
// many or large.
func TestAppenderManyTexts(t *testing.T) {
	t.Parallel()
	b := newStagedBench(t)
	a, err := b.open()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		row := make([]any, 8)
		row[5] = strings.Repeat(string(rune('a'+i)), mostText/3)
		if err := a.add(row, int64(i)); err != nil {
			t.Fatal(err)
		}
		if len(a.texts) > 2*mostText {
			t.Fatalf("%d bytes of texts wait", len(a.texts))
		}
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	var n, letters int64
	err = b.conn.QueryRowContext(t.Context(), "SELECT count(*), sum(length(f)) FROM staged WHERE f = repeat(f[1], length(f))").Scan(&n, &letters)
	if err != nil || n != 20 || letters != 20*(mostText/3) {
		t.Errorf("%d rows with %d letters: %v", n, letters, err)
	}
}

// TestRawConnection holds that only a connection of the driver is taken.
func TestRawConnection(t *testing.T) {
	t.Parallel()
	for _, other := range []any{nil, 1, &sql.Conn{}} {
		if _, err := rawConnection(other); err == nil {
			t.Errorf("a %T was taken for a connection", other)
		}
	}
}
