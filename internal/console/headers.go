package console

import (
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// policy lets a page load what this server serves and nothing else. Images may
// be data: for the icons of the map's buttons and blob: for its canvas;
// workers may be blob: for the map. Scripts and styles are files only.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; " +
	"img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// forever is a year in seconds, the longest that RFC 9111 caches are asked for.
const forever = "public, max-age=31536000, immutable"

// noTime makes http.ServeContent leave out Last-Modified.
var noTime time.Time

// types names the media types that the build produces. The operating system's
// table is not asked, because it may lack or misname them.
var types = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json",
	".mjs":  "text/javascript; charset=utf-8",
	".png":  "image/png",
	".svg":  "image/svg+xml",
	".txt":  "text/plain; charset=utf-8",
}

func setHeaders(h http.Header, name string) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", policy)
	contentType, ok := types[path.Ext(name)]
	if !ok {
		contentType = "application/octet-stream"
	}
	h.Set("Content-Type", contentType)
	if strings.HasPrefix(name, immutable) {
		h.Set("Cache-Control", forever)
	} else {
		h.Set("Cache-Control", "no-cache")
	}
}

// acceptsGzip reads Accept-Encoding as RFC 9110 12.5.3 has it: gzip or * with
// a weight above zero. What says gzip itself outweighs *.
func acceptsGzip(h http.Header) bool {
	star := false
	for _, line := range h.Values("Accept-Encoding") {
		for item := range strings.SplitSeq(line, ",") {
			coding, params, _ := strings.Cut(item, ";")
			switch strings.ToLower(strings.TrimSpace(coding)) {
			case "gzip", "x-gzip":
				return weight(params) > 0
			case "*":
				star = weight(params) > 0
			}
		}
	}
	return star
}

// weight is the q of a coding; 1 when none is given, 0 when it is no number.
func weight(params string) float64 {
	name, value, found := strings.Cut(strings.TrimSpace(params), "=")
	if !found || !strings.EqualFold(strings.TrimSpace(name), "q") {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil {
		return 0
	}
	return q
}
