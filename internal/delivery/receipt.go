package delivery

import (
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
)

// Status says how a delivery ended.
type Status string

const (
	Committed Status = "committed"
	Rejected  Status = "rejected"
)

// Receipt is what a sender gets for a file. It always balances:
// Received = Accepted + Quarantined + Duplicate. In a rejected delivery nothing
// is accepted and all rows that were read count as quarantined.
type Receipt struct {
	DeliveryID  string              `json:"delivery_id"`
	Dataset     string              `json:"dataset"`
	Batch       string              `json:"batch,omitempty"`
	Status      Status              `json:"status" enum:"committed,rejected"`
	Received    int64               `json:"received"`
	Accepted    int64               `json:"accepted"` // rows added or changed
	Changed     int64               `json:"changed"`  // of these, rows that replace an older version
	Quarantined int64               `json:"quarantined"`
	Duplicate   int64               `json:"duplicate"`
	Mode        city.Mode           `json:"mode,omitempty"`            // what the delivery did to the rows that were there
	Key         []string            `json:"key,omitempty"`             // fields that told rows apart; whole rows where it is absent
	Vanished    int64               `json:"vanished"`                  // rows of the table that a replaced period or a full snapshot no longer holds
	Gone        []map[string]string `json:"vanished_sample,omitempty"` // keys of the first few of them, by field; never a person's
	Unkeyed     int64               `json:"unkeyed,omitempty"`         // quarantined rows without a readable key: older versions of them may have vanished
	Sums        map[string]string   `json:"sums"`                      // of the accepted rows, by field
	Balance     []Balance           `json:"balance"`                   // where the sums went, by field
	Distinct    []Distinct          `json:"distinct"`                  // different values, where the manifest says how many
	Findings    []Finding           `json:"findings"`                  // what checks over the batch noticed without holding rows back
	Drift       []validate.Drift    `json:"drift"`                     // how the columns differ from those that were expected
	Columns     []string            `json:"columns,omitempty"`         // of the header as it came; none without header
	SnapshotID  string              `json:"snapshot_id"`               // state of the table after the delivery; decimal digits
	Reasons     []Reason            `json:"reasons"`
	SHA256      string              `json:"sha256"` // of the file's bytes
	File        string              `json:"file"`
	Bytes       int64               `json:"bytes"`
	At          time.Time           `json:"at"`
	SentAt      time.Time           `json:"sent_at,omitzero"`
	Period      *city.Span          `json:"period,omitempty"`
	Simulated   bool                `json:"simulated"`
	Fraction    float64             `json:"sample_fraction"`
	Code        city.Code           `json:"code,omitempty"`    // why it was rejected
	Message     string              `json:"message,omitempty"` // the same in words
	// Declaration is the hash of the dataset's declaration that the rows were
	// checked against.
	Declaration string `json:"declaration"`
	// MendOf is the delivery whose quarantined rows these are, mended.
	MendOf string `json:"mend_of,omitempty"`
	// Source is the name of the source that fetched the file; "" when it was
	// delivered by hand.
	Source string `json:"source,omitempty"`
	// LeftOut counts rows of a rejected delivery that failed their checks and are
	// not in quarantine, which keeps the first of them only.
	LeftOut int64 `json:"left_out,omitempty"`
	// Sender signed the manifest; nil when nobody did.
	Sender *SignedBy `json:"sender,omitempty"`
	// Signature is the city's, over the receipt without it. It is nil in drafts,
	// and in receipts made before the city signed them. So that a receipt's
	// signature still holds when a later version reads and writes it, every
	// member added from now on is left out when it is empty.
	Signature *city.Signature `json:"signature,omitempty"`
}

// Outcome says what became of the rows that a Reason counts.
type Outcome string

const (
	OutcomeQuarantined Outcome = "quarantined"
	OutcomeDuplicate   Outcome = "duplicate"
)

// Reason counts rows that did not enter the table.
type Reason struct {
	Code    string   `json:"code"`
	Field   string   `json:"field"`
	Outcome Outcome  `json:"outcome" enum:"quarantined,duplicate"`
	Count   int64    `json:"count"`
	Sample  []Sample `json:"sample"` // the first few
}

// Sample names a record of the file; its text is masked.
type Sample struct {
	Row     int64  `json:"row"` // from 1, without the header
	Message string `json:"message,omitempty"`
	Text    string `json:"text,omitempty"`
}

// Balanced says whether the counts agree, with the reasons too, and the sums.
func (r *Receipt) Balanced() bool { return len(r.imbalances()) == 0 }

func (r *Receipt) countsBalance() bool {
	var quarantined, duplicate int64
	for _, x := range r.Reasons {
		if x.Outcome == OutcomeDuplicate {
			duplicate += x.Count
		} else {
			quarantined += x.Count
		}
	}
	return r.Received == r.Accepted+r.Quarantined+r.Duplicate &&
		quarantined == r.Quarantined && duplicate == r.Duplicate
}

// samplesPerReason is how many records a Reason names.
const samplesPerReason = 5

// reasons gathers failures by code and field, in the order of their first row.
type reasons struct {
	list []Reason
	at   map[[2]string]int
}

// count says how many rows were left out for a reason, whatever the field.
func (r *reasons) count(code string) (n int64) {
	for _, x := range r.list {
		if x.Code == code {
			n += x.Count
		}
	}
	return n
}

func (r *reasons) add(code, field string, outcome Outcome, n int64, s ...Sample) {
	if r.at == nil {
		r.at = map[[2]string]int{}
	}
	key := [2]string{code, field}
	i, ok := r.at[key]
	if !ok {
		i = len(r.list)
		r.at[key] = i
		r.list = append(r.list, Reason{Code: code, Field: field, Outcome: outcome, Sample: []Sample{}})
	}
	x := &r.list[i]
	x.Count += n
	if room := samplesPerReason - len(x.Sample); room > 0 {
		x.Sample = append(x.Sample, s[:min(room, len(s))]...)
	}
}
