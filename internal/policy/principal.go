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

// Grantable lists the rights that whoever starts the program may grant.
func Grantable() []Right { return []Right{RightIdentify} }

// Principal is somebody on whose behalf a question is answered or something is
// changed. The zero Principal may do nothing.
type Principal struct {
	Name   string // as the audit chain names it, for example api:local
	Rights []Right
}

// Local is the built-in principal of whoever can reach the program on its own
// machine, until identities are configured. name says by which road.
func Local(name string, granted ...Right) Principal { return Principal{Name: name, Rights: granted} }

// System is the principal of work that the program does by itself, such as
// computing a board before anybody asks for it. name says which work.
func System(name string) Principal { return Principal{Name: "system:" + name} }

// Require refuses a principal that lacks a right.
func (p Principal) Require(r Right) error {
	if slices.Contains(p.Rights, r) {
		return nil
	}
	return city.Errorf(city.CodeForbidden+"."+city.Code(r), "this needs the right %s, which was not granted", r).
		WithHint("start the server with --grant %s, or use jinyang reidentify on the machine", r)
}

// Known refuses the zero Principal: a question without anybody who asks is a
// mistake of the program.
func (p Principal) Known() error {
	if p.Name == "" {
		return city.Errorf(city.CodeForbidden+".principal", "nobody is named on whose behalf this is asked")
	}
	return nil
}
