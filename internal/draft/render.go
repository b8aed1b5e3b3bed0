package draft

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/doctext"
	"github.com/jinyang-city/jinyang/internal/store"
)

// maxQuote is the longest quote of a pack, in characters.
const maxQuote = 120

// rendering makes the file of a draft's accepted targets.
type rendering struct {
	file
	c        *city.City
	d        *Draft
	w        Writing
	plan     *city.Plan // nil when the file declares one
	source   string     // name of the document that is quoted
	accepted []Proposal
	sections []string // titles of the chapters of a new plan, in order
}

var fileName = regexp.MustCompile(`^[a-z0-9][a-z0-9_]*([.-][a-z0-9_]+)*$`)

// render writes the file, in the house style of packs: a head that says where
// it comes from, what it declares, then the targets.
func render(c *city.City, d *Draft, w Writing) (string, int, error) {
	if !fileName.MatchString(w.Name) {
		return "", 0, city.Errorf(city.CodeInvalid+".name", "the name %.60q cannot name a file of a pack", w.Name).WithHint("use small letters, digits and _, in parts joined by a dot or hyphen, for example 2025")
	}
	r := &rendering{c: c, d: d, w: w}
	for _, p := range d.Targets {
		if p.State == store.DraftAccepted {
			r.accepted = append(r.accepted, p)
		}
	}
	if len(r.accepted) == 0 {
		return "", 0, city.Errorf(city.CodeInvalid+".draft", "no proposal of the draft is accepted").WithHint("accept those that are promises first")
	}
	if w.Plan != "" {
		var err error
		if r.plan, err = c.Plan(w.Plan); err != nil {
			return "", 0, err
		}
	}
	r.head()
	r.units()
	r.documents()
	r.plans()
	for _, p := range r.accepted {
		r.target(p)
	}
	return r.b.String(), len(r.accepted), nil
}

func (r *rendering) head() {
	r.comment("Targets read from %s\n(SHA-256 %s)\nand accepted one by one in draft %s; %d of %d proposals. What was edited by hand, or has\nto be interpreted, is said in a note.\n", oneLine(r.d.File), r.d.SHA256, r.d.ID, len(r.accepted), len(r.d.Targets))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// units declares the units that the pack lacks.
func (r *rendering) units() {
	done := map[string]bool{}
	for _, p := range r.accepted {
		id, title, isNew := declared(r.c, p.Declared.Unit)
		if !isNew || done[id] || p.Declared.Value == nil {
			continue
		}
		done[id] = true
		r.document("unit", id)
		r.key("title", bilingual(title))
	}
}

// documents declares the text, unless the pack has it. A file that is not plain
// UTF-8 is declared by its decoded text, which quotes can be looked up in.
func (r *rendering) documents() {
	name, sum := r.d.File, r.d.SHA256
	plain := r.d.Kind == doctext.Text && r.d.Encoding == "utf-8"
	if !plain {
		h := sha256.Sum256([]byte(r.d.Text))
		name, sum = r.d.File+".txt", hex.EncodeToString(h[:])
	}
	for _, have := range r.c.Documents {
		if have.SHA256 == sum {
			r.source = have.Name
			return
		}
	}
	r.source = r.w.Name
	r.document("document", scalarName(r.w.Name))
	if !plain {
		r.comment("the decoded text of %s, whose SHA-256 stands above", oneLine(r.d.File))
	}
	r.key("file", scalar(name))
	r.key("title", bilingual(r.title()))
	r.key("publisher", scalar(orElse(r.w.Publisher, "未注明")))
	r.key("published", orElse(r.w.Published, fmt.Sprintf("%04d-01-01", max(r.year(), 1949))))
	r.key("sha256", sum)
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// scalarName quotes names that YAML would read as numbers.
func scalarName(s string) string {
	if s[0] >= '0' && s[0] <= '9' {
		return `"` + s + `"`
	}
	return s
}

func (r *rendering) title() city.Text {
	t := r.w.Title
	if t.ZH == "" {
		t.ZH = oneLine(r.d.File)
	}
	return t
}

func (r *rendering) year() int {
	if r.plan != nil {
		return r.plan.Year
	}
	return r.d.Year
}

// plans declares a plan whose chapters are the text's own headings.
func (r *rendering) plans() {
	if r.plan != nil {
		return
	}
	for _, p := range r.accepted {
		if t := sectionOf(p); !slices.Contains(r.sections, t) {
			r.sections = append(r.sections, t)
		}
	}
	r.document("plan", scalarName(r.w.Name))
	r.key("year", fmt.Sprint(r.year()))
	r.key("title", bilingual(r.title()))
	r.key("document", scalarName(r.source))
	r.b.WriteString("chapters:\n")
	for n, t := range r.sections {
		fmt.Fprintf(&r.b, "  %s: %s\n", chapterName(n), bilingual(city.Text{ZH: t}))
	}
}

func sectionOf(p Proposal) string { return orElse(oneLine(p.Section), "全文") }

func chapterName(n int) string { return fmt.Sprintf("section%d", n+1) }

func (r *rendering) chapter(p Proposal) string {
	switch {
	case r.plan == nil:
		return chapterName(slices.Index(r.sections, sectionOf(p)))
	case r.w.Chapter != "":
		return r.w.Chapter
	case len(r.plan.Chapters) > 0:
		return r.plan.Chapters[0].Name
	}
	return ""
}

// target declares one target.
func (r *rendering) target(p Proposal) {
	d := p.Declared
	r.document("target", scalarName(orElse(d.Name, fmt.Sprintf("%s.t%d", r.w.Name, p.Number))))
	r.key("title", bilingual(city.Text{ZH: orElse(d.Title.ZH, oneLine(p.Quote)), EN: d.Title.EN}))
	r.key("plan", `"`+orElse(r.w.Plan, r.w.Name)+`"`)
	r.key("chapter", r.chapter(p))
	note := d.Note
	switch {
	case d.Value == nil || d.Kind == city.TargetMilestone || d.Kind == city.TargetRelative && d.Relative == "":
		if d.Kind == city.TargetRelative {
			note = strings.TrimSpace(note + "；尚未绑定相比较的指标，暂作里程碑")
		}
		r.key("milestone", "true")
	default:
		r.number(d)
	}
	r.given("from", d.From)
	r.given("deadline", d.Deadline)
	r.key("owner", orElse(orElse(d.Owner, r.w.Owner), "government"))
	if d.Region != "" {
		r.key("region", `"`+d.Region+`"`)
	}
	if r.plan != nil && r.plan.Document != r.source {
		r.key("document", scalarName(r.source))
	}
	r.key("quote", scalar(shortQuote(p.Quote)))
	if note != "" {
		r.key("note", bilingual(city.Text{ZH: note}))
	}
}

func (r *rendering) number(d Declaration) {
	r.given("indicator", d.Indicator)
	if d.Kind != city.TargetLevel {
		r.key("kind", string(d.Kind))
	}
	r.key(orElse(string(d.Comparator), string(city.AtLeast)), decimal(*d.Value))
	if d.Comparator == city.Around && d.Tolerance != nil {
		r.key("tolerance", decimal(*d.Tolerance))
	}
	id, _, _ := declared(r.c, d.Unit)
	r.key("unit", id)
	r.given("relative", d.Relative)
}

// shortQuote keeps the end of a quote that is too long for a pack: the number
// stands there.
func shortQuote(q string) string {
	r := []rune(q)
	if len(r) <= maxQuote {
		return q
	}
	return strings.TrimLeft(string(r[len(r)-maxQuote:]), " \n\t，、")
}
