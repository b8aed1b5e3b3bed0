package words_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jinyang-city/jinyang/internal/words"
)

func chinese(t *testing.T) *words.Catalogue {
	t.Helper()
	c, err := words.Chinese()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSay(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"name at least one indicator":                                      "请至少选一个指标",
		`"apples" is nothing that a measure can show`:                      "“apples”不是度量能显示的内容",
		"no plan of 1999 is declared":                                      "没有 1999 年的计划",
		"delivery d1 is rejected: only a committed one can be rolled back": "批次 d1 的状态是 已拒绝：只有已入库的才能回滚",
		"cannot read the views: the disk is full":                          "磁盘已满",
		"jobs.new cannot be broken down by \"a \\\"b\\\"\"":                "jobs.new不能按“a \"b\"”细分",
	} {
		if got, ok := chinese(t).Say(said); !ok || got != want {
			t.Errorf("%q is said %q (%v), want %q", said, got, ok, want)
		}
	}
	for _, unknown := range []string{"", "nobody wrote this", "期间", strings.Repeat("x", 5_000)} {
		if got, ok := chinese(t).Say(unknown); ok {
			t.Errorf("%.40q is said %q", unknown, got)
		}
	}
}

// TestEverySentenceIsFound holds that a sentence is read back as itself: no
// other form takes it away.
func TestEverySentenceIsFound(t *testing.T) {
	t.Parallel()
	c := chinese(t)
	for _, format := range c.Formats() {
		sentence, values := words.Sample(format)
		got, ok := c.Say(sentence)
		if want := c.Filled(format, values); !ok || got != want {
			t.Errorf("%q is said %q, want %q", sentence, got, want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"one\n":                    "no translation",
		"one\ntwo\n  二\n":          `"one" has no translation`,
		"  一\n":                    "without its sentence",
		"one\n  一\none\n  壹\n":     "said twice",
		"%s of %d\n  {2} 中的 {3}\n": "number 3",
		"%s\n  {1}\n":              "all value",
	} {
		_, err := words.Read(fstest.MapFS{"a.txt": {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func FuzzSay(f *testing.F) {
	f.Add("the table would have more than 7 rows")
	f.Add(`"\"" is not a period`)
	c, err := words.Chinese()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(_ *testing.T, sentence string) { c.Say(sentence) })
}
