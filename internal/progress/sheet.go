package progress

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/plan"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// The columns of a workbook of reports, in order. Those from colPeriod on are
// filled in; the others say what is asked.
const (
	colTarget = iota
	colTitle
	colPromise
	colUnit
	colDeadline
	colDue
	colDays
	colLast
	colPeriod
	colValue
	colStatus
	colDate
	colNote
	colReplaces
	columns
)

// headers are the names of the columns, as they stand in the workbook.
func headers() [columns]string {
	return [columns]string{"目标编号 / Target", "目标 / Title", "承诺 / Promise", "单位 / Unit", "期限 / Deadline", "应报日期 / Due", "逾期天数 / Days late",
		"上次填报 / Last report", "报告期 / Period", "数值 / Value", "情况 / Status", "完成或预计日期 / Date", "说明 / Note", "更正编号 / Replaces"}
}

// The words of the column for the status of a milestone.
const (
	statusDone = "已完成 done"
	statusOpen = "未完成 not done"
)

const (
	sheetReports = "填报 Reports"
	sheetHelp    = "说明 Explanation"
	dropPeriods  = 24 // the last periods that a drop-down offers: a list holds 255 characters
)

// TemplateName is what the workbook of a template is called.
const TemplateName = "jinyang-progress.xlsx"

// Template writes a workbook with a row for each target whose report is owed,
// to be filled in and imported. What says which report is asked for is locked,
// what has few answers has a drop-down, and a second sheet explains it.
func (s *Service) Template(ctx context.Context, who policy.Principal, f StandingFilter, w io.Writer) error {
	list, err := s.Standings(ctx, who, f)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(st Standing) bool { return len(st.Owed) == 0 })
	book := excelize.NewFile()
	t := &template{File: book}
	t.build(list, s.Today())
	err = t.err
	if err == nil {
		err = book.Write(w)
	}
	if closed := book.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return city.Errorf(city.CodeInternal, "cannot write the workbook: %w", err)
	}
	return nil
}

// template is a workbook that is being written; after the first error nothing
// more is done.
type template struct {
	*excelize.File
	err error
}

func (t *template) do(err error) {
	if t.err == nil {
		t.err = err
	}
}

func (t *template) style(s *excelize.Style) int {
	id, err := t.NewStyle(s)
	t.do(err)
	return id
}

