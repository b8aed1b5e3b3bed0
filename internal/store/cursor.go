package store

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// The sizes of a page: what a limit below 1 means, and what a larger one is cut
// to.
const (
	DefaultPage = 50
	MaxPage     = 1000
)

// Page is a part of a list. Next is the cursor of the part after it, or "" at
// the end. A cursor is opaque: it stays good while rows are added, and names a
// place in the list and not a number of rows.
type Page[T any] struct {
	Items []T
	Next  string
}

func pageSize(limit int) int {
	if limit < 1 {
		return DefaultPage
	}
	return min(limit, MaxPage)
}

// paged cuts the row that was read beyond the page's size.
func paged[T any](items []T, size int, cursor func(T) string) Page[T] {
	if len(items) <= size {
		return Page[T]{Items: items}
	}
	return Page[T]{Items: items[:size], Next: cursor(items[size-1])}
}

func numberCursor(n int64) string { return encodeCursor(strconv.FormatInt(n, 10)) }

func parseNumberCursor(cursor string) (int64, error) {
	parts, err := decodeCursor(cursor, 1)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || numberCursor(n) != cursor {
		return 0, badCursor()
	}
	return n, nil
}

// deliveryCursor names a delivery's place in the order by time and ID.
func deliveryCursor(d Delivery) string { return encodeCursor(timeText(d.ReceivedAt), d.ID) }

func parseDeliveryCursor(cursor string) (receivedAt, id string, err error) {
	parts, err := decodeCursor(cursor, 2)
	if err != nil {
		return "", "", err
	}
	at, err := timeValue(parts[0])
	if err != nil || at.IsZero() || timeText(at) != parts[0] || !isText(parts[1]) {
		return "", "", badCursor()
	}
	return parts[0], parts[1], nil
}

const cursorSeparator = "\n"

func encodeCursor(parts ...string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, cursorSeparator)))
}

func decodeCursor(cursor string, n int) ([]string, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil {
		return nil, badCursor()
	}
	parts := strings.SplitN(string(b), cursorSeparator, n)
	if len(parts) != n || encodeCursor(parts...) != cursor { // base 64 overlooks line breaks
		return nil, badCursor()
	}
	return parts, nil
}

func badCursor() error {
	return city.Errorf(codeCursor, "the cursor is not one that this list gave out").
		WithHint("leave the cursor out to begin at the first page")
}

// heldCursor names a quarantined row's place in the order of deliveries.
func heldCursor(seq, row int64) string {
	return encodeCursor(strconv.FormatInt(seq, 10), strconv.FormatInt(row, 10))
}

// parseHeldCursor reads a cursor; the empty one comes before all rows.
func parseHeldCursor(cursor string) (seq, row int64, err error) {
	if cursor == "" {
		return 0, 0, nil
	}
	parts, err := decodeCursor(cursor, 2)
	if err != nil {
		return 0, 0, err
	}
	seq, err = strconv.ParseInt(parts[0], 10, 64)
	if err == nil {
		row, err = strconv.ParseInt(parts[1], 10, 64)
	}
	if err != nil || heldCursor(seq, row) != cursor {
		return 0, 0, badCursor()
	}
	return seq, row, nil
}
