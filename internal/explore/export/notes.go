package export

import (
	"fmt"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/jinyang-city/jinyang/internal/explore"
)

// notesSheet says what the table was computed from.
func notesSheet(f *excelize.File, question explore.Question, t *explore.Table) error {
	out, err := f.NewStreamWriter(sheetNotes)
	if err != nil {
		return err
	}
	if err := out.SetColWidth(1, 1, widthDimension); err != nil {
		return err
	}
	if err := out.SetColWidth(2, 2, widthNotes); err != nil {
		return err
	}
	for i, line := range noteLines(question, t) {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := out.SetRow(cell, []any{line[0], line[1]}); err != nil {
			return err
		}
	}
	return out.Flush()
}

// noteLines are the lines of the sheet: what, and its words. Cells of a workbook
// hold texts as texts, so that none of them is run as a formula.
func noteLines(q explore.Question, t *explore.Table) [][2]string {
	lines := [][2]string{{"时期", q.Period}, {"条件", strings.Join(q.Where, "；")}, {"城市日期", t.Today.String()}}
	if !t.AsOf.IsZero() {
		lines = append(lines, [2]string{"数据状态", t.AsOf.Format(time.RFC3339) + " " + t.Tag})
	}
	for _, s := range t.Sources {
		words := fmt.Sprintf("%s（%s），%s，快照%s，数据完整截至%s", s.Title.In("zh"), s.Dataset, s.Owner.Title.In("zh"), s.SnapshotID, s.CompleteTo)
		if s.Simulated {
			words += "，模拟数据"
		}
		lines = append(lines, [2]string{"来源", words})
	}
	for _, d := range t.Definitions {
		lines = append(lines, [2]string{"口径", d.Indicator + "：" + d.Definition.Words.In("zh")}, [2]string{"口径版本", d.Definition.Version})
		if note := d.Definition.Note.In("zh"); note != "" {
			lines = append(lines, [2]string{"说明", note})
		}
	}
	if t.MinGroup > 0 {
		lines = append(lines, [2]string{"抑制", fmt.Sprintf("个人数据分组少于%d人者，及可据以推算者，以“%s”表示", t.MinGroup, markSuppressed)})
	}
	for _, n := range t.Notes {
		lines = append(lines, [2]string{"备注", n.In("zh")})
	}
	return append(lines, [2]string{"符号", markNone + " 表示无数据或不可比"})
}
