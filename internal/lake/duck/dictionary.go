package duck

import (
	"fmt"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// dictionary numbers the texts of a staged column. Enums and regions have few
// texts and many rows: a number takes a quarter of the memory of a text, and is
// written to a file without looking the text up (enum).
type dictionary struct {
	codes map[string]int32 // from 1, as lists count in SQL
	texts []string
	last  int32 // the number given last; 0 for none
}

// newDictionary gives nil for fields whose texts are not drawn from a list.
func newDictionary(f *city.Field) *dictionary {
	if f.Type != city.TypeEnum && f.Type != city.TypeRegion {
		return nil
	}
	return &dictionary{codes: map[string]int32{}}
}

// code gives the number of a text.
func (d *dictionary) code(text string) int32 {
	if d.last > 0 && d.texts[d.last-1] == text {
		return d.last // as in most rows: files are written place by place
	}
	n, ok := d.codes[text]
	if !ok {
		d.texts = append(d.texts, text)
		n = int32(len(d.texts))
		d.codes[text] = n
	}
	d.last = n
	return n
}

// text gives the SQL that turns a column of numbers back into texts.
func (d *dictionary) text(col string) string {
	return fmt.Sprintf("list_extract(CAST([%s] AS VARCHAR[]), %s)", quotedList(d.texts), col)
}

// enum gives the SQL that turns a column of numbers, from 1, into an ENUM of
// texts.
func enum(texts []string, col string) string {
	if len(texts) == 0 {
		return "CAST(NULL AS VARCHAR)" // an ENUM needs one; the column is empty
	}
	list := quotedList(texts)
	return fmt.Sprintf("list_extract(CAST([%s] AS ENUM(%s)[]), %s)", list, list, col)
}

func quotedList(texts []string) string {
	quoted := make([]string, len(texts))
	for i, t := range texts {
		quoted[i] = quote(t)
	}
	return strings.Join(quoted, ", ")
}
