//go:build !race

// The race detector makes sync.Pool drop states at random, which allocates.

package vault_test

import (
	"testing"

	"github.com/jinyang-city/jinyang/internal/vault"
)

// TestAppendTokenDoesNotAllocate is not parallel: other tests' allocations
// would be counted.
func TestAppendTokenDoesNotAllocate(t *testing.T) {
	v := open(t)
	dst, id := make([]byte, 0, vault.TokenLen), []byte("11010519491231002X")
	if n := testing.AllocsPerRun(1000, func() { dst = v.AppendToken(dst[:0], id) }); n >= 1 {
		t.Errorf("%v allocations for a token", n)
	}
}
