package format

import (
	"bytes"
	"io"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Encoding is a character encoding of a file.
type Encoding string

// The encodings that are read. GB18030 covers GBK and GB2312.
const (
	UTF8    Encoding = "utf-8"
	GB18030 Encoding = "gb18030"
)

// ParseEncoding reads the name that a manifest gives; "" means detect.
func ParseEncoding(s string) (Encoding, error) {
	switch e := Encoding(bytes.ToLower([]byte(s))); e {
	case "", UTF8, GB18030:
		return e, nil
	case "utf8":
		return UTF8, nil
	case "gbk", "gb2312", "cp936":
		return GB18030, nil
	}
	return "", city.Errorf("invalid.encoding", "the encoding %q is not known", s).WithHint("use utf-8 or gb18030")
}

// Probe learns, while a file is copied through it, what its bytes can be.
type Probe struct {
	Bytes   int64
	head    []byte // first bytes, for the signature
	carry   []byte // an unfinished character
	wide    int    // characters beyond ASCII before the first byte that is not UTF-8, at most proof
	invalid bool   // some bytes are not UTF-8
}

const (
	headBytes = 512
	// proof is how many UTF-8 characters beyond ASCII in a row tell that a text
	// is UTF-8, whatever comes later: a Chinese character of GB18030 is a valid
	// UTF-8 sequence in about one case of seven, so that this many follow each
	// other in one text of 10^10.
	proof = 12
)

// Write takes the next bytes; it never fails.
func (p *Probe) Write(b []byte) (int, error) {
	n := len(b)
	p.Bytes += int64(n)
	if need := headBytes - len(p.head); need > 0 {
		p.head = append(p.head, b[:min(need, n)]...)
	}
	if p.invalid {
		return n, nil
	}
	for len(p.carry) > 0 && len(b) > 0 && !utf8.FullRune(p.carry) {
		p.carry = append(p.carry, b[0])
		b = b[1:]
	}
	if len(p.carry) > 0 && utf8.FullRune(p.carry) {
		p.take(p.carry)
		p.carry = p.carry[:0]
	}
	cut := len(b)
	for back := 1; back <= min(3, len(b)); back++ {
		if utf8.RuneStart(b[len(b)-back]) {
			if !utf8.FullRune(b[len(b)-back:]) {
				cut = len(b) - back
			}
			break
		}
	}
	p.take(b[:cut])
	p.carry = append(p.carry, b[cut:]...)
	return n, nil
}

// take looks at whole characters.
func (p *Probe) take(b []byte) {
	for rest := b; p.wide < proof && !p.invalid && len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && size == 1:
			p.invalid = true
		case size > 1:
			p.wide++
		}
		rest = rest[size:]
	}
	p.invalid = p.invalid || !utf8.Valid(b)
}

// UTF8 says whether all bytes so far are UTF-8.
func (p *Probe) UTF8() bool { return !p.invalid && len(p.carry) == 0 }

// damagedUTF8 says that the file is UTF-8 but for some bytes: it was cut inside
// a character, or a byte changed on the way. Read as such, it loses the rows
// that hold these bytes; read as GB18030, all of them.
func (p *Probe) damagedUTF8() bool { return !p.UTF8() && p.wide >= proof }

// Encoding decides how to read a file of text, given what the sender declared.
func (p *Probe) Encoding(declared Encoding) (Encoding, error) {
	if p.Bytes == 0 {
		return "", city.Errorf("invalid.empty", "the file is empty").WithHint("deliver a file with at least one record")
	}
	if err := p.refused(); err != nil {
		return "", err
	}
	if bytes.IndexByte(p.head, 0) >= 0 {
		return "", city.Errorf(CodeFormat, "the file is not text: it holds zero bytes").WithHint("save it as CSV in UTF-8 or GB18030")
	}
	switch {
	case declared == UTF8 && !p.UTF8() && !p.damagedUTF8():
		return "", city.Errorf("invalid.encoding", "the file was declared as UTF-8 but holds bytes that are not").
			WithHint("it may be GB18030: declare that, or leave the encoding out to have it detected")
	case declared != "":
		return declared, nil
	case p.UTF8(), p.damagedUTF8():
		return UTF8, nil
	}
	return GB18030, nil
}

// Decode gives the text as UTF-8 without a byte order mark. Bytes that the
// encoding does not know become U+FFFD or stay as they are; validation names
// the rows that hold either.
func Decode(r io.Reader, e Encoding) io.Reader {
	if e == GB18030 {
		r = transform.NewReader(r, simplifiedchinese.GB18030.NewDecoder())
	}
	return &bomStripper{r: r}
}

// bomStripper drops a byte order mark at the start of UTF-8 text.
type bomStripper struct {
	r       io.Reader
	pending []byte
	started bool
}

func (b *bomStripper) Read(p []byte) (int, error) {
	if !b.started {
		b.started = true
		head := make([]byte, 3)
		n, err := io.ReadFull(b.r, head)
		if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
			return 0, err
		}
		b.pending = bytes.TrimPrefix(head[:n], []byte("\xef\xbb\xbf"))
	}
	if len(b.pending) > 0 {
		n := copy(p, b.pending)
		b.pending = b.pending[n:]
		return n, nil
	}
	return b.r.Read(p)
}

func lineNo(n int64) string { return "line " + strconv.FormatInt(n, 10) }
