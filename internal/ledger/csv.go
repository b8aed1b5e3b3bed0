package ledger

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Explained is a published figure with the parts of its explanation, which are
// empty unless it is restated.
type Explained struct {
	Figure
	Parts []Part
}

// WriteCSV writes figures as a table with one column for each cause, whose
// amounts add up to the difference as printed. lang is zh or en. The file begins
// with a byte order mark, by which spreadsheets know UTF-8.
func WriteCSV(w io.Writer, figures []Explained, lang string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return city.Outside(err, "cannot write the table")
	}
	out := csv.NewWriter(w)
	err := out.Write(csvHead(lang))
	for _, f := range figures {
		if err == nil {
			err = out.Write(csvLine(f, lang))
		}
	}
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	if err != nil {
		return city.Outside(err, "cannot write the table")
	}
	return nil
}

func csvHead(lang string) []string {
	head := []string{"period", "closing", "closed at", "closed by", "indicator", "title", "dimension", "member", "name", "unit", "published", "status",
		"now", "status now", "restated", "difference", "definition", "definition now", "dataset", "snapshot", "simulated"}
	if lang == "zh" {
		head = []string{"期间", "发布编号", "发布时间", "发布人", "指标", "指标名称", "维度", "取值", "名称", "单位", "发布值", "发布状态",
			"现值", "现状态", "是否变动", "差额", "发布口径", "现口径", "数据集", "快照", "模拟数据"}
	}
	for _, c := range Causes() {
		head = append(head, textIn(c.Name(), lang))
	}
	return head
}

func csvLine(f Explained, lang string) []string {
	yes := map[bool]string{true: "yes", false: "no"}
	if lang == "zh" {
		yes = map[bool]string{true: "是", false: "否"}
	}
	line := []string{f.Period, f.ClosingID, f.At.Format(time.RFC3339), guarded(f.Person), f.Indicator.Name, guarded(textIn(f.Indicator.Title, lang)),
		f.Dimension, guarded(f.Member), guarded(textIn(f.Label, lang)), textIn(f.Unit.Title, lang), f.Display, string(f.Status),
		f.Now.Display, string(f.Now.Status), yes[f.Restated], difference(f.Figure), f.Version, f.NowVersion, f.Dataset, f.SnapshotID, yes[f.Simulated]}
	for _, c := range Causes() {
		cell := ""
		for _, p := range f.Parts {
			if p.Cause == c {
				cell = strings.TrimPrefix(p.Display, "+")
			}
		}
		line = append(line, cell)
	}
	return line
}

// difference is that of the printed figures; "" unless both are printed.
func difference(f Figure) string {
	was, is := shown(f.Display), shown(f.Now.Display)
	if was == nil || is == nil {
		return ""
	}
	return is.Sub(is, was).FloatString(max(decimalsOf(f.Display), decimalsOf(f.Now.Display)))
}

// guarded keeps a spreadsheet from taking a text for a formula.
func guarded(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return "'" + text
		}
	}
	return text
}

func textIn(t city.Text, lang string) string {
	if lang == "zh" || t.EN == "" {
		return t.ZH
	}
	return t.EN
}
