package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/store"
)

// content gives the mended rows as JSON Lines with the sender's column names,
// one line for each row of the request. The columns are those of the delivered
// file and those that were filled in, so that what a sender left out stays out.
func (m *mending) content(ctx context.Context) (string, error) {
	sealed, err := m.Store.SealedRows(ctx, m.d.ID, m.numbers(),
		m.entry(m.Now(), m.req.Actor, "quarantine.mend", m.d.ID, m.audited()))
	if err != nil {
		return "", err
	}
	head, err := m.head(ctx)
	if err != nil {
		return "", err
	}
	rows := make([]map[string]string, len(sealed))
	for i, row := range sealed {
		if row.State != store.RowOpen {
			return "", city.Errorf("conflict.row", "row %d of %s is %s", row.Row, m.d.ID, row.State).WithHint("only open rows are mended; a waived or returned one is opened again first")
		}
		raw, err := m.Vault.Unseal(row.Sealed, []byte(m.d.ID))
		if err != nil {
			return "", err
		}
		rows[i] = head.texts(raw, row.Code)
		for field, text := range m.req.Rows[i].Values {
			rows[i][field] = text
		}
	}
	return asLines(m.ds, rows)
}

// asLines writes rows as JSON Lines. A field that some row has is in all of
// them, and so is one that must be there.
func asLines(ds *city.Dataset, rows []map[string]string) (string, error) {
	used := map[string]bool{}
	for _, row := range rows {
		for field := range row {
			used[field] = true
		}
	}
	var out strings.Builder
	for _, row := range rows {
		mark := "{"
		for _, f := range ds.Fields {
			if !used[f.Name] && (f.Optional || f.Default != "") {
				continue
			}
			key, err := json.Marshal(f.Source[0])
			if err != nil {
				return "", city.Errorf(city.CodeInternal, "cannot write the mended rows: %w", err)
			}
			value, err := json.Marshal(row[f.Name])
			if err != nil {
				return "", city.Errorf(city.CodeInternal, "cannot write the mended rows: %w", err)
			}
			out.WriteString(mark)
			out.Write(key)
			out.WriteByte(':')
			out.Write(value)
			mark = ","
		}
		out.WriteString("}\n")
	}
	return out.String(), nil
}

// head is how the delivered file names its columns.
type head struct {
	form  format.Form
	comma rune
	names []string
	bound *validate.Binding
}

// headBytes is how much of a text is looked at to learn how it begins.
const headBytes = 1 << 20

// head reads the beginning of the delivered file.
func (m *mending) head(ctx context.Context) (h *head, err error) {
	src := m.evidence(ctx, m.d.Evidence)
	probe, err := probeFile(src, headBytes)
	if err != nil {
		return nil, err
	}
	probe.Bytes = m.d.FileBytes
	records, bound, first, err := m.openWith(src, probe, m.ds, m.Vault.Token)
	if err != nil {
		return nil, err
	}
	h = &head{form: records.Form(), comma: m.ds.Delivery.Delimiter, bound: bound}
	for _, name := range first.Fields {
		h.names = append(h.names, string(name))
	}
	return h, records.Close()
}

// probeFile reads at most so many bytes of a file to learn what it is.
func probeFile(src format.Source, most int64) (*format.Probe, error) {
	f, err := src()
	if err != nil {
		return nil, err
	}
	p := &format.Probe{}
	_, err = io.Copy(p, io.LimitReader(f, most))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, city.Outside(err, "cannot read the archived file")
	}
	return p, nil
}

// openWith reads the records of a file and fits the dataset's checks to them.
// It gives the first record too, which names the columns when the binding says
// so. Token turns ID numbers into what the rows have in their place.
func (s *Service) openWith(src format.Source, probe *format.Probe, ds *city.Dataset, token func(string) string) (records format.Records, bound *validate.Binding, first *format.Record, err error) {
	o, err := s.formOf(ds)
	if err != nil {
		return nil, nil, nil, err
	}
	if records, err = format.Open(src, probe, o); err != nil {
		return nil, nil, nil, err
	}
	checker, err := validate.Compile(s.City(), ds, validate.Options{Today: s.Today(), Token: token})
	if err == nil {
		first, err = records.Next()
	}
	if err == nil {
		bind := checker.Bind
		if records.Named() {
			bind = checker.BindNamed
		}
		bound, err = bind(first.Fields)
	}
	if err != nil {
		return nil, nil, nil, errors.Join(city.Outside(err, "cannot read the archived file"), records.Close())
	}
	return records, bound, first, nil
}

// texts takes a row apart. A row that could not be read as its form demands
// begins empty: which of its texts belongs where is not known, or its values
// were not the sender's, so that all that must be there has to be filled in.
func (h *head) texts(raw []byte, code string) map[string]string {
	if !unreadable(code) {
		if fields, ok := h.split(raw); ok {
			if texts, ok := h.bound.Texts(fields); ok {
				return texts
			}
		}
	}
	return map[string]string{}
}

func (h *head) split(raw []byte) ([][]byte, bool) {
	switch h.form.Kind {
	case format.KindCSV:
		return format.SplitCSV(raw, h.comma)
	case format.KindJSONLines:
		texts, ok := format.SplitObject(raw)
		fields := make([][]byte, len(h.names))
		for i, name := range h.names {
			fields[i] = []byte(texts[name])
		}
		return fields, ok
	}
	return format.SplitCSV(raw, ',') // as format.Record.Raw gives other forms
}

// unreadable says that a row failed because of its form, and not of a value.
func unreadable(code string) bool {
	return slices.Contains([]string{validate.FieldCount, validate.Malformed, format.FaultJSON, format.FaultKey, format.FaultNested,
		format.FaultFormula, format.FaultCell, format.FaultPrecision}, code)
}
