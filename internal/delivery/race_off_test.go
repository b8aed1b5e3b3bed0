//go:build !race

package delivery_test

// longLine is the length of the longest line in the tests.
const longLine = 2 << 30
