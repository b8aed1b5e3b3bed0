package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"
)

// What a test waits for ends a test that fails, and is met far sooner.
const (
	// readiness is for the demo, which is ready in half a minute of a quiet
	// machine and was in five where twenty programs shared two cores.
	readiness = 15 * time.Minute
	// patience is for one step on a page. The walk through all pages is as long as
	// there are pages, and bounded by the limit of go test alone.
	patience = 4 * time.Minute
)

// server is the running program.
type server struct {
	origin string // scheme, host and port
	data   string // its data folder
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// startDemo runs `jinyang demo`, at the scale that everybody sees, and waits
// until it says where it serves. At the end of the test the program is asked to
// stop, and must do so in order.
func startDemo(t *testing.T) *server {
	t.Helper()
	s := &server{data: filepath.Join(t.TempDir(), "city")}
	ctx, cancel := context.WithTimeout(t.Context(), readiness)
	t.Cleanup(cancel)
	cmd := exec.Command(binary, "demo", "--data", s.data, "--listen", "127.0.0.1:0")
	var stderr safeBuffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("cannot start %s: %v", binary, err)
	}
	found, rest := make(chan string, 1), make(chan struct{})
	go readAddress(stdout, found, rest)
	t.Cleanup(func() { stop(t, cmd, rest, &stderr) })
	select {
	case s.origin = <-found:
	case <-rest:
		t.Fatalf("the program ended before it served:\n%s", stderr.String())
	case <-ctx.Done():
		t.Fatalf("the program did not serve within %v:\n%s", readiness, stderr.String())
	}
	return s
}

// readAddress sends the first address that the program prints, reads on until
// the program closes its output, and then closes rest.
func readAddress(stdout io.Reader, found chan<- string, rest chan<- struct{}) {
	defer close(rest)
	said := false
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if a := address.FindString(lines.Text()); a != "" && !said {
			said = true
			found <- a
		}
	}
}

// stop asks the program to end, as Ctrl-C does, and wants exit status 0.
func stop(t *testing.T, cmd *exec.Cmd, rest <-chan struct{}, stderr *safeBuffer) {
	t.Helper()
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("cannot stop the program: %v", err)
	}
	kill := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() }) // the wait below reports it
	defer kill.Stop()
	<-rest
	if err := cmd.Wait(); err != nil {
		t.Errorf("the program did not end well: %v\n%s", err, stderr.String())
	}
}

// safeBuffer may be read while the program writes to it.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// get reads a JSON document of the API.
func get[T any](t *testing.T, s *server, path string) T {
	t.Helper()
	return call[T](t, http.MethodGet, s.origin+"/api/v1"+path, nil)
}

// deliver hands a file to the API as another program would.
func deliver(t *testing.T, s *server, dataset, name string, content []byte) receipt {
	t.Helper()
	query := url.Values{"dataset": {dataset}, "filename": {name}}
	return call[receipt](t, http.MethodPost, s.origin+"/api/v1/deliveries?"+query.Encode(), bytes.NewReader(content))
}

func call[T any](t *testing.T, method, address string, body io.Reader) (v T) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	doc, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: status %d, error %v: %s", method, address, res.StatusCode, err, doc)
	}
	if err := json.Unmarshal(doc, &v); err != nil {
		t.Fatalf("%s: %v in %s", address, err, doc)
	}
	return v
}
