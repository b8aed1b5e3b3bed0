package stream

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/delivery/source/sourcetest"
)

func TestLines(t *testing.T) {
	t.Parallel()
	object, record := &form{json: true}, &form{comma: ','}
	for _, c := range []struct {
		form          *form
		message, want string
	}{
		{object, "{\"a\": 1,\n \"名\": \"x\"}\n", "{\"a\":1,\"名\":\"x\"}\n"},
		{object, "", "\"\"\n"},
		{object, "not json", "\"not json\"\n"},
		{object, "{\"a\":\n", "\"{\\\"a\\\":\"\n"},
		{object, "[1,\n2]", "\"[1,\\n2]\"\n"},
		{object, "{\"a\":1}{\"a\":2}", "\"{\\\"a\\\":1}{\\\"a\\\":2}\"\n"},
		{object, "{\"a\":\"\xff\"}", "\"hex:7b2261223a22ff227d\"\n"},
		{record, "1,x\n2,y\n", "1,x\n2,y\n"},
		{record, "1,\"a\nb\"", "1,\"a\nb\"\n"},
		{record, "1,\"open\n", "\"1,\"\"open\"\n"},
		{record, "", "\"\"\n"},
		{record, "\xff", "hex:ff\n"},
	} {
		if got := string(c.form.lines([]byte(c.message))); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.message, got, c.want)
		}
	}
}

// FuzzLines holds that a message never disturbs its neighbours: it is one line
// of JSON, or whole records of CSV.
func FuzzLines(f *testing.F) {
	for _, s := range []string{`{"a":1}`, "{\"a\":\r\n1}", "a,b\n\"c\"", "\"", "\xff", ""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		line := (&form{json: true}).lines(message)
		if bytes.IndexByte(line, '\n') != len(line)-1 || !json.Valid(line) {
			t.Errorf("%q becomes %q", message, line)
		}
		records := (&form{comma: ','}).lines(message)
		around := append(append([]byte("first\n"), records...), "last\n"...)
		r := csv.NewReader(bytes.NewReader(around))
		r.FieldsPerRecord = -1
		all, err := r.ReadAll()
		if err != nil || len(all) < 3 || all[0][0] != "first" || all[len(all)-1][0] != "last" {
			t.Errorf("%q becomes %q: %v", message, records, err)
		}
	})
}

// plain is a source.Sealer that seals nothing, so that tests can write frames.
type plain struct{}

func (plain) Seal(b, _ []byte) []byte            { return bytes.Clone(b) }
func (plain) Unseal(b, _ []byte) ([]byte, error) { return bytes.Clone(b), nil }

func testSpool(t *testing.T, dir string, f *form, o *Options) *spool {
	t.Helper()
	env := source.Env{Folder: dir, Sealer: plain{}, Now: func() time.Time { return time.Date(2024, 10, 1, 8, 0, 0, 0, time.UTC) }}
	s, err := openSpool(env, f, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// batches reads all batches and removes each, twice.
func batches(t *testing.T, s *spool) string {
	t.Helper()
	var got []string
	for name, ok := s.oldest(); ok; name, ok = s.oldest() {
		f, err := s.open(name)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(f)
		if err = errors.Join(err, f.Close(), s.remove(name), s.remove(name)); err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.ReplaceAll(string(text), "\n", ";"))
	}
	if s.held != 0 {
		t.Errorf("an empty spool holds %d bytes", s.held)
	}
	return strings.Join(got, " ")
}

// TestSpoolSurvives kills the process at each step of writing messages down.
func TestSpoolSurvives(t *testing.T) {
	t.Parallel()
	f, o := &form{comma: ',', header: []byte("编号,b\n")}, &Options{Most: 3, Size: 1 << 20, Spool: 1 << 20}
	dir := t.TempDir()
	s := testSpool(t, dir, f, o)
	if err := s.append([][]byte{[]byte("1,x"), []byte("2,x")}); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(dir, "spool", openName))
	if err != nil {
		t.Fatal(err)
	}
	torn := s.frames.seal([]byte("3,torn\n"), 1)
	for cut := range len(torn) {
		dir := t.TempDir()
		if err := errors.Join(os.Mkdir(filepath.Join(dir, "spool"), 0o700), os.WriteFile(filepath.Join(dir, "spool", openName), append(whole[:len(whole):len(whole)], torn[:cut]...), 0o600)); err != nil {
			t.Fatal(err)
		}
		s := testSpool(t, dir, f, o)
		if s.count != 2 {
			t.Errorf("%d messages after the restart", s.count)
		}
		if err := errors.Join(s.append([][]byte{[]byte("3,y"), []byte("4,y")}), s.seal(), s.seal()); err != nil { // in one microsecond
			t.Fatal(err)
		}
		s = testSpool(t, dir, f, o)
		if got, want := batches(t, s), "编号,b;1,x;2,x;3,y; 编号,b;4,y;"; got != want {
			t.Errorf("cut after %d bytes: %q, want %q", cut, got, want)
		}
	}
}

