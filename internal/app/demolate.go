package app

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

// late is a simulated batch whose last rows are sent later: what a bureau enters
// after the month was closed. No row is made up or lost by it.
type late struct {
	dataset, batch string
	sent, again    city.Date
	share          int // one in so many rows
}

// demoLate is the batch of the demonstration that comes in two parts.
func demoLate() late {
	return late{dataset: "hrss.employment", batch: "2024-08", share: 30,
		sent:  city.Date{Year: 2024, Month: time.August, Day: 31},
		again: city.Date{Year: 2024, Month: time.September, Day: 12}}
}

// holdBack cuts the last rows of a batch in the inbox off into a batch of their
// own. It does nothing when that was done, or when there is no such batch. The
// second part is written before the first one is cut: a crash between the two
// leaves rows in both, of which the delivery takes one.
func (l late) holdBack(inbox string, c *city.City) error {
	from := filepath.Join(inbox, "batches", l.sent.String(), l.dataset+"-"+l.batch)
	to := filepath.Join(inbox, "batches", l.again.String(), l.dataset+"-"+l.batch+"-late-1")
	if _, err := os.Stat(to + manifestSuffix); err == nil {
		return nil
	}
	m, err := delivery.ReadManifest(from + manifestSuffix)
	if city.CodeOf(err) == city.CodeNotFound || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || len(m.Files) != 1 {
		return err
	}
	text, err := os.ReadFile(from + ".csv")
	if err != nil {
		return city.Outside(err, "cannot read a simulated batch")
	}
	lines := bytes.SplitAfter(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	cut := len(lines) - (len(lines)-1)/l.share
	if cut == len(lines) {
		return nil
	}
	lines[len(lines)-1] = append(slices.Clone(lines[len(lines)-1]), '\n')
	rest := append([][]byte{lines[0]}, lines[cut:]...)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return city.Outside(err, "cannot write the inbox")
	}
	second := *m
	second.Batch, second.SentAt = m.Batch+"-late-1", m.SentAt.AddDate(0, 0, 12)
	if err := writePart(to, second, c, rest); err != nil {
		return err
	}
	return writePart(from, *m, c, lines[:cut])
}

// writePart writes a file and its manifest, which says what it holds.
func writePart(path string, m city.Manifest, c *city.City, lines [][]byte) error {
	text := bytes.Join(lines, nil)
	rows, sum := int64(len(lines)-1), sha256.Sum256(text)
	f := m.Files[0]
	f.Name, f.Rows, f.SHA256 = filepath.Base(path)+".csv", &rows, hex.EncodeToString(sum[:])
	sums, err := sumsOf(text, f, m.Dataset, c)
	if err != nil {
		return err
	}
	f.Sums = sums
	m.Files = []city.ManifestFile{f}
	doc, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return city.Errorf(city.CodeInternal, "cannot describe a simulated batch: %w", err)
	}
	if err := os.WriteFile(path+".csv", text, 0o600); err != nil {
		return city.Outside(err, "cannot write the inbox")
	}
	if err := os.WriteFile(path+manifestSuffix, doc, 0o600); err != nil {
		return city.Outside(err, "cannot write the inbox")
	}
	return nil
}

// sumsOf adds up the fields of which the manifest states the sum.
func sumsOf(text []byte, f city.ManifestFile, dataset string, c *city.City) (map[string]string, error) {
	ds, err := c.Dataset(dataset)
	if err != nil {
		return nil, err
	}
	if f.Encoding == "gb18030" {
		if text, err = simplifiedchinese.GB18030.NewDecoder().Bytes(text); err != nil {
			return nil, city.Errorf(city.CodeInternal, "a simulated batch is not in its encoding: %w", err)
		}
	}
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "a simulated batch is no table: %w", err)
	}
	out := map[string]string{}
	for name := range f.Sums {
		field, ok := ds.Field(name)
		if !ok {
			continue
		}
		column, total := slices.IndexFunc(records[0], func(h string) bool { return slices.Contains(field.Source, h) }), new(big.Rat)
		for _, r := range records[1:] {
			if v, ok := new(big.Rat).SetString(r[max(column, 0)]); ok {
				total.Add(total, v)
			}
		}
		out[name] = total.FloatString(field.Scale)
	}
	return out, nil
}
