package duck

import (
	"encoding/binary"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2/mapping"
)

// column is the memory of one column of a chunk. The slice of its type has one
// element for each row that the chunk has room for, the others are nil, so that
// a value of another type, or beyond the chunk, finds no place.
type column struct {
	kind    mapping.Type
	dict    *dictionary // nil where the value itself is staged
	vector  mapping.Vector
	room    int     // for rows
	longs   []int64 // whole numbers, and decimals counted in their smallest unit
	ints    []int32 // numbers of a dictionary, and days since 1970-01-01
	moments []int64 // microseconds since 1970-01-01
	doubles []float64
	bools   []bool
	texts   []text
	valid   []uint64 // a bit for each row; nil while none is empty
}

// text is how DuckDB keeps a text in a column (duckdb_string_t in duckdb.h): up
// to twelve bytes in place, of a longer one the first four and where it lies.
type text struct {
	size uint32
	head [4]byte
	tail [8]byte
}

const textInPlace = 12

// newColumn gives a column for values of a type that lake.SQLType or the stage
// declares.
func newColumn(t mapping.LogicalType) (column, error) {
	kind := mapping.GetTypeId(t)
	if kind == mapping.TypeDecimal {
		kind = mapping.DecimalInternalType(t)
	}
	switch kind {
	case mapping.TypeBigInt, mapping.TypeInteger, mapping.TypeDate, mapping.TypeTimestamp, mapping.TypeDouble, mapping.TypeBoolean, mapping.TypeVarchar:
		return column{kind: kind}, nil
	}
	return column{}, fmt.Errorf("DuckDB's type %d cannot be staged", kind)
}

// renew takes the memory of an empty chunk.
func (c *column) renew(v mapping.Vector, room int) {
	c.vector, c.room, c.valid = v, room, nil
	at := mapping.VectorGetData(v)
	switch c.kind {
	case mapping.TypeBigInt:
		c.longs = unsafe.Slice((*int64)(at), room)
	case mapping.TypeInteger, mapping.TypeDate:
		c.ints = unsafe.Slice((*int32)(at), room)
	case mapping.TypeTimestamp:
		c.moments = unsafe.Slice((*int64)(at), room)
	case mapping.TypeDouble:
		c.doubles = unsafe.Slice((*float64)(at), room)
	case mapping.TypeBoolean:
		c.bools = unsafe.Slice((*bool)(at), room)
	case mapping.TypeVarchar:
		c.texts = unsafe.Slice((*text)(at), room)
	}
}

// set writes a value that is no text, or one of the column's dictionary.
func (c *column) set(row int, v any) error {
	switch v := v.(type) {
	case nil:
		c.setEmpty(row)
		return nil
	case int64:
		return c.setLong(row, v)
	case string:
		if c.dict != nil && c.kind == mapping.TypeInteger {
			return place(c, c.ints, row, c.dict.code(v))
		}
	case time.Time:
		if c.kind == mapping.TypeDate {
			return place(c, c.ints, row, dayNumber(v))
		}
		return place(c, c.moments, row, v.UnixMicro())
	case float64:
		return place(c, c.doubles, row, v)
	case bool:
		return place(c, c.bools, row, v)
	}
	return fmt.Errorf("a %T does not fit into its column", v)
}

func (c *column) setLong(row int, n int64) error { return place(c, c.longs, row, n) }

// place writes a value into the slice of its type.
func place[T any](c *column, in []T, row int, v T) error {
	if row >= len(in) {
		return fmt.Errorf("a %T does not fit into its column", v)
	}
	in[row] = v
	if c.valid != nil {
		c.valid[row/64] |= 1 << (row % 64)
	}
	return nil
}

// setEmpty makes a row empty.
func (c *column) setEmpty(row int) {
	if c.valid == nil {
		mapping.VectorEnsureValidityWritable(c.vector)
		c.valid = unsafe.Slice((*uint64)(mapping.VectorGetValidity(c.vector)), (c.room+63)/64)
	}
	c.valid[row/64] &^= 1 << (row % 64)
}

// setText writes a text. A long one is added to long, and the column has its
// position there until point makes it an address. DuckDB takes for granted that
// texts are UTF-8: bytes that are not become U+FFFD.
func (c *column) setText(row int, s string, long []byte) ([]byte, error) {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	t := text{size: uint32(len(s))}
	n := copy(t.head[:], s)
	if len(s) <= textInPlace {
		copy(t.tail[:], s[n:])
	} else {
		binary.NativeEndian.PutUint64(t.tail[:], uint64(len(long)))
		long = append(long, s...)
	}
	return long, place(c, c.texts, row, t)
}

// point makes positions in long addresses. The memory of long must not move
// until the chunk is renewed.
func (c *column) point(rows int, long []byte) {
	for i := range min(rows, len(c.texts)) {
		t := &c.texts[i]
		if t.size <= textInPlace || c.valid != nil && c.valid[i/64]>>(i%64)&1 == 0 {
			continue
		}
		at := binary.NativeEndian.Uint64(t.tail[:])
		address := uintptr(unsafe.Pointer(&long[at : at+uint64(t.size)][0]))
		binary.NativeEndian.PutUint64(t.tail[:], uint64(address))
	}
}

// dayNumber counts the days from 1970-01-01 to the day of t in UTC.
func dayNumber(t time.Time) int32 {
	const day = 24 * 60 * 60
	s := t.Unix()
	if s < 0 {
		s -= day - 1
	}
	return int32(s / day)
}
