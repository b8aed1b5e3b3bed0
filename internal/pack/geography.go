package pack

import (
	"io/fs"
	"time"
	_ "time/tzdata" // a machine without a time zone database reads the same packs

	"github.com/jinyang-city/jinyang/internal/city"
)

// buildCity takes the one city document.
func (b *builder) buildCity(firstFile string) {
	docs := b.docs[kindCity]
	if len(docs) == 0 {
		if len(b.names[kindCity]) > 0 {
			return // it is there, and could not be parsed
		}
		b.addf(city.Pos{File: firstFile, Line: 1}, CodeMissingKey, `declare it in one document: city: "140100"`, "the pack declares no city")
		return
	}
	for _, v := range docs[1:] {
		b.addf(v.pos, CodeDuplicateName, "the first is declared at "+docs[0].pos.String(), "the pack declares a second city")
	}
	v := docs[0]
	b.out.Code, b.out.Name, b.out.TimeZone = v.text(kindCity), v.title("name"), v.text("time_zone")
	// LoadLocation takes "" and Local for names; neither says where the city is.
	if _, err := time.LoadLocation(b.out.TimeZone); v.get("time_zone") != nil && (err != nil || b.out.TimeZone == "Local") {
		b.addf(v.at("time_zone"), CodeInvalidValue, "use an IANA name such as Asia/Shanghai", "time_zone: there is no time zone %q", b.out.TimeZone)
	}
	if b.out.Code != "" {
		b.resolve(v.at(kindCity), "city", kindRegion, b.out.Code)
	}
}

func (b *builder) buildOrganisation(v *value) {
	o := &city.Organisation{Name: v.text(kindOrganisation), Title: v.title("title"), Short: v.title("short"), Pos: v.pos}
	if !v.gives("short") {
		o.Short = o.Title
	}
	b.out.Organisations = append(b.out.Organisations, o)
}

func (b *builder) buildDocument(v *value) {
	d := &city.Document{
		Name:      v.text(kindDocument),
		File:      v.text("file"),
		Title:     v.title("title"),
		Publisher: v.text("publisher"),
		Published: v.date("published"),
		SHA256:    v.text("sha256"),
		Pos:       v.pos,
	}
	if d.File != "" && !fs.ValidPath(d.File) {
		b.addf(v.at("file"), CodeInvalidValue, "write a path with / and without ..", "file: %q is not a path below the folder of documents", d.File)
	}
	b.out.Documents = append(b.out.Documents, d)
}

func (b *builder) buildRegion(v *value) {
	r := &city.Region{
		Code:       v.text(kindRegion),
		Name:       v.title("name"),
		Parent:     b.refer(v, "parent", kindRegion),
		Functional: v.bool("functional"),
		Sets:       v.get("sets").texts(),
		From:       v.date("from"),
		To:         v.date("to"),
		Pos:        v.pos,
	}
	b.repeated(v.get("sets"), "sets")
	b.checkSpan(v, r.From, r.To)
	switch {
	case r.Code == "" || b.out.Code == "":
	case r.Code == b.out.Code && v.gives("parent"):
		b.addf(v.at("parent"), CodeInconsistent, "leave parent out", "the city's own region has no parent")
	case r.Code != b.out.Code && !v.gives("parent"):
		b.addf(v.pos, CodeMissingKey, "write parent: \""+b.out.Code+"\" or the region that it lies in", "the key parent is missing")
	}
	b.out.Regions = append(b.out.Regions, r)
}

// checkSpan reports a validity that ends before it begins.
func (b *builder) checkSpan(v *value, from, to city.Date) {
	if !from.IsZero() && !to.IsZero() && to.Before(from) {
		b.addf(v.at("to"), CodeInconsistent, "", "the validity ends on %s, before it begins on %s", to, from)
	}
}

// checkRegions reports regions that contain each other, once for each circle.
func (b *builder) checkRegions() {
	byCode := map[string]*city.Region{}
	for _, r := range b.out.Regions {
		if r.Code != "" {
			byCode[r.Code] = r
		}
	}
	done := map[*city.Region]bool{}
	for _, start := range b.out.Regions {
		path := map[*city.Region]bool{}
		r := start
		for r != nil && !done[r] && !path[r] {
			path[r] = true
			r = byCode[r.Parent]
		}
		if r != nil && path[r] {
			b.addf(r.Pos, CodeCycle, "mend one parent", "region %s lies in itself", r.Code)
		}
		for p := range path {
			done[p] = true
		}
	}
}

// setNames lists the sets of all regions, in the order of their first use.
func (b *builder) setNames() []string {
	var out []string
	seen := map[string]bool{}
	for _, r := range b.out.Regions {
		for _, s := range r.Sets {
			if !seen[s] {
				out, seen[s] = append(out, s), true
			}
		}
	}
	return out
}
