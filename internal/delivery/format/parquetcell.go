package format

import (
	"fmt"
	"io"
	"math"
	"math/big"
	"slices"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// cell gives the values of a column of a row group, one after the other.
type cell interface {
	// append adds the text of the next value, nothing for none.
	append(dst []byte) ([]byte, error)
}

// pageBatch is how many values are decoded at once.
const pageBatch = 128

// column reads values of one physical type. They may lie in the memory of the
// page they come from, so a batch never goes beyond one.
type column[T any] struct {
	r interface {
		file.ColumnChunkReader
		ReadBatchInPage(n int64, values []T, def, rep []int16) (int64, int, error)
	}
	text     func(dst []byte, v T) []byte
	optional bool
	values   [pageBatch]T
	def      [pageBatch]int16
	rows     int // in the batch
	row      int // the next one
	read     int // values in the batch, which are fewer than rows where some have none
	value    int // the next one
}

func (c *column[T]) append(dst []byte) ([]byte, error) {
	if c.row == c.rows {
		if err := c.fill(); err != nil {
			return dst, err
		}
	}
	none := c.optional && c.def[c.row] == 0
	c.row++
	if none {
		return dst, nil
	}
	if c.value >= c.read {
		return dst, fmt.Errorf("a page holds fewer values than it says")
	}
	c.value++
	return c.text(dst, c.values[c.value-1]), nil
}

func (c *column[T]) fill() error {
	rows, read, err := c.r.ReadBatchInPage(pageBatch, c.values[:], c.def[:], nil)
	if err == nil {
		err = c.r.Err()
	}
	if err != nil {
		return err
	}
	if rows <= 0 || rows > pageBatch || read > pageBatch {
		return io.ErrUnexpectedEOF
	}
	c.rows, c.read, c.row, c.value = int(rows), read, 0, 0
	return nil
}

func newCell(r file.ColumnChunkReader, at *time.Location) (cell, error) {
	optional := r.Descriptor().MaxDefinitionLevel() > 0
	text := newText(r.Descriptor(), at)
	if r, ok := r.(*file.BooleanColumnChunkReader); ok {
		return &column[bool]{r: r, optional: optional, text: strconv.AppendBool}, nil
	}
	switch t := text.(type) {
	case func([]byte, int32) []byte:
		if r, ok := r.(*file.Int32ColumnChunkReader); ok {
			return &column[int32]{r: r, optional: optional, text: t}, nil
		}
	case func([]byte, int64) []byte:
		if r, ok := r.(*file.Int64ColumnChunkReader); ok {
			return &column[int64]{r: r, optional: optional, text: t}, nil
		}
	case func([]byte, float32) []byte:
		if r, ok := r.(*file.Float32ColumnChunkReader); ok {
			return &column[float32]{r: r, optional: optional, text: t}, nil
		}
	case func([]byte, float64) []byte:
		if r, ok := r.(*file.Float64ColumnChunkReader); ok {
			return &column[float64]{r: r, optional: optional, text: t}, nil
		}
	case func([]byte, parquet.ByteArray) []byte:
		if r, ok := r.(*file.ByteArrayColumnChunkReader); ok {
			return &column[parquet.ByteArray]{r: r, optional: optional, text: t}, nil
		}
	case func([]byte, parquet.FixedLenByteArray) []byte:
		if r, ok := r.(*file.FixedLenByteArrayColumnChunkReader); ok {
			return &column[parquet.FixedLenByteArray]{r: r, optional: optional, text: t}, nil
		}
	}
	return nil, fmt.Errorf("a column has another type than the schema says")
}

// newText gives the function that writes a value of the column as text, which
// depends on its physical and its logical type; nil when there is none.
func newText(c *schema.Column, at *time.Location) any {
	logical := c.LogicalType()
	switch t := logical.(type) {
	case schema.DecimalLogicalType:
		return decimalText(c.PhysicalType(), int(t.Scale()))
	case schema.DateLogicalType:
		return func(dst []byte, v int32) []byte {
			return time.Unix(int64(v)*86400, 0).UTC().AppendFormat(dst, time.DateOnly)
		}
	case schema.TimestampLogicalType:
		return timestampText(t, at)
	case schema.IntLogicalType:
		return intText(c.PhysicalType(), t.IsSigned())
	case schema.TimeLogicalType, schema.IntervalLogicalType, schema.VariantLogicalType, schema.UUIDLogicalType, schema.Float16LogicalType, schema.BSONLogicalType:
		return nil
	}
	switch c.PhysicalType() {
	case parquet.Types.Boolean:
		return strconv.AppendBool
	case parquet.Types.Int32, parquet.Types.Int64:
		return intText(c.PhysicalType(), true)
	case parquet.Types.Float:
		return func(dst []byte, v float32) []byte { return appendFloat(dst, float64(v), 32) }
	case parquet.Types.Double:
		return func(dst []byte, v float64) []byte { return appendFloat(dst, v, 64) }
	case parquet.Types.ByteArray:
		return func(dst []byte, v parquet.ByteArray) []byte { return append(dst, v...) }
	}
	return nil
}

func intText(t parquet.Type, signed bool) any {
	switch {
	case t == parquet.Types.Int32 && signed:
		return func(dst []byte, v int32) []byte { return strconv.AppendInt(dst, int64(v), 10) }
	case t == parquet.Types.Int32:
		return func(dst []byte, v int32) []byte { return strconv.AppendUint(dst, uint64(uint32(v)), 10) }
	case t == parquet.Types.Int64 && signed:
		return func(dst []byte, v int64) []byte { return strconv.AppendInt(dst, v, 10) }
	case t == parquet.Types.Int64:
		return func(dst []byte, v int64) []byte { return strconv.AppendUint(dst, uint64(v), 10) }
	}
	return nil
}

// appendFloat writes the shortest decimal number that means the same, without
// an exponent where that is readable.
func appendFloat(dst []byte, v float64, bits int) []byte {
	form := byte('f')
	if a := math.Abs(v); a != 0 && (a < 1e-9 || a >= 1e21) {
		form = 'g'
	}
	return strconv.AppendFloat(dst, v, form, -1, bits)
}

func decimalText(t parquet.Type, scale int) any {
	if scale < 0 || scale > 76 {
		return nil
	}
	switch t {
	case parquet.Types.Int32:
		return func(dst []byte, v int32) []byte {
			return appendDecimal(dst, strconv.AppendInt(nil, int64(v), 10), scale)
		}
	case parquet.Types.Int64:
		return func(dst []byte, v int64) []byte { return appendDecimal(dst, strconv.AppendInt(nil, v, 10), scale) }
	case parquet.Types.ByteArray:
		return func(dst []byte, v parquet.ByteArray) []byte { return appendDecimal(dst, bigEndian(v), scale) }
	case parquet.Types.FixedLenByteArray:
		return func(dst []byte, v parquet.FixedLenByteArray) []byte { return appendDecimal(dst, bigEndian(v), scale) }
	}
	return nil
}

// mostDecimalBytes is the length of the largest decimal that is written out, of
// 76 digits; a longer one is left empty of digits and fails its check.
const mostDecimalBytes = 32

// bigEndian gives the digits of a number in two's complement.
func bigEndian(b []byte) []byte {
	if len(b) > mostDecimalBytes {
		return []byte("?")
	}
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return n.Append(nil, 10)
}

// appendDecimal sets the point into the digits of a number.
func appendDecimal(dst, digits []byte, scale int) []byte {
	if len(digits) > 0 && digits[0] == '-' {
		dst, digits = append(dst, '-'), digits[1:]
	}
	if scale == 0 {
		return append(dst, digits...)
	}
	if short := scale + 1 - len(digits); short > 0 {
		digits = slices.Insert(digits, 0, slices.Repeat([]byte{'0'}, short)...)
	}
	point := len(digits) - scale
	dst = append(append(dst, digits[:point]...), '.')
	return append(dst, digits[point:]...)
}

func timestampText(t schema.TimestampLogicalType, at *time.Location) any {
	if !t.IsAdjustedToUTC() {
		at = time.UTC // a time of the clock, whose zone is not said
	}
	return func(dst []byte, v int64) []byte {
		var moment time.Time
		switch t.TimeUnit() {
		case schema.TimeUnitMillis:
			moment = time.UnixMilli(v)
		case schema.TimeUnitMicros:
			moment = time.UnixMicro(v)
		default:
			moment = time.Unix(0, v)
		}
		return appendTime(dst, moment.In(at))
	}
}

// appendTime writes a moment as bureaus do: midnight means the day.
func appendTime(dst []byte, t time.Time) []byte {
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0 {
		return t.AppendFormat(dst, time.DateOnly)
	}
	return t.AppendFormat(dst, "2006-01-02 15:04:05.999999999")
}
