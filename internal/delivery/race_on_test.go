//go:build race

package delivery_test

// longLine is the length of the longest line in the tests. The race detector
// makes 2 GiB take minutes.
const longLine = 128 << 20
