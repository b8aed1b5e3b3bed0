package policy

import (
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Right lets a principal do something that not everybody may.
type Right string

// RightIdentify lets a principal learn who is behind a token. Nobody has it
// unless it was granted.
const RightIdentify Right = "identify"

// RightRows lets a principal read single rows of person data, their identifiers
// masked. The local principal has it: whoever works on the machine mends rows.
const RightRows Right = "rows"

// RightSmallGroups lets a principal see figures of however few persons. Nobody
// has it unless it was granted, because tables are passed on.
const RightSmallGroups Right = "small_groups"

// Grantable lists the rights that whoever starts the program may grant.
func Grantable() []Right { return []Right{RightIdentify, RightSmallGroups} }

// Principal is somebody on whose behalf a question is answered or something is
// changed. The zero Principal may do nothing.
type Principal struct {
	Name   string // as the audit chain names it, for example api:local
	Rights []Right
	// Regions and Datasets, when there are any, are all that the principal may
	// see. A region stands for all that belong to it.
	Regions  []string
	Datasets []string
}

// Local is the built-in principal of whoever can reach the program on its own
// machine, until identities are configured. name says by which road.
func Local(name string, granted ...Right) Principal {
	return Principal{Name: name, Rights: append([]Right{RightRows}, granted...)}
}

// System is the principal of work that the program does by itself, such as
// computing a board before anybody asks for it. name says which work.
func System(name string) Principal { return Principal{Name: "system:" + name} }

// Without gives the principal without a right, for what others will read.
func (p Principal) Without(r Right) Principal {
	p.Rights = slices.DeleteFunc(slices.Clone(p.Rights), func(have Right) bool { return have == r })
	return p
}

// Require refuses a principal that lacks a right.
func (p Principal) Require(r Right) error {
	if slices.Contains(p.Rights, r) {
		return nil
	}
	err := city.Errorf(city.CodeForbidden+"."+city.Code(r), "this needs the right %s, which was not granted", r)
	if r == RightIdentify {
		return err.WithHint("start the server with --grant %s, or use jinyang reidentify on the machine", r)
	}
	return err.WithHint("ask for totals, or somebody who has the right")
}

// Known refuses the zero Principal: a question without anybody who asks is a
// mistake of the program.
func (p Principal) Known() error {
	if p.Name == "" {
		return city.Errorf(city.CodeForbidden+".principal", "nobody is named on whose behalf this is asked")
	}
	return nil
}
