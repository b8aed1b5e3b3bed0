// Package api is the HTTP interface of a city, version 1, below /api/v1. It is
// described by /api/openapi.json, which is generated out of the types here.
//
// Errors are RFC 9457 problem documents with a stable member "code". Lists page
// by an opaque cursor. Times are RFC 3339 with a zone, days YYYY-MM-DD, region
// codes GB/T 2260 strings, money and sums decimal strings.
package api
