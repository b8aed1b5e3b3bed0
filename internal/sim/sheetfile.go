package sim

import (
	"fmt"

	"github.com/jinyang-city/jinyang/internal/city"
)

// newSheet prepares the writing of columns of a dataset. It fails when the
// dataset does not declare a column or, without header, declares it elsewhere.
func newSheet(d *city.Dataset, columns []string, f form) (*sheet, error) {
	s := &sheet{dataset: d, form: f, words: map[word][]byte{}}
	for i, name := range columns {
		field, ok := d.Field(name)
		if !ok {
			return nil, city.Errorf(city.CodeInvalid, "dataset %s declares no field %q, which its simulated sender writes", d.Name, name).At(d.Pos.String())
		}
		if f.noHeader && field.Column != i+1 {
			return nil, city.Errorf(city.CodeInvalid, "field %s.%s is at column %d, but its simulated sender, who writes no header, puts it at %d", d.Name, name, field.Column, i+1).At(field.Pos.String())
		}
		if !f.noHeader && len(field.Source) == 0 {
			return nil, city.Errorf(city.CodeInvalid, "field %s.%s declares no name in the sender's header", d.Name, name).At(field.Pos.String())
		}
		s.columns, s.sums = append(s.columns, field), append(s.sums, newColumnSum(field))
	}
	return s, nil
}

// openFile starts the next data file with what stands before its rows. The row
// that is in the buffer goes behind that.
func (s *sheet) openFile() {
	if s.err != nil {
		return
	}
	name := s.base + ".csv"
	if n := len(s.files); n > 0 {
		name = fmt.Sprintf("%s-%d.csv", s.base, n+1)
	}
	file, err := createDataFile(s.dir, name)
	if err != nil {
		s.fail(err)
		return
	}
	s.file = file
	_, err = file.Write(s.head())
	s.fail(err)
}

// head is the mark of the encoding and the header.
func (s *sheet) head() []byte {
	var b []byte
	if s.form.bom {
		b = append(b, "\xef\xbb\xbf"...)
	}
	if s.form.noHeader {
		return b
	}
	for i, c := range s.columns {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, s.encoded(word{"", c.Source[0]}, c.Source[0])...)
	}
	if s.form.crlf {
		b = append(b, '\r')
	}
	return append(b, '\n')
}

func (s *sheet) finishFile() {
	s.flush()
	if s.file == nil {
		return
	}
	mf, err := s.file.finish(s.form.encoding())
	s.fail(err)
	mf.Sums = s.takeSums()
	s.bytes += s.file.bytes
	s.files = append(s.files, mf)
	s.file = nil
}

// close finishes the last file and gives the first error. A batch without
// rows still has one file, so that the receiver knows that nothing happened.
func (s *sheet) close() error {
	if s.file == nil && len(s.files) == 0 {
		s.openFile()
	}
	s.finishFile()
	return s.err
}

// encoded gives and remembers the bytes of a text.
func (s *sheet) encoded(key word, text string) []byte {
	if b, ok := s.words[key]; ok {
		return b
	}
	b, err := s.form.encode(text)
	s.fail(err)
	s.words[key] = b
	return b
}

// enumWord is what senders write for a declared value of an enum field.
func (s *sheet) enumWord(field, code string) []byte {
	key := word{field, code}
	if b, ok := s.words[key]; ok {
		return b
	}
	if f, ok := s.dataset.Field(field); ok {
		for _, v := range f.Values {
			if v.Code == code {
				return s.encoded(key, first(v.Sources, v.Code))
			}
		}
	}
	s.fail(city.Errorf(city.CodeInvalid, "field %s.%s declares no value %q, which its simulated sender writes", s.dataset.Name, field, code).At(s.dataset.Pos.String()))
	return nil
}

// boolWord is what senders write for yes or no.
func (s *sheet) boolWord(field string, v bool) []byte {
	code := "no"
	if v {
		code = "yes"
	}
	key := word{field, code}
	if b, ok := s.words[key]; ok {
		return b
	}
	texts := []string(nil)
	if f, ok := s.dataset.Field(field); ok && v {
		texts = f.True
	} else if ok {
		texts = f.False
	}
	return s.encoded(key, first(texts, map[bool]string{true: "true", false: "false"}[v]))
}

// regionWord is the name of a region, as senders write it.
func (s *sheet) regionWord(code string) []byte {
	key := word{"@region", code}
	if b, ok := s.words[key]; ok {
		return b
	}
	return s.encoded(key, first([]string{s.regions[code]}, code))
}

// first is the first of texts, or other when there is none.
func first(texts []string, other string) string {
	if len(texts) == 0 || texts[0] == "" {
		return other
	}
	return texts[0]
}
