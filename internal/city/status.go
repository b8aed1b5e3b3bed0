package city

// Status says how far a value may be trusted.
type Status string

const (
	StatusValid       Status = "valid"
	StatusProvisional Status = "provisional" // the period is not over, or not delivered in full; nothing speaks against it so far
	StatusNotValid    Status = "not_valid"   // a rule forbids stating the value
	StatusNoData      Status = "no_data"
	StatusSuppressed  Status = "suppressed" // it would tell of too few persons
)
