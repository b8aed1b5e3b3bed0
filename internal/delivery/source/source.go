// Package source fetches batches from those who send them: a watched folder,
// an SFTP server, a web address, a table of a database, a stream of messages.
//
// Each way of reaching a sender is a Kind, in a folder of its own below this
// one, and passes the conformance suite of package sourcetest. A Source only
// brings bytes; checking, committing and giving a receipt is the delivery's
// work, so that every road into the city is the same road.
//
// Nothing is lost and nothing is taken twice: a batch counts as fetched when
// its delivery has a receipt, then the sender is told (Batch.Settle), and then
// the cursor is kept. A process that is killed between these steps fetches the
// same batch again, and the delivery finds that it adds nothing.
package source

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Source hands over what a sender has, batch by batch. It is used by one
// goroutine.
type Source interface {
	// Next gives the first batch after a cursor, or nil when there is nothing
	// new. The cursor is "" at first, and then that of the last batch that got
	// a receipt. The context bounds the reading of the batch's content, too. An
	// error with the root code "unavailable" or "busy" is tried
	// again with backoff; any other needs a person.
	Next(ctx context.Context, cursor string) (*Batch, error)
	// Close ends the connection. It may be called while Next waits or a batch is
	// read, which it ends, and more than once.
	Close() error
}

// Batch is one file to deliver.
type Batch struct {
	Name     string             // file name for the receipt, without folders
	Dataset  string             // as the manifest names it; "" when the source's declaration decides
	Manifest *city.Manifest     // nil when the sender gave none
	Entry    *city.ManifestFile // the manifest's line for this file
	Content  io.ReadCloser      // an error before io.EOF makes the delivery change nothing
	Local    bool               // the content waits for no network: it need not be copied before its delivery begins
	Cursor   string             // from where to go on once this batch has a receipt
	// Settle tells the sender how the batch ended: moves its file, acknowledges
	// its messages. It may be nil. After a crash it may be called again for the
	// same batch, so it must not mind having been called before.
	Settle func(ctx context.Context, o Outcome) error
}

// Outcome is how the delivery of a batch ended.
type Outcome struct {
	Committed bool            // false: rejected
	Code      city.Code       // why it was rejected
	Receipt   json.RawMessage // the receipt, as the sender may have it
}

// Options declare one source of a Kind. They are read from YAML, strictly, into
// what Kind.Options gives.
type Options interface {
	// Check finds mistakes that need no connection, all of them, joined. The
	// Where of each *city.Error is the key at fault, for example "after" or
	// "tls.ca", by which its line is found. Secrets were checked before.
	Check() error
	// Open makes the Source. It need not connect yet.
	Open(ctx context.Context, env Env) (Source, error)
}

// Located is implemented by Options that can say where the source reads, for
// people: a folder, an address. It never shows a secret.
type Located interface{ Location() string }

// Named is implemented by Options of kinds whose batches may name their dataset
// themselves, in manifests, so that the declaration may leave it out. Such a
// source takes nothing that no manifest lists when Env.Dataset is nil.
type Named interface{ NamesDataset() }

// Kind is one way of reaching a sender.
type Kind struct {
	Name string // the key of its section in the sources file, for example "sftp"
	// Options gives a pointer to a struct with yaml tags that holds the defaults.
	// Its fields may be texts, Secrets, numbers, bools, time.Durations, Bytes,
	// lists, maps by text, structs, pointers to these, embedded structs tagged
	// `yaml:",inline"`, and types with UnmarshalText.
	Options func() Options
}

// Env is what a Source works with.
type Env struct {
	Name     string        // of the source, for logs and client identities
	Dataset  *city.Dataset // nil when manifests name it
	Base     string        // relative paths in the declaration start from this folder
	Folder   string        // a private folder of this source that survives restarts; created
	Location *time.Location
	Now      func() time.Time
	Log      *slog.Logger
	Sealer   Sealer // for what a source keeps in Folder that may hold personal data
	// Manifest reads a manifest that lies beside files; name is for its errors.
	Manifest func(raw []byte, name string) (*city.Manifest, error)
}

// Sealer hides bytes from everyone without the city's keys. What was sealed is
// bound to a context, which is not kept with it.
type Sealer interface {
	Seal(plain, context []byte) []byte
	Unseal(sealed, context []byte) ([]byte, error)
}
