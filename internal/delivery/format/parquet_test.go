package format_test

import (
	"bytes"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/jinyang-city/jinyang/internal/city"
)

// parquetOf writes one column of each builder's values.
func parquetOf(t testing.TB, fields []arrow.Field, fill func(b *array.RecordBuilder), props ...parquet.WriterProperty) []byte {
	t.Helper()
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	fill(b)
	rec := b.NewRecordBatch()
	defer rec.Release()
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &out, parquet.NewWriterProperties(props...), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	if err := errorsOf(w.Write(rec), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// texts is a Parquet file of n rows with texts, some of them empty.
func texts(t testing.TB, n int, props ...parquet.WriterProperty) []byte {
	return parquetOf(t, []arrow.Field{{Name: "编号", Type: arrow.BinaryTypes.String}, {Name: "备注", Type: arrow.BinaryTypes.String, Nullable: true}}, func(b *array.RecordBuilder) {
		for i := range n {
			b.Field(0).(*array.StringBuilder).Append(fmt.Sprint("R", i))
			if i%3 == 0 {
				b.Field(1).AppendNull()
			} else {
				b.Field(1).(*array.StringBuilder).Append(fmt.Sprint(i % 7))
			}
		}
	}, props...)
}

func TestParquetTypes(t *testing.T) {
	t.Parallel()
	moment := time.Date(2024, 1, 4, 16, 0, 0, 0, time.UTC) // midnight of 5 January in Taiyuan
	for _, c := range []struct {
		name  string
		typ   arrow.DataType
		value string
		want  string
	}{
		{"text", arrow.BinaryTypes.String, "太原,市", "太原,市"},
		{"binary", arrow.BinaryTypes.Binary, "eA==", "x"},
		{"bool", arrow.FixedWidthTypes.Boolean, "true", "true"},
		{"int8", arrow.PrimitiveTypes.Int8, "-7", "-7"},
		{"uint32", arrow.PrimitiveTypes.Uint32, "4294967295", "4294967295"},
		{"int64", arrow.PrimitiveTypes.Int64, "140105199003072317", "140105199003072317"},
		{"uint64", arrow.PrimitiveTypes.Uint64, "18446744073709551615", "18446744073709551615"},
		{"float", arrow.PrimitiveTypes.Float32, "0.1", "0.1"},
		{"double", arrow.PrimitiveTypes.Float64, "123456789012345680", "123456789012345680"},
		{"date", arrow.FixedWidthTypes.Date32, "2024-02-29", "2024-02-29"},
		{"timestamp", &arrow.TimestampType{Unit: arrow.Microsecond}, "2024-01-05 00:00:00", "2024-01-05"},
		{"timestamp with time", &arrow.TimestampType{Unit: arrow.Millisecond}, "2024-01-05 08:09:10.5", "2024-01-05 08:09:10.5"},
		{"instant", &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}, moment.Format(time.RFC3339), "2024-01-05"},
		{"decimal", &arrow.Decimal128Type{Precision: 18, Scale: 2}, "-1234.50", "-1234.50"},
		{"small decimal", &arrow.Decimal128Type{Precision: 30, Scale: 3}, "-0.005", "-0.005"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			content := parquetOf(t, []arrow.Field{{Name: "编号", Type: c.typ, Nullable: true}}, func(b *array.RecordBuilder) {
				if err := b.Field(0).AppendValueFromString(c.value); err != nil {
					t.Fatal(err)
				}
				b.Field(0).AppendNull()
			})
			rows, err := openFile(t, content)
			if got := strings.Join(rows, "/"); err != nil || got != "编号/"+c.want+"/" {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
}

func TestParquetPages(t *testing.T) {
	t.Parallel()
	const n = 3000
	for name, props := range map[string][]parquet.WriterProperty{
		"dictionary":      {parquet.WithDictionaryDefault(true)},
		"plain":           {parquet.WithDictionaryDefault(false)},
		"small pages":     {parquet.WithDataPageSize(256), parquet.WithBatchSize(50), parquet.WithDictionaryDefault(false)},
		"many groups":     {parquet.WithMaxRowGroupLength(101)},
		"zstd, version 2": {parquet.WithCompression(compress.Codecs.Zstd), parquet.WithDataPageVersion(parquet.DataPageV2)},
		"snappy":          {parquet.WithCompression(compress.Codecs.Snappy)},
		"gzip":            {parquet.WithCompression(compress.Codecs.Gzip)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, err := openFile(t, texts(t, n, props...))
			if err != nil || len(rows) != n+1 {
				t.Fatalf("%d rows, %v", len(rows), err)
			}
			for i, r := range rows[1:] {
				want := fmt.Sprintf("R%d|%d", i, i%7)
				if i%3 == 0 {
					want = fmt.Sprintf("R%d|", i)
				}
				if r != want {
					t.Fatalf("row %d is %s, want %s", i, r, want)
				}
			}
		})
	}
}

func TestParquetRefused(t *testing.T) {
	t.Parallel()
	good := texts(t, 500, parquet.WithDictionaryDefault(false))
	flipped := bytes.Clone(good)
	copy(flipped[20:], strings.Repeat("\xff", 40))
	one := func(typ arrow.DataType) []byte {
		return parquetOf(t, []arrow.Field{{Name: "编号", Type: typ, Nullable: true}}, func(b *array.RecordBuilder) { b.Field(0).AppendNull() })
	}
	wide := make([]arrow.Field, 300)
	for i := range wide {
		wide[i] = arrow.Field{Name: fmt.Sprint("c", i), Type: arrow.PrimitiveTypes.Int32}
	}
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"cut short":     {good[:len(good)-10], "damaged or cut short"},
		"cut in two":    {good[:len(good)/2], "damaged or cut short"},
		"head only":     {[]byte("PAR1"), "damaged or cut short"},
		"damaged pages": {flipped, "damaged or cut short"},
		"list":          {one(arrow.ListOf(arrow.PrimitiveTypes.Int32)), `"编号.list.element" is a list`},
		"structure":     {one(arrow.StructOf(arrow.Field{Name: "a", Type: arrow.PrimitiveTypes.Int32, Nullable: true})), "is a list or a structure"},
		"time":          {one(arrow.FixedWidthTypes.Time32ms), "is not read"},
		"fixed bytes":   {one(&arrow.FixedSizeBinaryType{ByteWidth: 4}), "is not read"},
		"many columns":  {parquetOf(t, wide, func(*array.RecordBuilder) {}), "300 columns"},
		"a long value": {parquetOf(t, []arrow.Field{{Name: "编号", Type: arrow.BinaryTypes.String}}, func(b *array.RecordBuilder) {
			b.Field(0).(*array.StringBuilder).Append(strings.Repeat("x", 2<<20))
		}), "a row is longer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := openFile(t, c.content); city.CodeOf(err) != "invalid.parquet" || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestParquetDecimals compares decimals of many digits with package big.
func TestParquetDecimals(t *testing.T) {
	t.Parallel()
	n, _ := new(big.Int).SetString("-12345678901234567890123456789012345678", 10)
	content := parquetOf(t, []arrow.Field{{Name: "金额", Type: &arrow.Decimal128Type{Precision: 38, Scale: 10}}}, func(b *array.RecordBuilder) {
		b.Field(0).(*array.Decimal128Builder).Append(decimal128.FromBigInt(n))
	})
	if rows, err := openFile(t, content); err != nil || rows[1] != "-1234567890123456789012345678.9012345678" {
		t.Errorf("got %v, %v", rows, err)
	}
}
