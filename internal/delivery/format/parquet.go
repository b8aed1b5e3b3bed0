package format

import (
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Bounds of Parquet files. All columns are read side by side, each with a page
// and a dictionary in memory, so the more columns the smaller their pages may
// be.
const (
	parquetColumns = 256
	pagesBudget    = 1 << 30
	largestPage    = 64 << 20
	largestFooter  = 32 << 20
)

// parquetRows reads a Parquet file row by row. Its first record is the header.
type parquetRows struct {
	line
	w        *witness
	r        *file.Reader
	location *time.Location
	told     bool // the header was given
	group    int  // the next row group
	left     int64
	row      int64
	cells    []cell
}

// openParquet reads a Parquet file.
func (o *opener) openParquet(src Source) (Records, error) {
	w, size, err := o.spool(src)
	if err != nil {
		return nil, err
	}
	p := &parquetRows{w: w, location: o.Location}
	err = p.guard(func() error { return p.open(size) })
	if err != nil {
		return nil, err
	}
	return &opened{p, true, o}, nil
}

func (p *parquetRows) open(size int64) error {
	var tail [8]byte // the footer's length, and PAR1
	if _, err := p.w.ReadAt(tail[:], max(0, size-int64(len(tail)))); err != nil {
		return err
	}
	if n := binary.LittleEndian.Uint32(tail[:]); n > largestFooter {
		return fmt.Errorf("its footer has %d bytes", n)
	}
	props := parquet.NewReaderProperties(memory.NewGoAllocator())
	props.BufferedStreamEnabled = true
	r, err := file.NewParquetReader(io.NewSectionReader(p.w, 0, size), file.WithReadProps(props))
	if err != nil {
		return err
	}
	p.r = r
	s := r.MetaData().Schema
	n := s.NumColumns()
	if n == 0 || n > parquetColumns {
		return city.Errorf(CodeParquet, "the file has %d columns, not 1 to %d", n, parquetColumns)
	}
	props.MaxUncompressedPageSize = min(largestPage, int64(pagesBudget/2/n))
	props.MaxCompressedPageSize = props.MaxUncompressedPageSize
	for i := range n {
		if err := checkColumn(s.Column(i)); err != nil {
			return err
		}
	}
	return nil
}

// checkColumn refuses columns that have no single text per row.
func checkColumn(c *schema.Column) error {
	refuse := func(what, hint string) error {
		return city.Errorf(CodeParquet, "the column %s %s", shownText(c.Path()), what).WithHint("%s", hint)
	}
	if len(c.ColumnPath()) != 1 || c.MaxRepetitionLevel() > 0 || c.MaxDefinitionLevel() > 1 {
		return refuse("is a list or a structure", "deliver a flat table")
	}
	switch {
	case c.PhysicalType() == parquet.Types.Int96:
		return refuse("holds times as INT96, which does not say their time zone", "write it as DATE or TIMESTAMP")
	case newText(c, time.UTC) == nil:
		return refuse("has the type "+typeName(c)+", which is not read", "write it as text, number, decimal, date or timestamp")
	}
	return nil
}

func typeName(c *schema.Column) string {
	if t := c.LogicalType(); t != nil && !t.IsNone() {
		return t.String()
	}
	return c.PhysicalType().String()
}

// guard runs a step of the library. Its errors are the file's fault, unless
// the copy of the file could not be read; so are its panics, as it does not
// promise to have none on files that were damaged by intent.
func (p *parquetRows) guard(step func() error) (err error) {
	defer func() {
		if x := recover(); x != nil {
			err = badParquet(fmt.Errorf("the reader gave up: %v", x))
		}
	}()
	return p.w.blame(notEnd(step()), badParquet)
}

func badParquet(cause error) *city.Error {
	return city.Errorf(CodeParquet, "the Parquet file is damaged or cut short: %w", cause).WithHint("ask for it again")
}

// Next gives the header, then the rows.
func (p *parquetRows) Next() (*Record, error) {
	p.reset()
	if !p.told {
		p.told = true
		s := p.r.MetaData().Schema
		for i := range s.NumColumns() {
			p.add([]byte(s.Column(i).Name()))
		}
		return p.finish(0), nil
	}
	for p.left == 0 {
		if p.group == p.r.NumRowGroups() {
			return nil, io.EOF
		}
		if err := p.guard(p.nextGroup); err != nil {
			return nil, err
		}
	}
	if err := p.guard(p.readRow); err != nil {
		return nil, err
	}
	p.left--
	return p.finish(p.row), nil
}

func (p *parquetRows) nextGroup() error {
	g := p.r.RowGroup(p.group)
	p.group++
	p.left = g.NumRows()
	if p.left < 0 {
		return fmt.Errorf("a row group has %d rows", p.left)
	}
	p.cells = p.cells[:0]
	for i := range p.r.MetaData().Schema.NumColumns() {
		r, err := g.Column(i)
		if err != nil {
			return err
		}
		c, err := newCell(r, p.location)
		if err != nil {
			return err
		}
		p.cells = append(p.cells, c)
	}
	return nil
}

func (p *parquetRows) readRow() error {
	p.row++
	for _, c := range p.cells {
		var err error
		if p.text, err = c.append(p.text); err != nil {
			return err
		}
		p.end()
		if p.tooLong() {
			return city.Errorf(CodeParquet, "a row is longer than %d bytes", MaxRecord).At(fmt.Sprintf("row %d", p.row))
		}
	}
	return nil
}
