package metric

import "github.com/jinyang-city/jinyang/internal/city"

// Read says which rows of a dataset a question reads: those of the given days,
// by the field that places them in time.
type Read struct {
	Dataset string
	Time    string
	Days    []city.Span // neither overlapping nor touching, in order; a zero From is before all days
}

// Reads says what a question reads, so that an engine need not look at the rest.
func Reads(c *city.City, r Request, src Source) ([]Read, error) {
	k, err := newCompiler(c, r, src)
	if err != nil {
		return nil, err
	}
	return k.reads(), nil
}

func (k *compiler) reads() []Read {
	out := make([]Read, len(k.parts))
	for i, p := range k.parts {
		out[i] = Read{p.dataset.Name, p.req.Indicator.Time, p.days()}
	}
	return out
}

// days lists the days that a part reads. Windows begin with their bucket, which
// may begin before the question's period.
func (p *part) days() []city.Span { return ranges(p.windows) }
