package export

import (
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/explore"
)

// batchRows is how many rows are held as columns at a time.
const batchRows = 4096

// writeParquet writes one column for the kind of row, each dimension, the period
// and its days, and for each figure its number and its status. The metadata of
// the file name the sources.
func writeParquet(w io.Writer, t *explore.Table) error {
	schema := parquetSchema(t)
	out, err := pqarrow.NewFileWriter(schema, unclosed{w}, parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd)),
		pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		return city.Outside(err, "cannot write the file")
	}
	for from := 0; from < len(t.Rows); from += batchRows {
		batch := parquetBatch(schema, t, t.Rows[from:min(from+batchRows, len(t.Rows))])
		err := out.Write(batch)
		batch.Release()
		if err != nil {
			return city.Outside(err, "cannot write the file")
		}
	}
	if err := out.Close(); err != nil {
		return city.Outside(err, "cannot write the file")
	}
	return nil
}

// unclosed keeps the library from closing what it did not open.
type unclosed struct{ io.Writer }

func parquetSchema(t *explore.Table) *arrow.Schema {
	text := func(name string) arrow.Field {
		return arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true}
	}
	fields := []arrow.Field{text("row_kind")}
	for _, c := range t.Columns {
		switch c.Kind {
		case explore.ColumnDimension:
			fields = append(fields, text(c.Key), text(c.Key+"_title"))
		case explore.ColumnPeriod:
			fields = append(fields, text("period"), arrow.Field{Name: "from", Type: arrow.FixedWidthTypes.Date32, Nullable: true}, arrow.Field{Name: "to", Type: arrow.FixedWidthTypes.Date32, Nullable: true})
		default:
			fields = append(fields, arrow.Field{Name: c.Key, Type: arrow.PrimitiveTypes.Float64, Nullable: true,
				Metadata: arrow.NewMetadata([]string{"title", "unit"}, []string{c.Title.In("en"), unitName(c)})}, text(c.Key+"_status"))
		}
	}
	meta := arrow.NewMetadata([]string{"jinyang.sources", "jinyang.definitions"}, []string{sources(t), versions(t)})
	return arrow.NewSchema(fields, &meta)
}

func unitName(c explore.Column) string {
	if c.Unit == nil {
		return ""
	}
	return c.Unit.Name
}

// versions names the indicators and the versions of their definitions.
func versions(t *explore.Table) string {
	out := ""
	for i, d := range t.Definitions {
		if i > 0 {
			out += " "
		}
		out += d.Indicator + "@" + d.Definition.Version
	}
	return out
}

func parquetBatch(schema *arrow.Schema, t *explore.Table, rows []explore.Row) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for i := range rows {
		appendRow(b, t, &rows[i])
	}
	return b.NewRecordBatch()
}

func appendRow(b *array.RecordBuilder, t *explore.Table, r *explore.Row) {
	next := 0
	builder := func() array.Builder { next++; return b.Field(next - 1) }
	text := func(s string, ok bool) {
		if ok {
			builder().(*array.StringBuilder).Append(s)
		} else {
			builder().AppendNull()
		}
	}
	day := func(d city.Date) {
		if d.IsZero() {
			builder().AppendNull()
			return
		}
		builder().(*array.Date32Builder).Append(arrow.Date32FromTime(d.Time()))
	}
	text(string(r.Kind), true)
	for _, c := range t.Columns {
		switch c.Kind {
		case explore.ColumnDimension:
			v, ok := r.Dims[c.Key]
			text(v, ok && v != "")
			text(r.Labels[c.Key].In("zh"), ok)
		case explore.ColumnPeriod:
			text(r.Period, true)
			day(r.From)
			day(r.To)
		default:
			cell := r.Cells[c.Key]
			if cell.Value == nil {
				builder().AppendNull()
			} else {
				builder().(*array.Float64Builder).Append(*cell.Value)
			}
			text(string(cell.Status), true)
		}
	}
}
