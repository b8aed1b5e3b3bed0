package delivery_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

// file is a delivery of a test and the receipt that it must give.
type file struct{ content, want string }

// TestSequences delivers files one after the other and looks at the table
// behind them.
func TestSequences(t *testing.T) {
	t.Parallel()
	const (
		first   = head + "A1," + anna + ",小店区,2024-01-05,100.00\nA2,,,2024-01-06,\n"
		changed = head + "A1," + anna + ",小店区,2024-01-05,250.00\n"
	)
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(first)
	if err != nil {
		t.Fatal(err)
	}
	a1, a2, a1changed := "A1|token26|140105|2024-01-05|100.00", "A2|-|140100|2024-01-06|-", "A1|token26|140105|2024-01-05|250.00"
	cases := map[string]struct {
		dataset string
		files   []file
		table   []string
	}{
		"the same file twice": {"hrss.jobs", []file{
			{first, "committed 2=2+0+0"}, {first, "committed 2=0+0+2 same_file:2"},
		}, []string{a1, a2}},
		"the same file after a correction": {"hrss.jobs", []file{
			{first, "committed 2=2+0+0"}, {changed, "committed 1=1+0+0 changed 1"}, {first, "committed 2=0+0+2 same_file:2"},
		}, []string{a1changed, a2}},
		"the same rows in another file": {"hrss.jobs", []file{
			{first, "committed 2=2+0+0"}, {first + "\n", "committed 2=0+0+2 unchanged:2"},
		}, []string{a1, a2}},
		"a late row": {"hrss.jobs", []file{
			{head + "B1,,,2024-03-01,1\n", "committed 1=1+0+0"}, {head + "A2,,,2024-01-06,\nB1,,,2024-03-01,1\n", "committed 2=1+0+1 unchanged:1"},
		}, []string{a2, "B1|-|140100|2024-03-01|1.00"}},
		"repeats inside a file": {"hrss.jobs", []file{
			{head + "A2,,,2024-01-06,\nA2,,,2024-01-06,\nA2,,,2024-01-06,7\nA2,,,2024-01-06,\n", "committed 4=1+0+3 duplicate_in_file:2 superseded_in_file:1"},
		}, []string{a2}},
		"quarantine beside good rows": {"hrss.jobs", []file{
			{first + "A3,123,,2024-01-07,\n,,,2024-01-07,\nA4,,,2024-02-30,\nA5,,别处,2024-01-07,x\n", "committed 6=2+4+0 id_length:1 missing:1 not_a_date:1 unknown_region:1"},
		}, []string{a1, a2}},
		"only bad rows": {"hrss.jobs", []file{
			{head + "A3,123,,2024-01-07,\n", "committed 1=0+1+0 id_length:1"},
		}, []string{}},
		"mended and delivered again": {"hrss.jobs", []file{
			{head + "A2,,,2024-13-06,\n", "committed 1=0+1+0 not_a_date:1"}, {head + "A2,,,2024-01-06,\n", "committed 1=1+0+0"},
		}, []string{a2}},
		"gb18030": {"hrss.jobs", []file{{gb, "committed 2=2+0+0"}}, []string{a1, a2}},
		"byte order mark and CRLF": {"hrss.jobs", []file{
			{"\ufeff" + strings.ReplaceAll(first, "\n", "\r\n"), "committed 2=2+0+0"},
		}, []string{a1, a2}},
		"columns of the sender that are not kept": {"hrss.jobs", []file{
			{"备注,登记日期,业务流水号\n无,2024-01-06,A2\n", "committed 1=1+0+0"},
		}, []string{a2}},
		"cut in the last row": {"hrss.jobs", []file{
			{first[:len(first)-len("2024-01-06,\n")], "committed 2=1+1+0 field_count:1"},
		}, []string{a1}},
		"a zero byte in a row": {"hrss.jobs", []file{
			{first + strings.Repeat("A2,,,2024-01-06,\n", 40) + "A3,\x00,,2024-01-07,\n", "committed 43=2+1+40 bad_encoding:1 duplicate_in_file:40"},
		}, []string{a1, a2}},
		"append": {"env.air", []file{
			{"2024-01-01,35\n2024-01-02,NaN\n2024-01-01,35\n", "committed 3=2+0+1 duplicate_in_file:1"},
			{"2024-01-01,36\n2024-01-02,NaN\n", "committed 2=1+0+1 unchanged:1"},
		}, []string{"2024-01-01|35.0", "2024-01-01|36.0", "2024-01-02|-"}},
		"too many bad rows": {"hrss.strict", []file{
			{head + "A2,,,2024-01-06,\n,,,2024-01-07,\n,,,2024-01-07,\n", "rejected 3=0+3+0 invalid.too_many_failures batch_rejected:1 missing:2"},
			{head + "A2,,,2024-01-06,\nA3,,,2024-01-06,\n,,,2024-01-07,\n", "committed 3=2+1+0 missing:1"},
		}, []string{a2, "A3|-|140100|2024-01-06|-"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			var last *delivery.Receipt
			for i, f := range c.files {
				last = b.deliver(c.dataset, f.content)
				if got := brief(last); got != f.want {
					t.Errorf("file %d: %s\nwant    %s\n%s", i+1, got, f.want, last.Message)
				}
			}
			b.wantTable(c.dataset, c.table...)
			if len(b.ended) != len(c.files) || b.ended[len(b.ended)-1] != last {
				t.Errorf("Committed was told of %d deliveries", len(b.ended))
			}
		})
	}
}

