package policy

import (
	"slices"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

func sampleCity() *city.City {
	c := &city.City{Code: "140100",
		Regions: []*city.Region{{Code: "140100"}, {Code: "140105", Parent: "140100"}, {Code: "140106", Parent: "140100"}, {Code: "140105001", Parent: "140105"}},
		Rules: []*city.Rule{{Name: "d", Kind: city.RuleDisclosure, Versions: []city.RuleVersion{
			{Params: map[string]float64{ParamMinGroup: 3, ParamGrade: 3}},
			{Params: map[string]float64{ParamMinGroup: 10, ParamGrade: 3, ParamHideGrade: 4}}}}},
		Datasets: []*city.Dataset{
			{Name: "p.open", Grade: 1, Key: []string{"id"}, Fields: []*city.Field{{Name: "id", Type: city.TypeString}}},
			{Name: "p.graded", Grade: 3, Key: []string{"id"}, Fields: []*city.Field{{Name: "id", Type: city.TypeString}, {Name: "place", Type: city.TypeRegion}, {Name: "note", Type: city.TypeString, Personal: true}}},
			{Name: "p.named", Grade: 2, Fields: []*city.Field{{Name: "person", Type: city.TypePerson}, {Name: "note", Type: city.TypeString}}},
			{Name: "p.secret", Grade: 4, Fields: []*city.Field{{Name: "person", Type: city.TypePerson}}},
		}}
	c.Index()
	return c
}

func TestRead(t *testing.T) {
	t.Parallel()
	c := sampleCity()
	for _, w := range []struct {
		dataset string
		least   int
		masks   map[string]Mask
	}{
		{"p.open", 0, map[string]Mask{}},
		{"p.graded", 10, map[string]Mask{"id": MaskShort, "note": MaskHidden}},
		{"p.named", 10, map[string]Mask{"person": MaskShort}},
		{"p.secret", 10, map[string]Mask{"person": MaskHidden}},
	} {
		a, err := Read(Local("test"), c, w.dataset)
		if err != nil || a.MinGroup != w.least || len(a.Masks) != len(w.masks) || len(a.Rows) > 0 {
			t.Errorf("%s: %+v, %v", w.dataset, a, err)
		}
		for f, m := range w.masks {
			if a.Masks[f] != m {
				t.Errorf("%s.%s is masked %q, want %q", w.dataset, f, a.Masks[f], m)
			}
		}
	}
	if a, err := Read(Local("test", RightSmallGroups), c, "p.named"); err != nil || a.MinGroup != 0 || a.Masks["person"] != MaskShort {
		t.Errorf("with the right to see small groups: %+v, %v", a, err)
	}
	if _, err := Read(Principal{}, c, "p.open"); err == nil {
		t.Error("nobody may read")
	}
	c.Rules = nil
	if a, err := Read(Local("test"), c, "p.named"); err != nil || a.MinGroup != undeclared {
		t.Errorf("without a rule: %+v, %v", a, err)
	}
}

func TestNarrowedPrincipal(t *testing.T) {
	t.Parallel()
	c := sampleCity()
	who := Local("test")
	who.Regions = []string{"140105"}
	a, err := Read(who, c, "p.graded")
	if err != nil || len(a.Rows) != 1 || a.Rows[0].Field != "place" || !slices.Equal(a.Rows[0].Values, []string{"140105", "140105001"}) {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := Read(who, c, "p.open"); city.CodeOf(err) != "forbidden.region" {
		t.Errorf("a dataset without regions: %v", err)
	}
	who.Datasets = []string{"p.graded"}
	if _, err := Read(who, c, "p.named"); city.CodeOf(err) != "forbidden.dataset" {
		t.Errorf("another dataset: %v", err)
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mask     Mask
		in, want string
	}{
		{MaskNone, "abc", "abc"}, {MaskShort, "7jqfdwabcdefgh", "7jqfdw…"}, {MaskShort, "张三", "张…"}, {MaskShort, "", ""}, {MaskHidden, "secret", "•••"}, {MaskHidden, "", ""},
	} {
		if got := c.mask.Apply(c.in); got != c.want {
			t.Errorf("%q of %q: %q, want %q", c.mask, c.in, got, c.want)
		}
	}
}
