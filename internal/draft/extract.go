package draft

import (
	"context"
	"io"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/doctext"
	"github.com/jinyang-city/jinyang/internal/plantext"
)

// Extraction is what was read from a document: its form, and the proposals with
// their offsets in its text.
type Extraction struct {
	File string `json:"file"`
	*doctext.Document
	Characters int `json:"characters"`
	plantext.Result
}

// Extract reads a document by docs and proposes targets. c names the places and bodies
// to look for, nil for those told by their endings alone; year is the plan's,
// 0 to infer it.
func Extract(ctx context.Context, docs *doctext.Reader, file string, r io.Reader, c *city.City, year int) (*Extraction, error) {
	d, err := docs.Read(ctx, r, doctext.Limits{})
	if err != nil {
		return nil, err
	}
	o := plantext.Options{Year: year, Whole: d.Whole}
	if c != nil {
		o.Places, o.Bodies = namesOf(c)
	}
	x := &Extraction{File: file, Document: d, Result: plantext.Read(d.Text, o)}
	x.Characters = d.Pages[len(d.Pages)-1].End
	return x, nil
}

// namesOf lists how a pack's regions and organisations are called, in full and
// for short.
func namesOf(c *city.City) (places, bodies []string) {
	for _, r := range c.Regions {
		if r.Code != c.Code {
			places = append(places, r.Name.ZH)
			if full := []rune(r.Name.ZH); len(full) > 2 {
				places = append(places, string(full[:len(full)-1]))
			}
		}
	}
	for _, o := range c.Organisations {
		bodies = append(bodies, o.Title.ZH)
		if o.Short.ZH != "" {
			bodies = append(bodies, o.Short.ZH)
		}
	}
	return places, bodies
}
