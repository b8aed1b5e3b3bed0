package store

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jinyang-city/jinyang/internal/city"
)

// State is where a delivery stands in its life; package store draws the paths.
type State string

const (
	// StateStaged: the file is kept as evidence, nothing else has happened.
	StateStaged State = "staged"
	// StateValidated: every row was checked, and the draft of the receipt and
	// the quarantined rows are kept; the lake may or may not have committed.
	StateValidated State = "validated"
	// StateCommitted: the accepted rows are in the snapshot SnapshotID.
	StateCommitted State = "committed"
	// StateRejected: the receipt says why nothing of it was taken.
	StateRejected State = "rejected"
	// StateAborted: it was cut off before the lake committed, and changed
	// nothing; it may be delivered again.
	StateAborted State = "aborted"
	// StateRolledBack: it was committed, and then taken back: the table holds
	// what it would hold had the delivery never come. See Rollback.
	StateRolledBack State = "rolled_back"
)

// Final says that the delivery has ended: only a rollback can change it.
func (s State) Final() bool {
	return s == StateCommitted || s == StateRejected || s == StateAborted || s == StateRolledBack
}

// Delivery is one file of a batch that a source handed over.
type Delivery struct {
	ID      string // given by the caller; unique
	Seq     int64  // place among all deliveries in the order of staging, from 1; given by Stage
	Dataset string // city.Dataset.Name
	Batch   string // the sender's name for the batch; may be empty
	Source  string // name of the source that fetched it; empty when it was delivered by hand
	MendOf  string // ID of the delivery whose quarantined rows these are, mended; empty for all others
	State   State

	FileName   string
	FileSHA256 string // lower-case hex
	FileBytes  int64
	Evidence   string // where the sealed original is kept, relative to the data folder

	Period     city.Span // of the manifest, or as found in the rows; zero when unknown
	SentAt     time.Time // of the manifest; zero when unknown
	ReceivedAt time.Time
	FinishedAt time.Time // zero until the state is final

	// The balance: Received is the sum of the other three.
	Received, Accepted, Quarantined, Duplicate int64

	SnapshotID     string // decimal digits; "" until committed
	Simulated      bool
	SampleFraction float64         // 0 < fraction <= 1; 1 is the whole population
	Receipt        json.RawMessage // a draft until the state is final; nil until validated or rejected
}

// check refuses what the tables would refuse, with words that help.
func (d Delivery) check() error {
	switch {
	case d.ID == "" || d.Dataset == "":
		return badDelivery("it has no ID or no dataset")
	case d.ReceivedAt.IsZero():
		return badDelivery("the time when it was received is not given")
	case !(d.SampleFraction > 0 && d.SampleFraction <= 1):
		return badDelivery("the sampled fraction is not above 0 and at most 1")
	case d.Period.From.IsZero() != d.Period.To.IsZero() || d.Period.To.Before(d.Period.From):
		return badDelivery("its period has no beginning or ends before it")
	case d.FileBytes < 0 || d.Received < 0 || d.Accepted < 0 || d.Quarantined < 0 || d.Duplicate < 0:
		return badDelivery("a count is negative")
	case d.Received != d.Accepted+d.Quarantined+d.Duplicate:
		return badDelivery("it does not balance: received is not accepted + quarantined + duplicate")
	case len(d.Receipt) > 0 && !isDocument(d.Receipt):
		return badDelivery("its receipt is not a JSON document")
	}
	for _, s := range []string{d.ID, d.Dataset, d.Batch, d.FileName, d.FileSHA256, d.Evidence, d.SnapshotID, d.Source, d.MendOf} {
		if !isText(s) {
			return badDelivery("a name in it is not UTF-8 text")
		}
	}
	return nil
}

// isText says whether every database can keep s as text.
func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// isDocument says whether b is one JSON document in UTF-8.
func isDocument(b []byte) bool { return json.Valid(b) && utf8.Valid(b) }

func badDelivery(reason string) *city.Error {
	return city.Errorf(codeDelivery, "the delivery cannot be kept: %s", reason)
}

const deliveryColumns = `id, dataset, batch, state, file_name, file_sha256, file_bytes, evidence, period_from, period_to,
	sent_at, received_at, finished_at, received, accepted, quarantined, duplicate, snapshot_id, simulated, sample_fraction, receipt, source, mend_of, seq`

// values are the columns of deliveryColumns.
func (d Delivery) values() []any {
	return []any{d.ID, d.Dataset, d.Batch, string(d.State), d.FileName, d.FileSHA256, d.FileBytes, d.Evidence,
		d.Period.From.String(), d.Period.To.String(), timeText(d.SentAt), timeText(d.ReceivedAt), timeText(d.FinishedAt),
		d.Received, d.Accepted, d.Quarantined, d.Duplicate, d.SnapshotID, d.Simulated, d.SampleFraction, string(d.Receipt), d.Source, d.MendOf, d.Seq}
}

func scanDelivery(row scanner) (d Delivery, err error) {
	var state, from, to, sent, received, finished, receipt string
	if err := row.Scan(&d.ID, &d.Dataset, &d.Batch, &state, &d.FileName, &d.FileSHA256, &d.FileBytes, &d.Evidence,
		&from, &to, &sent, &received, &finished,
		&d.Received, &d.Accepted, &d.Quarantined, &d.Duplicate, &d.SnapshotID, &d.Simulated, &d.SampleFraction, &receipt, &d.Source, &d.MendOf, &d.Seq); err != nil {
		return d, err
	}
	d.State = State(state)
	if receipt != "" {
		d.Receipt = json.RawMessage(receipt)
	}
	if d.Period, err = spanValue(from, to); err != nil {
		return d, err
	}
	for _, t := range []struct {
		text string
		to   *time.Time
	}{{sent, &d.SentAt}, {received, &d.ReceivedAt}, {finished, &d.FinishedAt}} {
		if *t.to, err = timeValue(t.text); err != nil {
			return d, err
		}
	}
	return d, nil
}

// spanValue reads a period as the tables keep it.
func spanValue(from, to string) (s city.Span, err error) {
	if err := s.From.UnmarshalText([]byte(from)); err != nil {
		return s, errForeign
	}
	if err := s.To.UnmarshalText([]byte(to)); err != nil {
		return s, errForeign
	}
	return s, nil
}
