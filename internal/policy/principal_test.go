package policy

import (
	"errors"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

func TestRequire(t *testing.T) {
	t.Parallel()
	if err := Local("cli", RightIdentify).Require(RightIdentify); err != nil {
		t.Errorf("granted: %v", err)
	}
	var e *city.Error
	if err := Local("cli").Require(RightIdentify); !errors.As(err, &e) || e.Code != "forbidden.identify" {
		t.Errorf("not granted: %v", err)
	}
}

func TestTheZeroPrincipalIsNobody(t *testing.T) {
	t.Parallel()
	if (Principal{}).Known() == nil {
		t.Error("the zero principal is known")
	}
	if err := Local("cli").Known(); err != nil {
		t.Error(err)
	}
}
