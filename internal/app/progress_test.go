package app_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/progress"
	"github.com/jinyang-city/jinyang/internal/store"
)

// fileReport files a report with a file, as the child of TestKilledReport does.
func fileReport(ctx context.Context, a *app.App) error {
	s, err := a.Progress.Stage(ctx, "证明.txt", strings.NewReader("simulated"))
	if err != nil {
		return err
	}
	defer s.Discard()
	expected, err := a.City().Target("road.built")
	if err != nil {
		return err
	}
	_, err = a.Progress.File(ctx, policy.Local("test"), progress.Filing{Target: "road.built", Period: "2024-01", ExpectedOn: expected.Deadline, By: "张三"}, s)
	return err
}

// TestKilledReport kills a process at every step of a report, opens the folder
// again, and files it once more: there is one report in the end, with its file.
func TestKilledReport(t *testing.T) {
	t.Parallel()
	for _, step := range progress.Steps() {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			c := child{Data: t.TempDir(), Report: step}
			if p := c.start(t); !p.wait() {
				t.Fatal("the process was not killed")
			}
			a := open(t, app.Options{Data: c.Data})
			ctx := context.Background()
			known, err := a.Progress.Reports(ctx, policy.Local("test"), store.ProgressFilter{}, "", 0)
			if err != nil {
				t.Fatal(err)
			}
			want := 0
			if step == progress.StepKept {
				want = 1
			}
			files, err := os.ReadDir(filepath.Join(c.Data, "progress"))
			if err != nil || len(known.Items) != want || len(files) != want {
				t.Errorf("%d reports and %d files, want %d: %v", len(known.Items), len(files), want, err)
			}
			if err := fileReport(ctx, a); err != nil {
				t.Fatal(err)
			}
			if known, err = a.Progress.Reports(ctx, policy.Local("test"), store.ProgressFilter{}, "", 0); err != nil || len(known.Items) != 1 || len(known.Items[0].Files) != 1 {
				t.Errorf("in the end %+v, %v", known.Items, err)
			}
			v, err := a.Verify(ctx)
			if err == nil {
				err = a.VerifyEvidence(ctx, v)
			}
			if err != nil || !v.OK || v.Reports != 1 || v.Originals != 1 {
				t.Errorf("verify: %+v, %v", v, err)
			}
		})
	}
}
