package store_test

import (
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/jinyang-city/jinyang/internal/store"
	"github.com/jinyang-city/jinyang/internal/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestSQLite runs the conformance suite. The folder's name holds what a path
// in a connection string has to escape.
func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB) func() (*store.Store, error) {
		path := filepath.Join(t.TempDir(), "城市 a?b%20#.db")
		return func() (*store.Store, error) { return store.Open(t.Context(), path) }
	})
}
