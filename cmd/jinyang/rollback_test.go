package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRollback takes a delivery back as an operator does: look first, then do
// it, and find that it cannot be done twice.
func TestRollback(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, file := filepath.Join(dir, "data"), filepath.Join(dir, "air.csv")
	if err := os.WriteFile(file, []byte("0,2024-01-01,优,34,67,30,34,15,26,0.43,52\n1,2024-01-02,优,34,67,31,34,15,26,0.43,52\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var receipt struct {
		ID string `json:"delivery_id"`
	}
	runJSON(t, &receipt, "deliver", "--data", data, "--dataset", "env.air_daily", file)
	var r struct {
		ID, Dataset       string
		Removed, Restored int
		DryRun            bool   `json:"dry_run"`
		DeliveryID        string `json:"delivery_id"`
		SnapshotID        string `json:"snapshot_id"`
	}
	for _, dry := range []bool{true, false} {
		args := []string{"rollback", "--data", data, "--reason", "the wrong city", receipt.ID}
		if dry {
			args = append(args, "--dry-run")
		}
		runJSON(t, &r, args...)
		if r.Removed != 2 || r.Restored != 0 || r.DryRun != dry || r.DeliveryID != receipt.ID || !strings.HasPrefix(r.ID, "R2") {
			t.Errorf("got %+v", r)
		}
	}
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"rollback", "--data", data, "--reason", "once more", receipt.ID, "--json"}, &stdout, &stderr); code != exitError || !strings.Contains(stdout.String(), "conflict.delivery") {
		t.Errorf("twice: exit code %d, %s", code, &stdout)
	}
	var v struct {
		OK        bool
		Rollbacks int
		Rows      int
	}
	runJSON(t, &v, "verify", "--data", data)
	if !v.OK || v.Rollbacks != 1 || v.Rows != 0 {
		t.Errorf("verify: %+v", v)
	}
}
