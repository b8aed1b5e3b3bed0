package delivery

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// declared is what a manifest says of the sums and values of a file, by field.
type declared struct {
	sums     map[string]city.Amount
	distinct map[string]int64
}

// resolve finds the fields that a manifest's line speaks of, each by its name or
// by that of one of its columns. Sums of doubles are refused: they depend on the
// order of adding up, so that neither side could be held to them.
func resolve(ds *city.Dataset, entry *city.ManifestFile) (*declared, error) {
	d := &declared{sums: map[string]city.Amount{}, distinct: map[string]int64{}}
	if entry == nil {
		return d, nil
	}
	for _, name := range slices.Sorted(maps.Keys(entry.Sums)) {
		f, err := declaredField(ds, name)
		if err != nil {
			return nil, err
		}
		if !exact(f) {
			return nil, city.Errorf(codeManifest, "the manifest declares a sum of %s, whose values are of type %s", name, f.Type).
				WithHint("only fields of type decimal and int have exact sums: leave it out, or declare the field as decimal")
		}
		if _, twice := d.sums[f.Name]; twice {
			return nil, namedTwice(f)
		}
		amount, err := city.ParseAmount(entry.Sums[name])
		if err != nil {
			return nil, city.Errorf(codeManifest, "the manifest's sum of %s: %w", name, err)
		}
		d.sums[f.Name] = amount
	}
	for _, name := range slices.Sorted(maps.Keys(entry.Distinct)) {
		f, err := declaredField(ds, name)
		if err != nil {
			return nil, err
		}
		if _, twice := d.distinct[f.Name]; twice {
			return nil, namedTwice(f)
		}
		d.distinct[f.Name] = entry.Distinct[name]
	}
	return d, nil
}

func namedTwice(f *city.Field) *city.Error {
	return city.Errorf(codeManifest, "the manifest speaks of the field %s twice", f.Name).WithHint("name it once, by its own name or that of its column")
}

func declaredField(ds *city.Dataset, name string) (*city.Field, error) {
	names := make([]string, 0, 2*len(ds.Fields))
	for _, f := range ds.Fields {
		if f.Name == name || slices.Contains(f.Source, name) {
			return f, nil
		}
		names = append(append(names, f.Name), f.Source...)
	}
	err := city.Errorf(codeManifest, "the manifest declares a sum or a count of %.100q, which is no field of %s", name, ds.Name)
	if near := city.Nearest(name, names); near != "" && len(name) < 100 {
		err = err.WithHint("did you mean %s?", near)
	}
	return nil, err
}

// countDistinct counts the values that the manifest declares. It comes before
// anything takes rows out of the stage.
func countDistinct(ctx context.Context, t *totals, stage lake.Tallier) error {
	if len(t.distinct) == 0 {
		return nil
	}
	names := make([]string, len(t.distinct))
	for i, d := range t.distinct {
		names[i] = d.field.Name
	}
	counts, err := stage.Distinct(ctx, names)
	if err != nil {
		return err
	}
	for _, d := range t.distinct {
		d.received = counts[d.field.Name]
	}
	return nil
}

// compareTotals compares what the file held with what the manifest says, and
// names every difference.
func (r *run) compareTotals() error {
	var wrong []string
	unreadable := int64(0)
	for _, s := range r.totals.sums {
		if total := s.total(); s.declared != nil && !total.Equal(*s.declared) {
			wrong = append(wrong, fmt.Sprintf("the sum of %s is %s, the manifest says %s (difference %s)", s.field.Name, total, *s.declared, total.Sub(*s.declared)))
			unreadable = max(unreadable, s.unreadable)
		}
	}
	for _, d := range r.totals.distinct {
		if d.received != d.declared {
			wrong = append(wrong, fmt.Sprintf("%s has %d different values, the manifest says %d (difference %d)", d.field.Name, d.received, d.declared, d.received-d.declared))
		}
	}
	if len(wrong) > 0 {
		hint := "the file was changed on its way, or the sender counted other rows: ask for it again"
		if unreadable > 0 {
			hint = fmt.Sprintf("the values of %d rows could not be read and are in no sum: see the reasons", unreadable)
		}
		return reject(city.Errorf(codeManifest, "%s", strings.Join(wrong, "; ")).WithHint("%s", hint))
	}
	return nil
}

// checkTotals is compareTotals for a file that is about to be merged: it also
// notes the sums over the rows that passed all checks.
func (r *run) checkTotals(ctx context.Context, stage lake.Tallier) error {
	if err := r.compareTotals(); err != nil {
		return err
	}
	staged, err := stage.Sums(ctx, r.totals.names())
	if err != nil {
		return err
	}
	for _, s := range r.totals.sums {
		s.staged = staged[s.field.Name]
	}
	stage.AlsoSum(r.totals.names())
	return nil
}

// balance writes the sums of a merged delivery into the receipt. Accepted is
// what the table took, quarantined what never reached the stage or was taken
// out of it, and duplicate what Merge left out.
func (r *run) balance(m *lake.Merged) error {
	r.receipt.Balance, r.receipt.Distinct = []Balance{}, r.totals.counts()
	for _, s := range r.totals.sums {
		accepted, err := city.ParseAmount(m.Sums[s.field.Name])
		if err != nil {
			return city.Errorf(city.CodeInternal, "the engine's sum of %s: %w", s.field.Name, err)
		}
		r.receipt.Balance = append(r.receipt.Balance, s.balance(accepted, s.total().Sub(s.staged)))
	}
	return nil
}

// heldBack writes the sums of a rejected delivery into the receipt: of what was
// read, everything is held back.
func (t *totals) heldBack(c *Receipt) {
	c.Balance, c.Distinct = []Balance{}, []Distinct{}
	if t == nil {
		return
	}
	c.Distinct = t.counts()
	for _, s := range t.sums {
		c.Balance = append(c.Balance, s.balance(s.zero(), s.total()))
	}
}

func (t *totals) counts() []Distinct {
	out := []Distinct{}
	for _, d := range t.distinct {
		out = append(out, Distinct{d.field.Name, d.received, d.declared})
	}
	return out
}
