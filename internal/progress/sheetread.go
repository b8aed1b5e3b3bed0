package progress

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// Bounds of a workbook of reports.
const (
	MaxWorkbook = 5 << 20 // bytes
	maxRows     = 2000
)

// CodeWorkbook is the code of a workbook that cannot be read as reports.
const CodeWorkbook = city.CodeInvalid + ".workbook"

// sheetRow is a row of a workbook of reports.
type sheetRow struct {
	line  int64 // of the sheet, from 1
	cells [columns]string
}

// blank says that nothing was filled in.
func (r sheetRow) blank() bool {
	return r.cells[colValue]+r.cells[colStatus]+r.cells[colDate]+r.cells[colNote] == ""
}

// readSheet reads the rows of a workbook. It goes through the reader of
// deliveries, which bounds what a packed file may become.
func readSheet(ctx context.Context, src io.Reader) ([]sheetRow, error) {
	data, err := io.ReadAll(io.LimitReader(&reading{ctx, src}, MaxWorkbook+1))
	switch {
	case err != nil:
		return nil, city.Outside(err, "the workbook could not be read to its end")
	case len(data) > MaxWorkbook:
		return nil, city.Errorf(CodeWorkbook, "the workbook is larger than %d MiB", MaxWorkbook>>20)
	case !bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return nil, city.Errorf(CodeWorkbook, "this is not an XLSX workbook").WithHint("fill in the template, and save it as XLSX")
	}
	probe := &format.Probe{}
	if _, err := probe.Write(data); err != nil {
		return nil, city.Errorf(CodeWorkbook, "the workbook cannot be read: %w", err)
	}
	opt := format.Options{
		Limits:  format.Limits{Unpacked: 64 << 20, Free: 16 << 20, Scratch: 64 << 20, Entries: 200},
		Scratch: func() (format.Scratch, error) { return &memory{}, nil },
	}
	for i, name := range headers() {
		if i == colTarget || i >= colPeriod {
			opt.Columns = append(opt.Columns, []string{name})
		} else {
			opt.Other = append(opt.Other, name)
		}
	}
	records, err := format.Open(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }, probe, opt)
	if err != nil {
		return nil, err
	}
	rows, err := rowsOf(records)
	return rows, errors.Join(err, records.Close())
}

// rowsOf reads the records: the header, and then a row each.
func rowsOf(records format.Records) ([]sheetRow, error) {
	first, err := records.Next()
	if errors.Is(err, io.EOF) {
		return nil, city.Errorf(CodeWorkbook, "the workbook is empty")
	}
	if err != nil {
		return nil, err
	}
	var place [columns]int
	for i, name := range headers() {
		place[i] = -1
		for j, f := range first.Fields {
			if strings.TrimSpace(string(f)) == name {
				place[i] = j
			}
		}
		if place[i] < 0 && (i == colTarget || i >= colPeriod) {
			return nil, city.Errorf(CodeWorkbook, "the workbook has no column %q", name).WithHint("fill in the template, and keep its first row")
		}
	}
	var out []sheetRow
	for {
		rec, err := records.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		row := sheetRow{line: rec.Line}
		for i, j := range place {
			if j >= 0 && j < len(rec.Fields) {
				row.cells[i] = strings.TrimSpace(string(rec.Fields[j]))
			}
		}
		if row.cells[colTarget] == "" && row.blank() {
			continue
		}
		if out = append(out, row); len(out) > maxRows {
			return nil, city.Errorf(CodeWorkbook, "the workbook has more than %d rows", maxRows).WithHint("import it in parts")
		}
	}
}

// filing reads a row as a report.
func (r sheetRow) filing(by string) (Filing, error) {
	f := Filing{Target: r.cells[colTarget], Period: r.cells[colPeriod], Note: r.cells[colNote], Replaces: r.cells[colReplaces], By: by}
	if s := r.cells[colValue]; s != "" {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || strings.Trim(s, "0123456789.-+eE") != "" {
			return f, city.Errorf(CodeInvalid, "the value is not a number").At("value").WithHint("write digits and a point, without unit and separators")
		}
		f.Value = &v
	}
	if r.cells[colStatus]+r.cells[colDate] == "" {
		return f, nil
	}
	done, ok := statusOf(r.cells[colStatus])
	if !ok {
		return f, city.Errorf(CodeInvalid, "the status is not one of the two words").At("status").WithHint("choose %s or %s", statusDone, statusOpen)
	}
	text, _, _ := strings.Cut(r.cells[colDate], " ")
	day, err := city.ParseDate(text)
	if err != nil {
		return f, city.Errorf(CodeInvalid, "the date is not a day").At("date").WithHint("write it as 2024-09-30")
	}
	if done {
		f.DoneOn = day
	} else {
		f.ExpectedOn = day
	}
	return f, nil
}

// memory is a temporary file that is small enough to be none.
type memory struct{ data []byte }

func (m *memory) Write(p []byte) (int, error) {
	m.data = append(m.data, p...)
	return len(p), nil
}

func (m *memory) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= int64(len(m.data)) {
		return 0, io.EOF
	}
	n := copy(p, m.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (m *memory) Close() error { return nil }

var _ format.Scratch = (*memory)(nil)
