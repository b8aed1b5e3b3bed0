package app_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// diskEnv names the folder where TestOnASmallDisk may mount its disk.
const diskEnv = "JINYANG_TEST_DISK"

// TestDisk runs the tests on a small disk in another process that has mounts of its own,
// so that nothing of them is left, however it ends.
func TestDisk(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("NOT TESTED: a full disk and a read-only one. Mounting a small disk needs Linux and root")
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestOnASmallDisk", "-test.v")
	cmd.Env = append(os.Environ(), diskEnv+"="+t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	out, err := cmd.CombinedOutput()
	switch {
	case errors.Is(err, syscall.EPERM):
		t.Skip("NOT TESTED: a full disk and a read-only one. Mounting is not allowed here")
	case strings.Contains(string(out), "NOT TESTED"):
		t.Skip(string(out))
	case err != nil:
		t.Errorf("%v\n%s", err, out)
	}
}

// smallDisk is a disk of a few MiB that can be filled.
type smallDisk struct {
	t   *testing.T
	dir string
}

func mountDisk(t *testing.T) *smallDisk {
	t.Helper()
	d := &smallDisk{t, os.Getenv(diskEnv)}
	if d.dir == "" {
		t.Skip("TestDisk runs this")
	}
	if err := syscall.Mount("tmpfs", d.dir, "tmpfs", 0, "size=24m"); err != nil {
		t.Skipf("NOT TESTED: a full disk and a read-only one. Mounting failed: %v", err)
	}
	return d
}

func (d *smallDisk) ballast() string { return filepath.Join(d.dir, "ballast") }

// fill writes until nothing fits any more.
func (d *smallDisk) fill() {
	f, err := os.OpenFile(d.ballast(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return // not even a name fits
	}
	defer f.Close()
	for chunk := make([]byte, 1<<20); len(chunk) > 0; {
		if _, err := f.Write(chunk); err != nil {
			chunk = chunk[:len(chunk)/2]
		}
	}
}

func (d *smallDisk) free() {
	d.t.Helper()
	if err := os.Remove(d.ballast()); err != nil {
		d.t.Fatal(err)
	}
}

// TestOnASmallDisk fills the disk before a delivery and at each of its steps.
// The delivery fails with words that help or ends as if nothing were; what was
// committed stays; and with space again everything works.
func TestOnASmallDisk(t *testing.T) {
	d := mountDisk(t)
	data := filepath.Join(d.dir, "data")
	a, err := app.Open(t.Context(), app.Options{Data: data, Pack: packDir, MemoryMB: 256})
	if err != nil {
		t.Fatal(err)
	}
	deliver(t, a, firstFile)
	refused := map[string]city.Code{}
	for i, step := range append([]string{"before"}, delivery.Steps()...) {
		content := manyRows(3000, i)
		before := table(t, a)
		a.Delivery.Step = func(name string) {
			if name == step {
				d.fill()
			}
		}
		if step == "before" {
			d.fill()
		}
		r, err := a.Delivery.Deliver(t.Context(), request(content))
		if err != nil {
			refused[step] = city.CodeOf(err)
			if !strings.Contains(err.Error(), "disk is full") || !slices.Equal(table(t, a), before) && city.CodeOf(err) != "unavailable.unsettled" {
				t.Errorf("%s: %v; or the table changed", step, err)
			}
		} else if r.Status != delivery.Committed {
			t.Errorf("%s: the file was blamed: %s", step, r.Message)
		}
		a.Delivery.Step = nil
		d.free()
		if r := deliver(t, a, content); r.Status != delivery.Committed || len(table(t, a)) != len(before)+3000 {
			t.Errorf("%s: with space again: %s, %d rows", step, balance(r), len(table(t, a)))
		}
		wantTidy(t, a)
		wantVerified(t, a)
	}
	for step, want := range map[string]city.Code{"before": city.CodeDisk, delivery.StepStaged: city.CodeDisk, delivery.StepPrepared: city.CodeDisk} {
		if refused[step] != want {
			t.Errorf("a disk that is full from %q on gave %q, want %q", step, refused[step], want)
		}
	}
	t.Logf("refused: %v", refused)
	d.fill()
	if err := a.Close(); err != nil {
		t.Errorf("closing on a full disk: %v", err)
	}
	d.openFull(data)
	d.free()
	d.openReadOnlyDisk(data)
	if a, err = app.Open(t.Context(), app.Options{Data: data, MemoryMB: 256}); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	d.readTablesOnly(data)
}

// openFull opens the folder for reading while nothing can be written.
func (d *smallDisk) openFull(data string) {
	d.t.Helper()
	a, err := app.Open(d.t.Context(), app.Options{Data: data, ReadOnly: true, MemoryMB: 128})
	if err != nil {
		d.t.Errorf("reading on a full disk: %v", err)
		return
	}
	defer a.Close()
	if got := len(table(d.t, a)); got != 21002 {
		d.t.Errorf("%d rows on a full disk", got)
	}
}

// readOnly runs f while the disk cannot be written at all.
func (d *smallDisk) readOnly(f func()) {
	d.t.Helper()
	remount := func(flags uintptr) {
		if err := syscall.Mount("", d.dir, "", syscall.MS_REMOUNT|flags, ""); err != nil {
			d.t.Fatal(err)
		}
	}
	remount(syscall.MS_RDONLY)
	defer remount(0)
	f()
}

// openReadOnlyDisk opens the folder for reading, and for writing, on a
// read-only disk whose last writer left its logs.
func (d *smallDisk) openReadOnlyDisk(data string) {
	d.t.Helper()
	d.readOnly(func() {
		if a, err := app.Open(d.t.Context(), app.Options{Data: data}); err == nil || city.CodeOf(err).Root() != city.CodeUnavailable {
			d.t.Errorf("a read-only disk was opened for writing: %+v, %v", a, err)
		}
		a, err := app.Open(d.t.Context(), app.Options{Data: data, ReadOnly: true, MemoryMB: 128})
		if err != nil {
			d.t.Errorf("reading on a read-only disk: %v", err)
			return
		}
		if got := len(table(d.t, a)); got != 21002 {
			d.t.Errorf("%d rows on a read-only disk", got)
		}
		wantVerified(d.t, a)
		if err := a.Close(); err != nil {
			d.t.Error(err)
		}
	})
}

// readTablesOnly reads the tables on a read-only disk whose writer ended well.
func (d *smallDisk) readTablesOnly(data string) {
	d.t.Helper()
	d.readOnly(func() {
		lk, err := lake.Open(d.t.Context(), filepath.Join(data, "lake"), lake.Options{ReadOnly: true})
		if err != nil {
			d.t.Errorf("reading the tables on a read-only disk: %v", err)
			return
		}
		defer lk.Close()
		v, err := lk.View(d.t.Context(), &city.Dataset{Name: "hrss.jobs"}, noTime)
		if err != nil || v.Rows != 21002 {
			d.t.Errorf("the tables on a read-only disk: %+v, %v", v, err)
		}
	})
}
