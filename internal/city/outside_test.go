package city_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

func TestOutside(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		err  error
		want city.Code
	}{
		"no room":      {&fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, city.CodeDisk},
		"quota":        {fmt.Errorf("deep: %w", syscall.EDQUOT), city.CodeDisk},
		"file size":    {syscall.EFBIG, city.CodeDisk},
		"cancelled":    {context.Canceled, city.CodeCancelled},
		"out of time":  {fmt.Errorf("deep: %w", context.DeadlineExceeded), city.CodeCancelled},
		"another":      {errors.New("?"), city.CodeUnavailable},
		"has its code": {city.Errorf(city.CodeConflict, "taken"), city.CodeConflict},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := city.Outside(c.err, "cannot write")
			if city.CodeOf(got) != c.want || !errors.Is(got, c.err) {
				t.Errorf("got %v with code %s, want %s", got, city.CodeOf(got), c.want)
			}
		})
	}
	if city.Outside(nil, "cannot write") != nil {
		t.Error("no error became one")
	}
}
