package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/policy"
)

func (s *server) identifyRoutes(api huma.API) {
	post := func(id, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodPost, Path: "/api/v1" + path, Summary: summary,
			Description: "Needs the right identify (serve --grant identify). The audit chain keeps who asked, for what and why before the answer is given."}
	}
	huma.Register(api, post("identify", "/reidentify", "Find the ID numbers behind tokens"), handle(s.identify))
	huma.Register(api, post("reveal-row", "/quarantine/reveal", "Read the whole text of a quarantined row"), handle(s.reveal))
}

type identifyInput struct {
	Body struct {
		Tokens []string `json:"tokens" minItems:"1" maxItems:"20" doc:"as tables show them"`
		Reason string   `json:"reason" minLength:"1" maxLength:"500" doc:"why, in a sentence; the audit chain keeps it"`
	}
}

func (s *server) identify(r *request, in *identifyInput) (*List[delivery.Identified], error) {
	if err := s.Who.Require(policy.RightIdentify); err != nil {
		return nil, err
	}
	found, err := s.Delivery.Identify(r, delivery.IdentifyRequest{Tokens: in.Body.Tokens, Reason: in.Body.Reason, Actor: s.Who.Name})
	return &List[delivery.Identified]{Items: found}, err
}

type revealInput struct {
	Body struct {
		DeliveryID string `json:"delivery_id" maxLength:"100"`
		Row        int64  `json:"row" minimum:"1"`
		Reason     string `json:"reason" minLength:"1" maxLength:"500" doc:"why, in a sentence; the audit chain keeps it"`
	}
}

// Revealed is a quarantined row as it was delivered.
type Revealed struct {
	DeliveryID string `json:"delivery_id"`
	Row        int64  `json:"row"`
	Text       string `json:"text" doc:"as delivered, with its personal data"`
}

func (s *server) reveal(r *request, in *revealInput) (*Revealed, error) {
	if err := s.Who.Require(policy.RightIdentify); err != nil {
		return nil, err
	}
	text, err := s.Delivery.Reveal(r, delivery.RevealRequest{DeliveryID: in.Body.DeliveryID, Row: in.Body.Row, Reason: in.Body.Reason, Actor: s.Who.Name})
	return &Revealed{DeliveryID: in.Body.DeliveryID, Row: in.Body.Row, Text: text}, err
}
