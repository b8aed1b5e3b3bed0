package city

import "time"

// ManifestVersion is the version of the manifest's form that is written.
const ManifestVersion = 1

// Manifest is what a sender says about a batch of one dataset. It travels as a
// JSON file beside the data files.
type Manifest struct {
	Version   int            `json:"manifest_version"`
	Dataset   string         `json:"dataset"`
	Batch     string         `json:"batch"` // the sender's own name for the batch, for example 2024-09 or 2024-03-correction-1
	Period    Span           `json:"period"`
	SentAt    time.Time      `json:"sent_at"`
	Sender    string         `json:"sender"`              // name of the sending system
	Simulated bool           `json:"simulated,omitempty"` // true when no real city is behind the rows
	Sample    *Sample        `json:"sample,omitempty"`    // nil: the rows are the whole population
	Files     []ManifestFile `json:"files"`
	Signature *Signature     `json:"signature,omitempty"` // covers the rest of the document
	// Text is the document as it came, which is what a signature covers.
	Text []byte `json:"-"`
}

// Sample says that the rows are a random sample of the population. Additive
// results are expanded by 1/Fraction; ratios and means are not.
type Sample struct {
	Fraction float64 `json:"fraction"` // 0 < fraction <= 1
}

// ManifestFile describes one data file of a batch.
type ManifestFile struct {
	Name     string `json:"name"` // relative to the manifest's folder, without ".."
	Rows     *int64 `json:"rows,omitempty"`
	SHA256   string `json:"sha256,omitempty"`   // lower-case hex
	Encoding string `json:"encoding,omitempty"` // utf-8, gb18030 or "" to detect
	// Sums and Distinct are what the sender counted over all rows, by the name of
	// a field or of one of its columns: the sum, in plain decimal, and how many
	// different values there are, not counting empty ones.
	Sums     map[string]string `json:"sums,omitempty"`
	Distinct map[string]int64  `json:"distinct,omitempty"`
}
