package draft

import (
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/doctext"
	"github.com/jinyang-city/jinyang/internal/plantext"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Summary is a draft in a list.
type Summary struct {
	ID         string       `json:"id"`
	File       string       `json:"file"`
	SHA256     string       `json:"sha256"`
	Kind       doctext.Kind `json:"kind" enum:"txt,docx,pdf"`
	Encoding   string       `json:"encoding"`
	Year       int          `json:"year"` // 0 when the text does not tell
	Characters int          `json:"characters"`
	Proposals  int          `json:"proposals"`
	Accepted   int          `json:"accepted"`
	Refused    int          `json:"refused"`
	By         string       `json:"by"`
	At         time.Time    `json:"at"`
	Written    *Written     `json:"written"`
}

// Written says which file of the pack holds a draft's targets.
type Written struct {
	File string    `json:"file"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

// Draft is a text with its proposals and what became of them.
type Draft struct {
	Summary
	Text      string              `json:"text"` // offsets count its characters
	Pages     []doctext.Page      `json:"pages"`
	Furniture []plantext.Span     `json:"furniture"`
	Sections  []plantext.Section  `json:"sections"`
	Rejected  []plantext.Rejected `json:"rejected"`
	Targets   []Proposal          `json:"targets"`
}

// Proposal is one proposed target under review.
type Proposal struct {
	Number int `json:"number"`
	plantext.Target
	State       store.DraftState `json:"state" enum:"proposed,accepted,rejected"`
	Declared    Declaration      `json:"declared"` // what would be written
	Edited      bool             `json:"edited"`
	Version     int64            `json:"version"`
	ChangedBy   string           `json:"changed_by"`
	ChangedAt   *time.Time       `json:"changed_at"`
	Suggestions []Suggestion     `json:"suggestions"`
}

// Declaration is a proposal in the words of the pack.
type Declaration struct {
	Name       string          `json:"name" maxLength:"120"`
	Title      city.Text       `json:"title"`
	Indicator  string          `json:"indicator" maxLength:"120"` // "" without data
	Kind       city.TargetKind `json:"kind" enum:"level,growth,coverage,milestone,relative"`
	Comparator city.Comparator `json:"comparator" enum:"at_least,at_most,around,above,below,"`
	Value      *float64        `json:"value"`
	Tolerance  *float64        `json:"tolerance"`
	Unit       string          `json:"unit" maxLength:"120"` // of the pack; or, with a colon, one to be declared: "亩"
	Relative   string          `json:"relative" maxLength:"120"`
	Deadline   string          `json:"deadline" maxLength:"10"`
	From       string          `json:"from" maxLength:"10"`
	Owner      string          `json:"owner" maxLength:"120"`
	Region     string          `json:"region" maxLength:"6"`
	Note       string          `json:"note" maxLength:"500"`
}

// Suggestion is an indicator that a proposal may be about.
type Suggestion struct {
	Indicator string    `json:"indicator"`
	Title     city.Text `json:"title"`
	Unit      string    `json:"unit"`
	Score     float64   `json:"score"` // 0 to 1
}

// Change is what a reviewer does with a proposal. What is left out stays.
type Change struct {
	Version  int64        `json:"version" doc:"the version that the reviewer saw; 0 of an untouched proposal"`
	State    string       `json:"state,omitempty" enum:"proposed,accepted,rejected"`
	Declared *Declaration `json:"declared,omitempty" doc:"the whole declaration as edited"`
	Note     string       `json:"note,omitempty" maxLength:"500"`
}

// Past is one change of a proposal.
type Past struct {
	Version  int64            `json:"version"`
	State    store.DraftState `json:"state" enum:"proposed,accepted,rejected"`
	Declared *Declaration     `json:"declared"` // null as proposed
	Note     string           `json:"note"`
	By       string           `json:"by"`
	At       time.Time        `json:"at"`
}

// Writing says how the accepted proposals are written to the pack.
type Writing struct {
	Name      string    `json:"name" maxLength:"60" doc:"of the file targets/NAME.yaml and of a new plan and document"`
	Plan      string    `json:"plan" maxLength:"60" doc:"plan of the pack that takes the targets; empty declares a new one"`
	Chapter   string    `json:"chapter" maxLength:"60" doc:"chapter of the plan; empty for its first, or for the sections of the text in a new plan"`
	Owner     string    `json:"owner" maxLength:"120" doc:"organisation that answers for targets without an owner of their own"`
	Title     city.Text `json:"title" doc:"of a new plan and document"`
	Publisher string    `json:"publisher" maxLength:"120"`
	Published string    `json:"published" maxLength:"10" doc:"YYYY-MM-DD"`
}

// Preview is the file that would be written, and what the pack says to it.
type Preview struct {
	File     string    `json:"file"`
	YAML     string    `json:"yaml"`
	Targets  int       `json:"targets"`
	Problems []Problem `json:"problems"` // none: the pack with the file is right
	Writable bool      `json:"writable"` // whether this program may write the pack; else save the file there
}

// Problem is a mistake of the pack with the file.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}
