package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Delivery is a receipt, and what became of the delivery since. The receipt
// itself never changes.
type Delivery struct {
	delivery.Receipt
	State    store.State        `json:"state" enum:"committed,rejected,rolled_back" doc:"where the delivery stands now; status is what its receipt said"`
	Rollback *delivery.Rollback `json:"rollback" doc:"what took it back; null unless rolled_back"`
}

// receipted are the states of deliveries that have a receipt.
func receipted() []store.State {
	return []store.State{store.StateCommitted, store.StateRejected, store.StateRolledBack}
}

func (s *server) withRollback(r *request, d store.Delivery) (*Delivery, error) {
	rec, err := receipt(d)
	if err != nil {
		return nil, err
	}
	out := &Delivery{Receipt: *rec, State: d.State}
	if d.State != store.StateRolledBack {
		return out, nil
	}
	rb, found, err := s.Store.RollbackOf(r, d.ID)
	if err != nil {
		return nil, err
	}
	if found {
		out.Rollback = delivery.RollbackOf(rb)
	}
	return out, nil
}

func (s *server) rollbackRoutes(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "roll-back", Method: http.MethodPost, Path: "/api/v1/deliveries/{id}/rollback", Summary: "Take a delivery back",
		Description: "Afterwards the table holds what it would hold had the delivery never come. A dry run only counts. The same file may be delivered again.",
	}, handle(s.rollBack))
}

type rollbackInput struct {
	IDInput
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"why, in a sentence; the audit chain keeps it"`
		DryRun bool   `json:"dry_run,omitempty" doc:"only count what would change"`
	}
}

func (s *server) rollBack(r *request, in *rollbackInput) (*delivery.Rollback, error) {
	return s.Delivery.Rollback(r, delivery.RollbackRequest{DeliveryID: in.ID, Reason: in.Body.Reason, Actor: s.Who.Name, DryRun: in.Body.DryRun})
}
