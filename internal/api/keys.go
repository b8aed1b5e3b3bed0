package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/sign"
)

// SigningKey is a public key that receipts are checked with.
type SigningKey struct {
	KeyID     string    `json:"key_id"`
	Algorithm string    `json:"algorithm" enum:"SM2-with-SM3"`
	CreatedAt time.Time `json:"created_at"`
	Current   bool      `json:"current" doc:"whether it signs now; earlier keys still check what they signed"`
	PublicKey string    `json:"public_key" doc:"PEM"`
}

func (s *server) keyRoutes(api huma.API) {
	get(api, "list-keys", "/keys", "The city's public keys", s.listKeys)
	huma.Register(api, huma.Operation{
		OperationID: "get-receipt", Method: http.MethodGet, Path: "/api/v1/deliveries/{id}/receipt", Summary: "The signed receipt of a delivery",
		Description: "The document as it was signed, byte by byte: what jinyang verify --receipt checks.",
		Responses: map[string]*huma.Response{"200": {Description: "the receipt", Content: map[string]*huma.MediaType{
			"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/Receipt"}},
		}}},
	}, s.getReceipt)
}

func (s *server) listKeys(*request, *struct{}) (*List[SigningKey], error) {
	out := &List[SigningKey]{Items: []SigningKey{}}
	for _, k := range s.Delivery.Vault.SigningKeys() {
		out.Items = append(out.Items, SigningKey{k.ID(), sign.Algorithm, k.CreatedAt, k.Current, k.PEM()})
	}
	return out, nil
}

// getReceipt gives the stored bytes. The other operations write receipts anew,
// with what became of the delivery since.
func (s *server) getReceipt(ctx context.Context, in *IDInput) (*huma.StreamResponse, error) {
	d, err := s.receiptedDelivery(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return &huma.StreamResponse{Body: func(h huma.Context) {
		h.SetHeader("Content-Type", "application/json")
		h.SetHeader("Cache-Control", "no-store")
		h.SetStatus(http.StatusOK)
		_, _ = h.BodyWriter().Write(d.Receipt) // the client went away
	}}, nil
}
