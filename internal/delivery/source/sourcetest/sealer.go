package sourcetest

import (
	"bytes"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// mirror is a source.Sealer for tests: it turns bytes round, behind their
// context, so that what lies on the disk in the clear is found.
type mirror struct{}

var _ source.Sealer = mirror{}

func (mirror) Seal(plain, context []byte) []byte {
	turned := bytes.Clone(plain)
	slices.Reverse(turned)
	return append(append(bytes.Clone(context), 0), turned...)
}

func (mirror) Unseal(sealed, context []byte) ([]byte, error) {
	turned, ok := bytes.CutPrefix(sealed, append(bytes.Clone(context), 0))
	if !ok {
		return nil, city.Errorf(city.CodeInternal, "sealed in another context")
	}
	turned = bytes.Clone(turned)
	slices.Reverse(turned)
	return turned, nil
}
