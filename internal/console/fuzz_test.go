package console

import (
	"net/http"
	"strings"
	"testing"
)

// FuzzAcceptEncoding holds that a client which names neither gzip nor * is
// never sent gzip, whatever else it says.
func FuzzAcceptEncoding(f *testing.F) {
	for _, s := range []string{"", "gzip", "gzip;q=0", "*;q=0.1", "br, gzip ; q = 1", "gzip;q=", ",;,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		h := http.Header{"Accept-Encoding": {accept}}
		named := strings.Contains(strings.ToLower(accept), "gzip") || strings.Contains(accept, "*")
		if acceptsGzip(h) && !named {
			t.Errorf("%q was taken as accepting gzip", accept)
		}
	})
}
