package delivery

import (
	"github.com/jinyang-city/jinyang/internal/delivery/format"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
)

// A batch is full with so many records, or so many bytes of them: large enough
// that handing it over costs nothing, small enough that memory holds several.
const (
	batchRows  = 1024
	batchBytes = 256 << 10
)

// batch carries records of a file from the reader through the checks to the
// stage. Its memory is reused.
type batch struct {
	text    []byte // of the records, one behind the other
	fields  [][]byte
	records []format.Record
	bound   *validate.Binding   // that checked the records
	fails   []*validate.Failure // by record; nil for those that passed
	values  []any               // of the records that passed, one behind the other
	keys    [][]any             // by record that failed: its key, nil when it cannot be read; empty where nobody asks
	checked chan struct{}       // gets one element when the batch is checked
}

func newBatch() *batch { return &batch{checked: make(chan struct{}, 1)} }

func (b *batch) reset() {
	b.text, b.fields, b.records = b.text[:0], b.fields[:0], b.records[:0]
	b.fails, b.values, b.keys = b.fails[:0], b.values[:0], b.keys[:0]
}

func (b *batch) full() bool { return len(b.records) >= batchRows || len(b.text) >= batchBytes }

// add copies a record, which its reader will use again. Fields that are a part
// of its raw text, as those without quotes are, need no copy of their own.
func (b *batch) add(rec *format.Record) {
	from, raw, at := len(b.fields), b.keep(rec.Raw), 0
	for _, f := range rec.Fields {
		if end := at + len(f); len(f) > 0 && end <= len(raw) && &rec.Raw[at] == &f[0] {
			f = raw[at:end]
		} else {
			f = b.keep(f)
		}
		b.fields = append(b.fields, f)
		at += len(f) + 1 // behind the delimiter
	}
	own := *rec
	own.Fields, own.Raw = b.fields[from:], raw
	b.records = append(b.records, own)
}

// keep copies a text. When the memory of all texts moves, those that were
// copied before stay where they are.
func (b *batch) keep(text []byte) []byte {
	from := len(b.text)
	b.text = append(b.text, text...)
	return b.text[from:]
}

// check checks all records and says that it is done. It reads the keys of those
// that fail when whole is set: the batch speaks for more than its rows.
func (b *batch) check(bound *validate.Binding, whole bool) {
	b.bound = bound
	for i := range b.records {
		values, fail := bound.Row(&b.records[i])
		b.fails = append(b.fails, fail)
		switch {
		case fail == nil:
			b.values = append(b.values, values...)
		case whole:
			key, _ := bound.Key(&b.records[i])
			b.keys = append(b.keys, key)
		}
	}
	b.checked <- struct{}{}
}
