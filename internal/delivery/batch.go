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
	checked chan struct{}       // gets one element when the batch is checked
}

func newBatch() *batch { return &batch{checked: make(chan struct{}, 1)} }

func (b *batch) reset() {
	b.text, b.fields, b.records = b.text[:0], b.fields[:0], b.records[:0]
	b.fails, b.values = b.fails[:0], b.values[:0]
}

func (b *batch) full() bool { return len(b.records) >= batchRows || len(b.text) >= batchBytes }

// add copies a record, which its reader will use again.
func (b *batch) add(rec *format.Record) {
	from := len(b.fields)
	for _, f := range rec.Fields {
		b.fields = append(b.fields, b.keep(f))
	}
	own := *rec
	own.Fields, own.Raw = b.fields[from:], b.keep(rec.Raw)
	b.records = append(b.records, own)
}

// keep copies a text. When the memory of all texts moves, those that were
// copied before stay where they are.
func (b *batch) keep(text []byte) []byte {
	from := len(b.text)
	b.text = append(b.text, text...)
	return b.text[from:]
}

// check checks all records and says that it is done.
func (b *batch) check(bound *validate.Binding) {
	b.bound = bound
	for i := range b.records {
		values, fail := bound.Row(&b.records[i])
		b.fails = append(b.fails, fail)
		if fail == nil {
			b.values = append(b.values, values...)
		}
	}
	b.checked <- struct{}{}
}