// TestRejected delivers files that cannot be used. Each gives a receipt with a
// reason, changes nothing, and leaves nothing but its evidence.
func TestRejected(t *testing.T) {
	t.Parallel()
	good := head + "A1," + anna + ",小店区,2024-01-05,100.00\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(good)
	if err != nil {
		t.Fatal(err)
	}
	rows := func(n int64) *int64 { return &n }
	cases := map[string]struct {
		content string
		entry   city.ManifestFile
		code    city.Code
		says    string
	}{
		"empty":                {content: "", code: "invalid.empty", says: "empty"},
		"blank lines":          {content: "\n\r\n\n", code: "invalid.empty", says: "no records"},
		"header only":          {content: head, code: "invalid.empty", says: "no rows"},
		"missing column":       {content: "公民身份号码,工资\n,1\n", code: "invalid.header", says: `missing "业务流水号", "登记日期"`},
		"extra column":         {content: strings.Replace(head, "\n", ",手机号\n", 1) + "A1,,,2024-01-05,1,x\n", code: "invalid.header", says: `not declared "手机号"`},
		"no header":            {content: "A1,,,2024-01-05,1\n", code: "invalid.header", says: "names none"},
		"quote open":           {content: good + "A2,,\"小店区,2024-01-05,1\n", code: "invalid.csv", says: "line 3"},
		"endless record":       {content: good + strings.Repeat("x", 2<<20), code: "invalid.csv", says: "longer than"},
		"declared utf-8":       {content: gb, entry: city.ManifestFile{Encoding: "utf-8"}, code: "invalid.encoding", says: "GB18030"},
		"declared unknown":     {content: good, entry: city.ManifestFile{Encoding: "ebcdic"}, code: "invalid.encoding", says: "ebcdic"},
		"utf-16":               {content: "\xff\xfea\x00", code: "invalid.format", says: "UTF-16"},
		"xls":                  {content: "\xd0\xcf\x11\xe0\x00", code: "invalid.format", says: "save it as XLSX"},
		"xlsx cut short":       {content: "PK\x03\x04\x14\x00", code: "invalid.archive", says: "cut short"},
		"binary":               {content: "\x7fELF\x02\x01\x01\x00\x00", code: "invalid.format", says: "zero bytes"},
		"fewer rows than said": {content: good, entry: city.ManifestFile{Rows: rows(2)}, code: "invalid.manifest", says: "1 rows, the manifest says 2"},
		"another hash":         {content: good, entry: city.ManifestFile{SHA256: strings.Repeat("0", 64)}, code: "invalid.manifest", says: "SHA-256"},
	}
	b := newBench(t)
	b.deliver("hrss.jobs", head+"B1,,,2024-03-01,1\n")
	table := b.table("hrss.jobs")
	before, evidence := b.files(), 0
	for name, c := range cases {
		req := delivery.Request{Dataset: "hrss.jobs", File: name, Content: strings.NewReader(c.content), Actor: "test"}
		if c.entry.Encoding != "" || c.entry.Rows != nil || c.entry.SHA256 != "" {
			req.Manifest, req.Entry = &city.Manifest{Dataset: "hrss.jobs", Files: []city.ManifestFile{c.entry}}, &c.entry
		}
		r := b.request(req)
		if r.Status != delivery.Rejected || r.Code != c.code || !strings.Contains(r.Message, c.says) {
			t.Errorf("%s: %s: %s", name, brief(r), r.Message)
		}
		evidence++
	}
	b.wantTable("hrss.jobs", table...)
	if after := b.files(); len(after) != len(before)+evidence {
		t.Errorf("rejected deliveries left more than their evidence: %v", after)
	}
}

// TestManifestTravelsWithTheReceipt holds that what a manifest says reaches the
// receipt, and that one table keeps samples of one size.
func TestManifestTravelsWithTheReceipt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	half := &city.Manifest{Dataset: "hrss.jobs", Batch: "2024-01", Simulated: true, Sample: &city.Sample{Fraction: 0.5},
		Period: city.Span{From: city.NewDate(2024, 1, 1), To: city.NewDate(2024, 1, 31)}}
	send := func(m *city.Manifest, content string) *delivery.Receipt {
		return b.request(delivery.Request{Dataset: "hrss.jobs", File: "a.csv", Content: strings.NewReader(content), Actor: "test", Manifest: m})
	}
	r := send(half, head+"A2,,,2024-01-06,\n")
	if r.Batch != "2024-01" || !r.Simulated || r.Fraction != 0.5 || r.Period == nil || r.Period.String() != "2024-01-01..2024-01-31" {
		t.Errorf("the receipt does not say what the manifest did: %+v", r)
	}
	whole := &city.Manifest{Dataset: "hrss.jobs", Batch: "2024-02"}
	if r := send(whole, head+"A3,,,2024-02-06,\n"); r.Code != "invalid.manifest" || !strings.Contains(r.Message, "sample") {
		t.Errorf("samples of two sizes in one table: %s %s", brief(r), r.Message)
	}
	b.wantTable("hrss.jobs", "A2|-|140100|2024-01-06|-")
	if r := b.deliver("hrss.jobs", head+"A4,,,2024-02-06,\n"); r.Fraction != 0.5 || r.Period.String() != "2024-02-06..2024-02-06" {
		t.Errorf("without a manifest the table's fraction and the rows' period hold: %+v", r)
	}
}
