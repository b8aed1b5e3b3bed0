package format

import (
	"encoding/xml"
	"path"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// workbook is an XLSX file (ISO/IEC 29500-1): what of it is needed to read the
// cells of its sheets. Formulas are never computed and nothing that the file
// points to is followed.
type workbook struct {
	a       *archive
	main    string            // path of the part that names the sheets
	sheets  []sheetRef        // worksheets, in the order of the tabs
	strings *stringTable      // texts that cells refer to
	dates   []bool            // by cell style: the number is a date
	parts   map[string]string // relationships of main: ID → path
	since   int               // days from the epoch of this workbook's dates to 1970
}

type sheetRef struct{ name, path string }

// openXLSX reads the sheet that holds the table.
func (o *opener) openXLSX(a *archive) (Records, error) {
	o.form.Kind = KindWorkbook
	if err := checkParts(a); err != nil {
		return nil, err
	}
	b := &workbook{a: a, strings: &stringTable{spill: o.Scratch, most: o.Limits.Scratch}}
	o.closers = append(o.closers, b.strings)
	if err := b.open(); err != nil {
		return nil, err
	}
	t, err := b.findTable(o.Options)
	if err != nil {
		return nil, err
	}
	o.closers = append(o.closers, t)
	return &opened{t, t.header > 0 && !o.Positional, o}, nil
}

// checkParts refuses macros and parts that are there twice, of which one
// reader would take the first and another the last.
func checkParts(a *archive) error {
	seen := map[string]bool{}
	for _, f := range a.files {
		name := strings.ToLower(f.Name)
		if seen[name] {
			return city.Errorf(CodeXLSX, "the workbook has the part %s twice", shown(f)).WithHint("save it anew")
		}
		seen[name] = true
		if strings.HasSuffix(name, "vbaproject.bin") || strings.Contains(name, "macrosheets/") {
			return macros()
		}
	}
	return nil
}

func macros() error {
	return city.Errorf(CodeXLSX, "the workbook holds macros").WithHint("save it as XLSX without macros, or as CSV")
}

func badXLSX(cause error) *city.Error {
	return city.Errorf(CodeXLSX, "the workbook is damaged: %w", cause).WithHint("save it anew, or ask for it again")
}

// open reads everything but the sheets.
func (b *workbook) open() error {
	if err := b.contentTypes(); err != nil {
		return err
	}
	b.main = "xl/workbook.xml"
	err := b.relations("_rels/.rels", "", func(_, kind, target string) {
		if kind == "officeDocument" {
			b.main = target
		}
	})
	if err != nil {
		return err
	}
	var styles, texts string
	sheets := map[string]bool{}
	b.parts = map[string]string{}
	dir, file := path.Split(b.main)
	err = b.relations(dir+"_rels/"+file+".rels", dir, func(id, kind, target string) {
		b.parts[id] = target
		switch kind {
		case "styles":
			styles = target
		case "sharedStrings":
			texts = target
		case "worksheet":
			sheets[target] = true
		}
	})
	if err != nil {
		return err
	}
	if err := b.names(sheets); err != nil {
		return err
	}
	if err := b.readStyles(styles); err != nil {
		return err
	}
	return b.readStrings(texts)
}

// contentTypes refuses macro-enabled workbooks, and archives that are other
// documents.
func (b *workbook) contentTypes() error {
	book := false
	err := b.each("[Content_Types].xml", func(e xml.StartElement) error {
		kind := strings.ToLower(attr(e, "ContentType"))
		switch {
		case strings.Contains(kind, "macroenabled"):
			return macros()
		case strings.Contains(kind, "spreadsheetml.sheet.main") || strings.Contains(kind, "spreadsheetml.template.main"):
			book = true
		}
		return nil
	})
	if err == nil && !book {
		err = city.Errorf(CodeFormat, "the file is a document of an office program, but no XLSX workbook").WithHint("save the table as XLSX or CSV")
	}
	return err
}

// relations reads a part that says which parts another one uses. A workbook
// may lack it.
func (b *workbook) relations(name, dir string, take func(id, kind, target string)) error {
	if b.part(name) == nil {
		return nil
	}
	return b.each(name, func(e xml.StartElement) error {
		if e.Name.Local != "Relationship" || attr(e, "TargetMode") == "External" {
			return nil
		}
		target := attr(e, "Target")
		if strings.HasPrefix(target, "/") {
			target = strings.TrimPrefix(target, "/")
		} else {
			target = path.Join(dir, target)
		}
		take(attr(e, "Id"), path.Base(attr(e, "Type")), target)
		return nil
	})
}

// Days from the epochs that day numbers count from, 1899-12-30 and 1904-01-01,
// to 1970-01-01.
const days1900, days1904 = 25569, 24107

// mostSheets is how many sheets are looked at for the table.
const mostSheets = 100

// names reads the names of the worksheets, and the epoch of dates.
func (b *workbook) names(worksheets map[string]bool) error {
	b.since = days1900
	err := b.each(b.main, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			if v := attr(e, "date1904"); v == "1" || v == "true" {
				b.since = days1904
			}
		case "sheet":
			p := b.parts[attr(e, "id")]
			if len(b.sheets) == mostSheets {
				return city.Errorf(CodeXLSX, "the workbook has more than %d sheets", mostSheets)
			}
			if worksheets[p] { // chart sheets are not
				b.sheets = append(b.sheets, sheetRef{attr(e, "name"), p})
			}
		}
		return nil
	})
	if err == nil && len(b.sheets) == 0 {
		err = city.Errorf(CodeXLSX, "the workbook has no sheet with cells").WithHint("deliver the table in the first sheet")
	}
	return err
}

func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}
