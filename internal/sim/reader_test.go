package sim_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/jinyang-city/jinyang/internal/city"
)

// sentBatch is a batch as its receiver finds it.
type sentBatch struct {
	city.Manifest
	dir string
	day string // the folder's name
}

// row is a row by field name, with the sender's words.
type row map[string]string

// batches reads all manifests below a folder.
func batches(t *testing.T, out string) []sentBatch {
	t.Helper()
	var list []sentBatch
	err := filepath.WalkDir(out, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".manifest.json") {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		b := sentBatch{dir: filepath.Dir(path), day: filepath.Base(filepath.Dir(path))}
		list = append(list, b)
		return json.Unmarshal(raw, &list[len(list)-1].Manifest)
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// rows decodes a batch's files, checking each against the manifest.
func (b sentBatch) rows(t *testing.T, c *city.City) []row {
	t.Helper()
	d, err := c.Dataset(b.Dataset)
	if err != nil {
		t.Fatal(err)
	}
	var out []row
	for _, f := range b.Files {
		raw, err := os.ReadFile(filepath.Join(b.dir, f.Name))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != f.SHA256 {
			t.Errorf("%s: the hash is not that of the manifest", f.Name)
		}
		part := decode(t, d, f, raw)
		if f.Rows == nil || int64(len(part)) != *f.Rows {
			t.Errorf("%s: %d rows, the manifest says %v", f.Name, len(part), f.Rows)
		}
		checkSums(t, d, f, part)
		out = append(out, part...)
	}
	return out
}

// checkSums adds the columns of a file up again: every amount counts, also that
// of a row that validation must turn away.
func checkSums(t *testing.T, d *city.Dataset, f city.ManifestFile, rows []row) {
	t.Helper()
	for _, field := range d.Fields {
		said, declared := f.Sums[field.Name]
		if wanted := field.Sum && field.Type != city.TypeNumber; wanted != declared {
			t.Errorf("%s: the manifest gives the sum of %s: %v, want %v", f.Name, field.Name, declared, wanted)
			continue
		}
		var sum city.Amount
		for _, r := range rows {
			if v := r[field.Name]; declared && v != "" {
				n, err := city.ParseAmount(v)
				if err != nil {
					t.Fatalf("%s: %v", f.Name, err)
				}
				sum = sum.Add(n)
			}
		}
		if want, err := city.ParseAmount(said); declared && (err != nil || !want.Equal(sum)) {
			t.Errorf("%s: the sum of %s is %s, the manifest says %s", f.Name, field.Name, sum, said)
		}
	}
}

func decode(t *testing.T, d *city.Dataset, f city.ManifestFile, raw []byte) []row {
	t.Helper()
	if f.Encoding == "gb18030" {
		var err error
		if raw, err = simplifiedchinese.GB18030.NewDecoder().Bytes(raw); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
	}
	records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	fields, records := columnsOf(t, d, f.Name, records)
	out := make([]row, len(records))
	for i, r := range records {
		out[i] = row{}
		for j, name := range fields {
			out[i][name] = r[j]
		}
	}
	return out
}

// columnsOf maps a file's columns to fields, by header or by position.
func columnsOf(t *testing.T, d *city.Dataset, file string, records [][]string) ([]string, [][]string) {
	t.Helper()
	var names []string
	if d.Delivery.Header == city.HeaderNone {
		for i := range len(records[0]) {
			for _, f := range d.Fields {
				if f.Column == i+1 {
					names = append(names, f.Name)
				}
			}
		}
		return names, records
	}
	for _, title := range records[0] {
		i := slices.IndexFunc(d.Fields, func(f *city.Field) bool { return len(f.Source) > 0 && f.Source[0] == title })
		if i < 0 {
			t.Fatalf("%s: column %q is not declared", file, title)
		}
		names = append(names, d.Fields[i].Name)
	}
	return names, records[1:]
}

// sound says whether a row passes the declared checks of its fields. It is a
// second, plain reading of the declarations, so that the simulator and the
// delivery engine are not tested against the same mistake.
func sound(c *city.City, d *city.Dataset, r row) bool {
	for _, f := range d.Fields {
		v, present := r[f.Name]
		if !present {
			continue
		}
		if v == "" {
			if !f.Optional {
				return false
			}
			continue
		}
		if !soundCell(c, f, v) {
			return false
		}
	}
	return true
}

func soundCell(c *city.City, f *city.Field, v string) bool {
	switch f.Type {
	case city.TypePerson:
		_, err := city.CheckPersonID(v, city.Date{Year: 2026, Month: 1, Day: 1})
		return err == nil
	case city.TypeCredit:
		_, err := city.CheckCreditCode(v)
		return err == nil
	case city.TypeRegion:
		return slices.ContainsFunc(c.Regions, func(r *city.Region) bool { return r.Name.ZH == v })
	case city.TypeEnum:
		return slices.ContainsFunc(f.Values, func(e city.EnumValue) bool { return slices.Contains(e.Sources, v) })
	case city.TypeBool:
		return slices.Contains(f.True, v) || slices.Contains(f.False, v)
	case city.TypeDate:
		_, err := time.Parse(time.DateOnly, v)
		return err == nil
	case city.TypeMonth:
		_, err := time.Parse("2006-01", v)
		return err == nil
	case city.TypeInt, city.TypeNumber, city.TypeDecimal:
		n, err := strconv.ParseFloat(v, 64)
		return err == nil && (f.Min == nil || n >= *f.Min) && (f.Max == nil || n <= *f.Max)
	}
	return true
}
