package city

import "strings"

// Dataset declares a table: what a source hands over and what is kept.
type Dataset struct {
	Name      string // namespace.table, for example hrss.employment
	Title     Text
	Note      Text
	Owner     string // Organisation.Name
	Grade     int    // data grading, 1 (public) to 4
	Sharing   Sharing
	Delivery  DeliverySpec
	Key       []string   // fields that identify a row; empty only where whole rows tell themselves apart: never for upsert
	Fields    []*Field   // in declared order, which is the order of the table
	Derived   []*Derived // fields that are computed out of others and not stored
	Checks    []RowCheck // over the fields of a row
	SetChecks []SetCheck // over the rows of a delivery and the table
	Pos       Pos
}

// Namespace is the part of the name before the dot.
func (d *Dataset) Namespace() string { ns, _, _ := strings.Cut(d.Name, "."); return ns }

// Table is the part of the name after the dot.
func (d *Dataset) Table() string { _, t, _ := strings.Cut(d.Name, "."); return t }

// Field finds a field by name.
func (d *Dataset) Field(name string) (*Field, bool) {
	for _, f := range d.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return nil, false
}

// Sharing is the sharing class of a dataset (政务数据共享条例 art. 14).
type Sharing struct {
	Class   string // unconditional, conditional or denied
	Basis   string // legal basis; required for denied
	Methods []string
}

// Mode says what a delivery does to the rows that are there.
type Mode string

const (
	// ModeUpsert replaces the rows that have the same key and adds the others.
	ModeUpsert Mode = "upsert"
	// ModeAppend adds every row; rows equal in all fields are duplicates.
	ModeAppend Mode = "append"
	// ModeReplace makes the batch all there is of its period: rows of the period
	// that it does not bring vanish.
	ModeReplace Mode = "replace"
	// ModeSnapshot makes the batch the whole table: rows that it does not bring
	// vanish.
	ModeSnapshot Mode = "snapshot"
)

// HeaderMode says whether a file's first record names its columns.
type HeaderMode string

const (
	HeaderAuto     HeaderMode = "auto"     // names when the first record holds the declared names, else positions
	HeaderRequired HeaderMode = "required" // always names
	HeaderNone     HeaderMode = "none"     // always positions
)

// DeliverySpec declares how a dataset is delivered.
type DeliverySpec struct {
	Mode        Mode
	Period      string  // the date, datetime or month field that dates a row
	Every       Grain   // how often a batch is due: day, month, quarter or year
	LateAfter   string  // how long after the period's end a batch is late, for example 5wd
	Signed      bool    // whether a batch needs a manifest that one of the city's senders signed
	RejectAbove float64 // share of quarantined rows (0..1) above which the batch is rejected; 1 never
	VanishAbove float64 // share of the table's, or the period's, rows (0..1) that may vanish before the batch is rejected; 1 never
	InPeriod    bool    // whether rows must be dated in the period that the manifest names; those of a replaced period always must
	Header      HeaderMode
	Delimiter   rune     // comma by default
	Ignore      []string // columns of the sender that are not kept
}

// FieldType is the type of a field.
type FieldType string

const (
	TypeString  FieldType = "string"
	TypeInt     FieldType = "int"     // 64-bit integer
	TypeNumber  FieldType = "number"  // double
	TypeDecimal FieldType = "decimal" // DECIMAL(18, Scale)
	TypeDate    FieldType = "date"
	TypeMonth   FieldType = "month" // kept as the first day of the month
	// TypeDateTime is a moment as the city's clock shows it, to the microsecond.
	// As a Go value it is a time in UTC with those hours.
	TypeDateTime FieldType = "datetime"
	TypeBool     FieldType = "bool"
	TypeEnum     FieldType = "enum"   // kept as the code
	TypeRegion   FieldType = "region" // GB/T 2260 code or declared name; kept as the code
	TypePerson   FieldType = "person" // GB 11643 number; kept as the token
	TypeCredit   FieldType = "credit" // GB 32100 unified social credit code
)

// Field declares a column.
type Field struct {
	Name     string
	Title    Text
	Type     FieldType
	Source   []string // column names in the sender's header, the first is the usual one
	From     []string // columns whose texts, joined by spaces, are read where the header has no Source; empty for most fields
	Column   int      // position (from 1) in a file without header; 0 when it has none
	Optional bool     // may be empty
	Null     []string // texts that mean "no value", besides the empty text
	Default  string   // value when the file has no such column; "" none
	Formats  []string // Go time layouts tried in turn for dates, months and moments
	Values   []EnumValue
	True     []string // texts of a bool that mean yes; False those that mean no
	False    []string
	Scale    int // decimals of a TypeDecimal
	Min, Max *float64
	MaxLen   int    // characters of a string; 0 means the engine's limit
	Pattern  string // RE2, anchored
	Personal bool   // a string that may hold ID numbers of persons; in others a row with one is held back
	Unit     string
	Sum      bool // the receipt states the sum of the accepted rows
	Pos      Pos
}

// EnumValue is one value of an enum field.
type EnumValue struct {
	Code    string   // what is kept
	Sources []string // what senders write; the code itself is always accepted
	Title   Text
}

// RowCheckKind names a check over several fields of a row.
type RowCheckKind string

const (
	// CheckAnyOf fails when all of Fields are empty.
	CheckAnyOf RowCheckKind = "any_of"
	// CheckNotAfter fails when the date Fields[0] is after the date Fields[1]. A
	// moment is compared with a day or month by its day.
	CheckNotAfter RowCheckKind = "not_after"
	// CheckNotAbove fails when the number Fields[0] is above the number Fields[1].
	CheckNotAbove RowCheckKind = "not_above"
)

// RowCheck is a declared check over a row. Empty operands pass, but for any_of.
type RowCheck struct {
	Code   string // stable reason code, for example no_measurement
	Kind   RowCheckKind
	Notice bool // rows that fail are only reported; otherwise they are held back
	Fields []string
	Pos    Pos
}
