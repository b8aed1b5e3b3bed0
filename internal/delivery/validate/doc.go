// Package validate checks the records of a delivery against the declaration
// of their dataset and turns them into typed values. It is pure: what a day,
// a region or a token is comes in from outside.
//
// A Checker is compiled once for a dataset. Bind fits it to the header of a
// file and gives a Binding, whose Row method is called for each record. A row
// that fails gives the first Failure found, in the order: shape of the record,
// fields in declared order, checks over the row.
package validate

import "github.com/jinyang-city/jinyang/internal/city"

// The codes of failures that this package gives. Identifier checks add the
// id_* and credit_* codes of package city, declared row checks their own.
const (
	FieldCount     = "field_count"      // the record has more or fewer fields than the header
	Malformed      = "malformed_quotes" // text follows a closing quote
	BadEncoding    = "bad_encoding"     // bytes that the encoding does not know
	Missing        = "missing"          // a required field is empty
	NotANumber     = "not_a_number"
	NotAnInteger   = "not_an_integer"
	TooPrecise     = "too_precise" // more decimals than are kept
	TooLarge       = "too_large"   // more digits than are kept
	NotADate       = "not_a_date"
	NotADateTime   = "not_a_datetime"
	NotABool       = "not_a_bool"
	NotInList      = "not_in_list"
	UnknownRegion  = "unknown_region"
	RegionNotValid = "region_not_valid" // the code is not in force on the row's date
	BelowMin       = "below_min"
	AboveMax       = "above_max"
	TooLong        = "too_long"
	NoPatternMatch = "no_pattern_match"
	PersonalData   = "personal_data" // a free text holds an ID number
)

// Failure says why a row is quarantined. It holds no value of the row.
type Failure struct {
	Field   string // "" when the whole record is meant
	Code    string
	Message string
}

// Options are what the checks need from outside.
type Options struct {
	Today city.Date // the day that ages and future dates are judged by
	// Token turns a valid ID number into the token that stands for it.
	Token func(id string) string
	// Before are the columns of the dataset's last accepted delivery, in their
	// order; empty when none is known. A header is compared with them.
	Before []string
}

// MaxText is the longest text, in characters, of a field that declares none.
const MaxText = 4000
