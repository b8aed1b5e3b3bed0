package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Package city knows nothing of OpenAPI, so the words of its enumerated types
// are described here, each by a type that stands in for it.
type (
	better     string
	targetKind string
	comparator string
	grain      string
	mode       string
	window     string
	fieldType  string
)

func (better) Schema(huma.Registry) *huma.Schema {
	return oneOf(city.BetterHigher, city.BetterLower, city.BetterNone)
}

func (targetKind) Schema(huma.Registry) *huma.Schema {
	return oneOf(city.TargetLevel, city.TargetGrowth, city.TargetCoverage, city.TargetMilestone, city.TargetRelative)
}

// A milestone has no comparator.
func (comparator) Schema(huma.Registry) *huma.Schema {
	return oneOf(city.AtLeast, city.AtMost, city.Around, city.Above, city.Below, "")
}

func (grain) Schema(huma.Registry) *huma.Schema {
	return oneOf(city.GrainDay, city.GrainMonth, city.GrainQuarter, city.GrainYear, city.GrainAll)
}

func (mode) Schema(huma.Registry) *huma.Schema {
	return oneOf(city.ModeUpsert, city.ModeAppend, city.ModeReplace, city.ModeSnapshot)
}

func (window) Schema(huma.Registry) *huma.Schema {
	return oneOf(city.WindowPeriod, city.WindowYear, city.WindowStock, city.WindowAll)
}

func (fieldType) Schema(huma.Registry) *huma.Schema {
	return oneOf(city.TypeString, city.TypeInt, city.TypeNumber, city.TypeDecimal, city.TypeDate, city.TypeDateTime, city.TypeMonth,
		city.TypeBool, city.TypeEnum, city.TypeRegion, city.TypePerson, city.TypeCredit)
}

// oneOf describes a text that is one of some words.
func oneOf[T ~string](words ...T) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, w := range words {
		s.Enum = append(s.Enum, string(w))
	}
	s.PrecomputeMessages()
	return s
}

// describeEnums puts the stand-ins in place.
func describeEnums(r huma.Registry) {
	for _, pair := range [][2]reflect.Type{
		{reflect.TypeFor[city.Better](), reflect.TypeFor[better]()},
		{reflect.TypeFor[city.TargetKind](), reflect.TypeFor[targetKind]()},
		{reflect.TypeFor[city.Comparator](), reflect.TypeFor[comparator]()},
		{reflect.TypeFor[city.Grain](), reflect.TypeFor[grain]()},
		{reflect.TypeFor[city.Mode](), reflect.TypeFor[mode]()},
		{reflect.TypeFor[city.Window](), reflect.TypeFor[window]()},
		{reflect.TypeFor[city.FieldType](), reflect.TypeFor[fieldType]()},
	} {
		r.RegisterTypeAlias(pair[0], pair[1])
	}
}