func (t *template) build(list []Standing, today city.Date) {
	t.do(t.SetSheetName("Sheet1", sheetReports))
	border := []excelize.Border{{Type: "left", Color: "C8CDD5", Style: 1}, {Type: "right", Color: "C8CDD5", Style: 1}, {Type: "top", Color: "C8CDD5", Style: 1}, {Type: "bottom", Color: "C8CDD5", Style: 1}}
	wrap := &excelize.Alignment{WrapText: true, Vertical: "center"}
	dates := "yyyy-mm-dd"
	head := t.style(&excelize.Style{Border: border, Alignment: wrap, Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E3E8F0"}}})
	locked := t.style(&excelize.Style{Border: border, Alignment: wrap, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F3F4F6"}}})
	open := t.style(&excelize.Style{Border: border, Alignment: wrap, Protection: &excelize.Protection{Locked: false}})
	day := t.style(&excelize.Style{Border: border, Alignment: wrap, CustomNumFmt: &dates, Protection: &excelize.Protection{Locked: false}})
	names := headers()
	for i, name := range names {
		t.cell(i, 1, name, head)
	}
	for i, st := range list {
		row := i + 2
		for col, v := range asked(st) {
			t.cell(col, row, v, locked)
		}
		for col := colPeriod; col < columns; col++ {
			style := open
			switch milestone := st.Kind == city.TargetMilestone; {
			case col == colValue && milestone, (col == colStatus || col == colDate) && !milestone:
				style = locked
			case col == colDate:
				style = day
			}
			t.cell(col, row, "", style)
		}
		t.cell(colPeriod, row, st.Period, open)
		t.choices(st, row)
	}
	t.finish(today)
}

// asked is what the locked cells of a row say.
func asked(st Standing) []any {
	last := ""
	if st.Last != nil {
		last = st.Last.Period + " " + st.Last.Display + st.Last.DoneOn.String() + st.Last.ExpectedOn.String() + " (" + string(st.Last.State) + ")"
	}
	due := st.Due.String()
	if st.State == plan.ReportOverdue {
		due += " 逾期"
	}
	return []any{st.Target.Name, st.Target.Title.ZH, promiseText(st), st.Promise.Unit.Title.ZH, st.Deadline.String(), due, st.Days, last}
}

func promiseText(st Standing) string {
	if st.Promise.Value == nil {
		return "按期完成"
	}
	sign := map[city.Comparator]string{city.AtLeast: "≥ ", city.AtMost: "≤ ", city.Around: "≈ ", city.Above: "> ", city.Below: "< "}[st.Promise.Comparator]
	return sign + st.Promise.Display
}

// choices adds the drop-downs and the checks of a row.
func (t *template) choices(st Standing, row int) {
	periods := st.Periods
	if len(periods) > dropPeriods {
		periods = periods[len(periods)-dropPeriods:]
	}
	add := func(col int, set func(v *excelize.DataValidation) error) {
		v := excelize.NewDataValidation(true)
		v.SetSqref(cellName(col, row))
		t.do(set(v))
		t.do(t.AddDataValidation(sheetReports, v))
	}
	add(colPeriod, func(v *excelize.DataValidation) error { return v.SetDropList(periods) })
	if st.Kind == city.TargetMilestone {
		add(colStatus, func(v *excelize.DataValidation) error { return v.SetDropList([]string{statusDone, statusOpen}) })
		return
	}
	add(colValue, func(v *excelize.DataValidation) error {
		v.SetError(excelize.DataValidationErrorStyleStop, "数值 Value", "请填数字，不带单位和千分位。A number, without unit and separators.")
		return v.SetRange(-largestValue, largestValue, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween)
	})
}

// finish sets widths, freezes the header, locks the sheet and explains it.
func (t *template) finish(today city.Date) {
	for col, width := range [columns]float64{28, 30, 12, 8, 12, 16, 9, 26, 11, 14, 16, 14, 40, 24} {
		name, err := excelize.ColumnNumberToName(col + 1)
		t.do(err)
		t.do(t.SetColWidth(sheetReports, name, name, width))
	}
	t.do(t.SetPanes(sheetReports, &excelize.Panes{Freeze: true, XSplit: colTitle + 1, YSplit: 1, TopLeftCell: "C2", ActivePane: "bottomRight"}))
	// Without a password: it keeps from slips, the import checks everything again.
	t.do(t.ProtectSheet(sheetReports, &excelize.SheetProtectionOptions{FormatColumns: true, FormatRows: true, SelectLockedCells: true, SelectUnlockedCells: true}))
	_, err := t.NewSheet(sheetHelp)
	t.do(err)
	for i, line := range explanation(today) {
		t.do(t.SetCellValue(sheetHelp, cellName(0, i+1), line))
	}
	t.do(t.SetColWidth(sheetHelp, "A", "A", 110))
}

func explanation(today city.Date) []string {
	return []string{
		"进展填报表，" + today.String() + "生成。灰色单元格由系统填写，请勿修改；白色单元格由填报人填写。",
		"Reports by hand, made on " + today.String() + ". Grey cells are the system's; fill in the white ones.",
		"",
		"1. 一行一个应报目标。空着的行（数值、情况、日期、说明都不填）导入时跳过。",
		"   One row for each target that is owed. A row without value, status, date and note is skipped.",
		"2. 有数值的目标填“数值”：报告期末的累计或当前数，单位见表，不写单位和千分位。",
		"   A target with a number: how it stands at the end of the period, in the unit shown, without separators.",
		"3. 按期完成的事项填“情况”和“日期”：已完成填完成日期；未完成填预计完成日期。日期写作 2024-09-30。",
		"   A milestone: the status, and the day on which it was reached or is expected. Write 2024-09-30.",
		"4. 更正已报的数：在“更正编号”填原填报的编号（P 开头）。原填报保留，更正经审核后生效。",
		"   To correct a report, name it under Replaces. The old one is kept, and stands until the correction is approved.",
		"5. 整表要么全部导入，要么全部不导入。先试导入，逐行看结果；佐证材料在网页上随填报上传。",
		"   All rows are taken, or none. Try a dry run first. Files are handed in on the page.",
		"6. 填报须由另一人审核，审核人与填报人不得为同一人。",
		"   A second person approves; it may not be the one who reported.",
	}
}

func (t *template) cell(col, row int, v any, style int) {
	name := cellName(col, row)
	if v != "" {
		t.do(t.SetCellValue(sheetReports, name, v))
	}
	t.do(t.SetCellStyle(sheetReports, name, name, style))
}

func cellName(col, row int) string {
	name, err := excelize.CoordinatesToCellName(col+1, row)
	if err != nil {
		return "" // col and row are from 1 on; excelize says what is wrong with ""
	}
	return name
}

// statusOf reads the status of a milestone: done or not. Either half of the
// words will do.
func statusOf(s string) (done, ok bool) {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	for _, c := range []struct {
		words string
		done  bool
	}{{statusDone, true}, {statusOpen, false}} {
		zh, en, _ := strings.Cut(c.words, " ")
		if s == c.words || s == zh || s == en {
			return c.done, true
		}
	}
	return false, false
}
