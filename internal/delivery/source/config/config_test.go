package config_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/delivery/source/config"
)

// options have a field of each form that kinds may use.
type options struct {
	Inner    `yaml:",inline"`
	Size     source.Bytes             `yaml:"size"`
	Count    int                      `yaml:"count"`
	On       bool                     `yaml:"on"`
	List     []string                 `yaml:"list"`
	Password source.Secret            `yaml:"password"`
	Headers  map[string]source.Secret `yaml:"headers"`
	Nested   *struct {
		Key  source.Secret `yaml:"key"`
		Word string        `yaml:"word"`
	} `yaml:"nested"`
}

// Inner is embedded.
type Inner struct {
	Wait time.Duration `yaml:"wait"`
}

func (o *options) Check() error {
	if o.Nested != nil && o.Nested.Word == "wrong" {
		return errors.Join(city.Errorf(city.CodeInvalid, "%q is not the word", o.Nested.Word).At("nested.word").WithHint("write right"),
			errors.New("something is missing"))
	}
	return nil
}

func (o *options) Open(context.Context, source.Env) (source.Source, error) { return nil, nil }

type named struct{ options }

func (*named) NamesDataset()    {}
func (*named) Location() string { return "there" }

func kinds() []source.Kind {
	return []source.Kind{
		{Name: "test", Options: func() source.Options { return &options{Count: 7} }},
		{Name: "named", Options: func() source.Options { return &named{} }},
	}
}

func declared() *city.City {
	c := &city.City{Datasets: []*city.Dataset{{Name: "env.air"}}}
	c.Index()
	return c
}

func TestEveryForm(t *testing.T) {
	t.Parallel()
	got, err := config.Parse([]byte(`
sources:
  - name: air-1
    dataset: env.air
    at: 02:30
    timeout: 5m
    retry: {first: 1s, most: 10s}
    test:
      wait: 90s
      size: 64MiB
      on: true
      list: one
      password: env:PASSWORD
      headers: {X-Key: "file:/run/key"}
      nested: {key: env:K, word: yes}
  - name: inbox
    named: {}
`), "sources.yaml", "/etc/jinyang", kinds(), declared())
	if err != nil {
		t.Fatal(err)
	}
	s, o := got[0], got[0].Options.(*options)
	if s.Schedule.String() != "daily at 02:30" || s.Timeout != 5*time.Minute || s.RetryFirst != time.Second || s.RetryMost != 10*time.Second || s.Pos.Line != 3 {
		t.Errorf("got %+v", s)
	}
	if o.Wait != 90*time.Second || o.Size != 64<<20 || !o.On || len(o.List) != 1 || o.Count != 7 || o.Headers["X-Key"] != "file:/run/key" || o.Nested.Word != "yes" {
		t.Errorf("got %+v", o)
	}
	if d := got[1]; d.Schedule.String() != "every 1m" || d.Timeout != 10*time.Minute || d.Where() != "there" || d.Base != "/etc/jinyang" {
		t.Errorf("got %+v", d)
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/mistakes.txtar")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, f := range archive.Files {
		want[f.Name] = string(f.Data)
	}
	for _, f := range archive.Files {
		if strings.HasSuffix(f.Name, ".want") {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Parse(f.Data, "sources.yaml", "/", kinds(), declared())
			if err == nil {
				t.Fatal("no mistake was found")
			}
			if got := err.Error() + "\n"; got != want[f.Name+".want"] {
				t.Errorf("got\n%s\nwant\n%s", got, want[f.Name+".want"])
			}
			if city.CodeOf(err) != "invalid.sources" || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("code %s, or a secret in %v", city.CodeOf(err), err)
			}
		})
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	large := filepath.Join(dir, "large.yaml")
	if err := os.WriteFile(large, make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]city.Code{filepath.Join(dir, "none.yaml"): "not_found.sources", dir: "invalid.sources", large: "invalid.sources"} {
		if _, err := config.Load(path, kinds(), nil); city.CodeOf(err) != want {
			t.Errorf("%s: %v, want code %s", path, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	archive, err := txtar.ParseFile("testdata/mistakes.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range archive.Files {
		f.Add(file.Data)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		sources, err := config.Parse(text, "sources.yaml", "/", kinds(), nil)
		var problems config.Problems
		if err != nil && (!errors.As(err, &problems) || len(problems) == 0) {
			t.Fatalf("an error of another kind: %v", err)
		}
		for _, s := range sources {
			if s.Name == "" || s.Options == nil || s.Timeout <= 0 || (s.Schedule.Every <= 0 && !s.Schedule.At.Set) {
				t.Fatalf("a source that cannot run: %+v", s)
			}
		}
	})
}

func TestScheduleNext(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("CST", 8*60*60)
	at := config.Schedule{At: config.Clock{Hour: 2, Minute: 30, Set: true}}
	for _, c := range []struct {
		s           config.Schedule
		ended, want string
	}{
		{config.Schedule{Every: time.Minute}, "2024-10-31T23:59:30+08:00", "2024-11-01T00:00:30+08:00"},
		{at, "2024-10-31T02:29:59+08:00", "2024-10-31T02:30:00+08:00"},
		{at, "2024-10-31T02:30:00+08:00", "2024-11-01T02:30:00+08:00"},
		{at, "2024-10-31T18:00:00Z", "2024-11-01T02:30:00+08:00"},
	} {
		ended, err := time.Parse(time.RFC3339, c.ended)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.s.Next(ended, zone).Format(time.RFC3339); got != c.want && c.s.Next(ended, zone).In(zone).Format(time.RFC3339) != c.want {
			t.Errorf("%s after %s is %s, want %s", c.s, c.ended, got, c.want)
		}
	}
}
