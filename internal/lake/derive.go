package lake

import (
	"slices"
	"strconv"

	"github.com/apache/iceberg-go/table"
)

// The totals that Iceberg keeps in the summary of a snapshot.
const (
	totalRows  = "total-records"
	totalFiles = "total-data-files"
)

// derive gives the view of the snapshot that a change made, from the view that
// it changed: reading the manifests again would take longer with every delivery.
// It gives nil when the table's own totals do not bear it out, as after a commit
// of an engine that keeps none; then the manifests are read.
func derive(base *View, t *table.Table, ch Change) *View {
	snap := t.CurrentSnapshot()
	if base == nil || base.SnapshotID != ch.Base || snap == nil || snap.Summary == nil {
		return nil
	}
	v := viewWithout(ch.Dataset, t, snap)
	for _, f := range base.Files {
		if !slices.Contains(ch.Remove, f) {
			v.Files = append(v.Files, f)
		}
	}
	v.Files = append(v.Files, ch.Add...)
	slices.Sort(v.Files)
	rows, rerr := strconv.ParseInt(snap.Summary.Properties[totalRows], 10, 64)
	files, ferr := strconv.Atoi(snap.Summary.Properties[totalFiles])
	if rerr != nil || ferr != nil || files != len(v.Files) || files != len(base.Files)-len(ch.Remove)+len(ch.Add) {
		return nil
	}
	v.Rows = rows
	return v
}
