package format

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/jinyang-city/jinyang/internal/city"
)

// The keys of the first objects are the header: senders often leave out what
// is empty, so that one object would not name every column.
const (
	headerObjects = 1000
	headerBytes   = 4 << 20
)

// jsonl reads JSON Lines: one object a line. Its first record is the header.
type jsonl struct {
	r      *bufio.Reader
	lineNo int64
	early  [][]byte // the lines that the header was made of, empty ones too
	keys   map[string]int
	header []string
	told   bool // the header was given
	line
	buf   []byte   // the line being read
	cells [][]byte // of the object being read, by column
	given []bool   // the object has the column
	store []byte   // the texts of cells
	parse jsonObject
}

// newJSONL reads far enough to know the header.
func newJSONL(r io.Reader) (*jsonl, error) {
	j := &jsonl{r: bufio.NewReaderSize(r, 1<<16), keys: map[string]int{}}
	for size := 0; len(j.early) < headerObjects && size < headerBytes; {
		text, err := j.readLine()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		j.early = append(j.early, bytes.Clone(text))
		size += len(text)
		if err := j.learn(text); err != nil {
			return nil, err
		}
	}
	if len(j.keys) == 0 {
		return nil, city.Errorf(CodeJSONL, "none of the first lines is a JSON object with keys").WithHint("deliver one object a line")
	}
	j.lineNo = 0
	return j, nil
}

// learn adds the keys of a line to the header. Lines that are no objects are
// left to be quarantined.
func (j *jsonl) learn(text []byte) error {
	var keys []string
	if f := j.parse.object(text, func(key, _ []byte) Fault { keys = append(keys, string(key)); return Fault{} }); f != (Fault{}) {
		return nil
	}
	for _, key := range keys {
		if _, known := j.keys[key]; known {
			continue
		}
		if len(j.header) == MaxFields {
			return city.Errorf(CodeJSONL, "the objects have more than %d keys", MaxFields)
		}
		j.keys[key] = len(j.header)
		j.header = append(j.header, key)
	}
	return nil
}

// readLine gives the next line without its end, valid until the next read.
func (j *jsonl) readLine() ([]byte, error) {
	j.buf = j.buf[:0]
	j.lineNo++
	for {
		piece, err := j.r.ReadSlice('\n')
		if len(j.buf)+len(piece) > MaxRecord+2 {
			return nil, city.Errorf(CodeJSONL, "a line is longer than %d bytes", MaxRecord).At(lineNo(j.lineNo)).WithHint("write one object a line")
		}
		j.buf = append(j.buf, piece...)
		switch {
		case err == nil || errors.Is(err, io.EOF) && len(j.buf) > 0:
			return bytes.TrimRight(j.buf, "\r\n"), nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

// Next gives the header, then a record for each line that is not blank.
func (j *jsonl) Next() (*Record, error) {
	j.reset()
	if !j.told {
		j.told = true
		for _, name := range j.header {
			j.add([]byte(name))
		}
		return j.finish(1), nil
	}
	for {
		text, err := j.nextLine()
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(text)) > 0 {
			return j.record(text), nil
		}
	}
}

func (j *jsonl) nextLine() ([]byte, error) {
	if len(j.early) == 0 {
		return j.readLine()
	}
	text := j.early[0]
	j.early = j.early[1:]
	j.lineNo++
	return text, nil
}

// record reads one object. What cannot be read as one is kept whole, in one
// field.
func (j *jsonl) record(text []byte) *Record {
	if j.cells == nil {
		j.cells, j.given = make([][]byte, len(j.header)), make([]bool, len(j.header))
	}
	clear(j.cells)
	clear(j.given)
	j.store = j.store[:0]
	if f := j.parse.object(text, j.take); f != (Fault{}) {
		j.fault(f)
		j.add(text)
	} else {
		for _, c := range j.cells {
			j.add(c)
		}
	}
	j.rec.Line = j.lineNo
	j.split()
	j.rec.Raw = text
	return &j.rec
}

// take puts a value into its column.
func (j *jsonl) take(key, value []byte) Fault {
	at, known := j.keys[string(key)]
	switch {
	case !known:
		return Fault{FaultKey, "the object has a key that the first objects of the file do not have"}
	case j.given[at]:
		return Fault{FaultJSON, "the object has a key twice"}
	case bytes.Contains(value, replacement) || bytes.IndexByte(value, 0) >= 0:
		return Fault{FaultText, "a value holds characters that are not text"}
	}
	from := len(j.store)
	j.store = append(j.store, value...)
	j.cells[at], j.given[at] = j.store[from:len(j.store):len(j.store)], true
	return Fault{}
}

// replacement is U+FFFD, which stands for what is not text.
var replacement = []byte("\uFFFD")
