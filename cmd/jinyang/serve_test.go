package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"testing"
)

// With --json the address is one document, which is there when the server
// answers; the end of the context is a normal end.
func TestServe(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, stdout := io.Pipe()
	var stderr bytes.Buffer
	data, done := t.TempDir(), make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--json"}, stdout, &stderr)
		_ = stdout.Close() // ends the decoder when the server did not come up
	}()
	var at struct{ URL, Data string }
	dec := json.NewDecoder(out)
	if err := dec.Decode(&at); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	for _, path := range []string{"/api/v1/city", "/api/openapi.json", "/"} {
		if res, err := http.Get(at.URL + path); err != nil {
			t.Errorf("%s: %v", path, err)
		} else if _ = res.Body.Close(); res.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	cancel()
	if _, err := dec.Token(); err != io.EOF {
		t.Errorf("something more was printed: %v", err)
	}
	if code := <-done; code != exitOK {
		t.Errorf("the exit code is %d\n%s", code, &stderr)
	}
}