// TestSpoolAfterFailure holds that a disk that was full is written to again.
func TestSpoolAfterFailure(t *testing.T) {
	t.Parallel()
	s := testSpool(t, t.TempDir(), &form{json: true}, &Options{Most: 10, Size: 1 << 20, Spool: 1 << 20})
	if err := s.append([][]byte{[]byte(`{"a":1}`)}); err != nil {
		t.Fatal(err)
	}
	if err := s.file.Close(); err != nil {
		t.Fatal(err)
	}
	if s.append([][]byte{[]byte(`{"a":2}`)}) == nil || s.append([][]byte{[]byte(`{"a":3}`)}) == nil || s.room() {
		t.Error("a spool that cannot be written takes messages")
	}
	if err := errors.Join(s.reopen(), s.append([][]byte{[]byte(`{"a":4}`)}), s.seal()); err != nil {
		t.Fatal(err)
	}
	if got, want := batches(t, s), `{"a":1};{"a":4};`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestTooLong holds that a message which no delivery reads disturbs nobody.
func TestTooLong(t *testing.T) {
	t.Parallel()
	s := testSpool(t, t.TempDir(), &form{json: true}, &Options{Most: 10, Size: 1 << 30, Spool: 1 << 30})
	long := bytes.Repeat([]byte("x"), mostLine)
	if err := errors.Join(s.append([][]byte{[]byte(`{"a":1}`), long, []byte(`{"a":2}`)}), s.seal()); err != nil {
		t.Fatal(err)
	}
	if got, want := batches(t, s), `{"a":1}; "`+string(long)+`"; {"a":2};`; got != want {
		t.Errorf("got %d bytes", len(got))
	}
}

// TestSealed holds that no message lies on the disk in the clear.
func TestSealed(t *testing.T) {
	t.Parallel()
	env, o := sourcetest.Env(t, &city.Dataset{}), defaults()
	g, err := newGatherer(&o, env)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.spool.append([][]byte{[]byte(`{"secret":"word"}`)}); err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(filepath.Join(env.Folder, "spool", openName))
	if err != nil || len(kept) == 0 || bytes.Contains(kept, []byte("word")) {
		t.Errorf("the spool holds %q, %v", kept, err)
	}
	env.Sealer = nil
	if _, err := newGatherer(&o, env); city.CodeOf(err) != city.CodeInternal {
		t.Errorf("a spool without seals: %v", err)
	}
}

func TestDamaged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := testSpool(t, dir, &form{json: true}, &Options{Most: 1, Size: 1 << 20, Spool: 1 << 20})
	if err := s.append([][]byte{[]byte(`{"a":1}`)}); err != nil {
		t.Fatal(err)
	}
	name, _ := s.oldest()
	if err := os.Truncate(filepath.Join(dir, "spool", name), 10); err != nil {
		t.Fatal(err)
	}
	f, err := s.open(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(f); city.CodeOf(err) != "invalid.spool" {
		t.Errorf("a file that was cut: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	n, m := NATS().Options().(*NATSOptions), MQTT().Options().(*MQTTOptions)
	n.Host, n.Stream = "nats.example", "AIR"
	m.Host, m.Topics = "mqtt.example", []string{"air/#"}
	if err := errors.Join(n.Check(), m.Check()); err != nil {
		t.Errorf("right declarations: %v", err)
	}
	if got := n.Location() + " " + m.Location(); got != "nats://nats.example:4222/AIR mqtt://mqtt.example:8883/air/#" {
		t.Error(got)
	}
	m.Topics, m.TLS.Mode, m.Payload, m.Spool = nil, source.TLSOff, "xml", 1
	err := m.Check()
	for _, key := range []string{"topics", "tls.mode", "payload", "spool"} {
		if err == nil || !strings.Contains(err.Error(), key+": ") {
			t.Errorf("no mistake at %s in: %v", key, err)
		}
	}
	n.Payload = "csv"
	if _, err := n.Open(t.Context(), source.Env{Dataset: &city.Dataset{}, Sealer: plain{}}); city.CodeOf(err) != city.CodeInvalid {
		t.Errorf("records without names: %v", err)
	}
}
