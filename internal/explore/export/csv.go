package export

import (
	"encoding/csv"
	"io"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/explore"
)

// bom tells a spreadsheet that a text is UTF-8: without it Excel reads Chinese
// as GBK, and whoever opens the file sees nonsense.
const bom = "\ufeff"

// writeCSV writes UTF-8 with a byte order mark and lines that end with CR LF. A
// dimension has a column for its code and one for its title, a figure one for
// the number, not rounded, and one for its status. The last column names the
// snapshots.
func writeCSV(w io.Writer, t *explore.Table) error {
	if _, err := io.WriteString(w, bom); err != nil {
		return city.Outside(err, "cannot write the file")
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(csvHeader(t)); err != nil {
		return city.Outside(err, "cannot write the file")
	}
	source := sources(t)
	for i := range t.Rows {
		if err := out.Write(csvRow(t, &t.Rows[i], source)); err != nil {
			return city.Outside(err, "cannot write the file")
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return city.Outside(err, "cannot write the file")
	}
	return nil
}

func csvHeader(t *explore.Table) []string {
	head := []string{"行"}
	for _, c := range t.Columns {
		switch c.Kind {
		case explore.ColumnDimension:
			head = append(head, safe(c.Key), safe(c.Title.In("zh")))
		case explore.ColumnPeriod:
			head = append(head, c.Title.In("zh"))
		default:
			head = append(head, safe(heading(c)), safe(heading(c)+"·状态"))
		}
	}
	return append(head, "来源")
}

func csvRow(t *explore.Table, r *explore.Row, source string) []string {
	row := []string{kinds[r.Kind].ZH}
	for _, c := range t.Columns {
		switch c.Kind {
		case explore.ColumnDimension:
			row = append(row, safe(r.Dims[c.Key]), safe(r.Labels[c.Key].In("zh")))
		case explore.ColumnPeriod:
			row = append(row, r.Period)
		default:
			cell := r.Cells[c.Key]
			row = append(row, number(cell), string(cell.Status))
		}
	}
	return append(row, source)
}

// heading is the title of a column with its unit.
func heading(c explore.Column) string {
	h := c.Title.In("zh")
	if c.Unit != nil && c.Unit.Title.In("zh") != "" {
		h += "（" + c.Unit.Title.In("zh") + "）"
	}
	return h
}

// sources names the datasets and snapshots of a table.
func sources(t *explore.Table) string {
	out := ""
	for i, s := range t.Sources {
		if i > 0 {
			out += " "
		}
		out += s.Dataset + "@" + s.SnapshotID
	}
	return out
}
