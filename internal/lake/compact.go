package lake

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// CompactOptions say when small files become a larger one.
//
// A correction rewrites the files that hold the corrected rows (ADR 0003), so
// that files may not grow without bound; a question opens all files that its
// period touches, so that there may not be too many.
type CompactOptions struct {
	SmallBytes  int64 // files below are small; 0 means 16 MiB
	TargetBytes int64 // small files are joined up to this size; 0 means 64 MiB
	MostSmall   int   // so many small files are left alone; 0 means 8
}

func (o CompactOptions) withDefaults() CompactOptions {
	if o.SmallBytes == 0 {
		o.SmallBytes = 16 << 20
	}
	if o.TargetBytes == 0 {
		o.TargetBytes = 64 << 20
	}
	if o.MostSmall == 0 {
		o.MostSmall = 8
	}
	return o
}

// Rewriter is an Engine that joins files.
type Rewriter interface {
	// Rewrite writes the rows of some files of a view, all columns of them,
	// into a new file and gives its name. It compares what it wrote with what
	// it read, and fails when they differ.
	Rewrite(ctx context.Context, r Rewrite) (file string, err error)
}

// Rewrite is the work of a Rewriter.
type Rewrite struct {
	Dataset *city.Dataset
	View    *View
	Files   []string // of the View
	ID      string   // begins the name of the new file
	Dir     string
}

// Compacted says what one step of compaction did. Nothing is zero.
type Compacted struct {
	Files  int   // that became one
	Before int64 // their bytes
	After  int64
}

// Compact joins some small files of a dataset's table into one, when there are
// too many. Call it until it gives zero. No delivery to the dataset may be
// running; should the table change all the same, the step is given up.
//
// The durable steps: the new file; the commit, under an ID of its own that
// begins with C, which replaces the old files. After a crash before the commit
// the file is named by nothing and Sweep removes it. The old files stay as long
// as an earlier snapshot names them.
func (l *Lake) Compact(ctx context.Context, w Rewriter, ds *city.Dataset, o CompactOptions) (Compacted, error) {
	v, err := l.View(ctx, ds, time.Time{})
	if err != nil {
		return Compacted{}, err
	}
	small, err := smallFiles(v.Files, o.withDefaults())
	if err != nil {
		return Compacted{}, outside(err, "cannot read the sizes of the files of "+ds.Name)
	}
	if len(small) == 0 {
		return Compacted{}, nil
	}
	c := Compacted{Files: len(small)}
	r := Rewrite{Dataset: ds, View: v, ID: newID(l.now()), Dir: l.DataDir(ds.Name)}
	for _, f := range small {
		r.Files, c.Before = append(r.Files, f.uri), c.Before+f.bytes
	}
	if c.After, err = l.replace(ctx, w, r); err == nil {
		return c, nil
	}
	err = errors.Join(err, l.Discard(context.WithoutCancel(ctx), ds.Name, r.ID))
	if city.CodeOf(err) == codeBase {
		return Compacted{}, nil
	}
	return Compacted{}, err
}

// replace writes the new file and commits it, and gives its size.
func (l *Lake) replace(ctx context.Context, w Rewriter, r Rewrite) (int64, error) {
	file, err := w.Rewrite(ctx, r)
	if err != nil {
		return 0, err
	}
	l.step(StepCompactFile)
	info, err := os.Stat(FilePath(file))
	if err != nil {
		return 0, outside(err, "cannot read the size of a file of "+r.Dataset.Name)
	}
	_, err = l.Commit(ctx, Change{Dataset: r.Dataset.Name, DeliveryID: r.ID, Base: r.View.SnapshotID, Add: []string{file}, Remove: r.Files})
	if err == nil {
		l.step(StepCompactCommit)
	}
	return info.Size(), err
}

// newID names a compaction: the second, and 48 random bits.
func newID(now time.Time) string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand aborts the program instead
	return "C" + now.UTC().Format("20060102150405") + "-" + hex.EncodeToString(b[:])
}

// sized is a file of a view and its size.
type sized struct {
	uri   string
	bytes int64
}

// smallFiles picks the files to join next: the oldest small ones that together
// make a file of the target's size, when there are too many. At least two.
func smallFiles(uris []string, o CompactOptions) ([]sized, error) {
	var small []sized
	for _, uri := range uris {
		info, err := os.Stat(FilePath(uri))
		if err != nil {
			return nil, err
		}
		if info.Size() < o.SmallBytes {
			small = append(small, sized{uri, info.Size()})
		}
	}
	if len(small) <= o.MostSmall {
		return nil, nil
	}
	slices.SortFunc(small, func(a, b sized) int { return strings.Compare(age(a.uri), age(b.uri)) })
	sum, n := int64(0), 0
	for n < len(small) && (n < 2 || sum+small[n].bytes <= o.TargetBytes) {
		sum += small[n].bytes
		n++
	}
	return small[:n], nil
}

// age orders files by the time in their names, which follows one letter that
// says what wrote them.
func age(uri string) string { return uri[strings.LastIndexByte(uri, '/')+2:] }

// Measure counts the files of a dataset's present state and their bytes.
func (l *Lake) Measure(ctx context.Context, ds *city.Dataset) (files int, bytes int64, err error) {
	v, err := l.View(ctx, ds, time.Time{})
	if err != nil {
		return 0, 0, err
	}
	for _, uri := range v.Files {
		info, err := os.Stat(FilePath(uri))
		if err != nil {
			return 0, 0, outside(err, "cannot read the sizes of the files of "+ds.Name)
		}
		bytes += info.Size()
	}
	return len(v.Files), bytes, nil
}
