package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/alert/watch"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

func (s *server) alertRoutes(api huma.API) {
	get(api, "list-alerts", "/alerts", "Alerts: those that are there by severity, then those that are over", s.listAlerts)
	get(api, "list-alert-rules", "/alerts/rules", "What is watched, and what is read of it now", s.listAlertRules)
	get(api, "get-alert", "/alerts/{id}", "One alert with its history and its messages", s.getAlert)
	post(api, "acknowledge-alert", "/alerts/{id}/acknowledge", "Say that somebody looks after an alert", s.acknowledgeAlert)
	post(api, "reopen-alert", "/alerts/{id}/reopen", "Take an acknowledgement back", s.reopenAlert)
	get(api, "list-silences", "/silences", "Silences, those that last longest first", s.listSilences)
	post(api, "create-silence", "/silences", "Hold the messages of alerts back for a while", s.createSilence)
	huma.Register(api, huma.Operation{OperationID: "delete-silence", Method: http.MethodDelete, Path: "/api/v1/silences/{id}", Summary: "End a silence before its time; it stays to be seen"}, handle(s.deleteSilence))
}

type listAlertsInput struct {
	State    string `query:"state" enum:"open,firing,acknowledged,silenced,recovered" doc:"open is firing or acknowledged; silenced is open and silenced"`
	Severity string `query:"severity" enum:"info,warning,critical"`
	Owner    string `query:"owner" maxLength:"100"`
	Rule     string `query:"rule" maxLength:"200"`
	Paging
}

func (in *listAlertsInput) filter() store.AlertFilter {
	f := store.AlertFilter{Severity: city.Severity(in.Severity), Owner: in.Owner, Rule: in.Rule}
	open := []string{string(alert.Firing), string(alert.Acknowledged)}
	switch in.State {
	case "":
	case "open":
		f.States = open
	case "silenced":
		yes := true
		f.States, f.Silenced = open, &yes
	default:
		f.States = []string{in.State}
	}
	return f
}

// AlertList is a page of alerts with how many are there in all.
type AlertList struct {
	List[watch.Alert]
	Counts watch.Counts `json:"counts"`
}

func (s *server) listAlerts(r *request, in *listAlertsInput) (*AlertList, error) {
	page, err := s.Alerts.Alerts(r, s.Who, in.filter(), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	c := s.City()
	if err := none(len(page.Items), declared("owner", in.Owner, c.Organisation), declared("rule", in.Rule, c.Alert)); err != nil {
		return nil, err
	}
	counts, err := s.Alerts.Counts(r)
	return &AlertList{List: List[watch.Alert]{Items: page.Items, NextCursor: page.Next}, Counts: counts}, err
}

func (s *server) listAlertRules(r *request, _ *struct{}) (*List[watch.Watched], error) {
	items, err := s.Alerts.Rules(r, s.Who)
	return &List[watch.Watched]{Items: items}, err
}

// AlertID names an alert. It is exported for the same reason as Paging.
type AlertID struct {
	ID string `path:"id" maxLength:"100"`
}

func (s *server) getAlert(r *request, in *AlertID) (*watch.Detail, error) {
	return s.Alerts.Alert(r, s.Who, in.ID)
}

type answerAlertInput struct {
	AlertID
	Body watch.Answer
}

func (s *server) acknowledgeAlert(r *request, in *answerAlertInput) (*watch.Alert, error) {
	return s.Alerts.Acknowledge(r, s.Who, in.ID, in.Body)
}

func (s *server) reopenAlert(r *request, in *answerAlertInput) (*watch.Alert, error) {
	return s.Alerts.Reopen(r, s.Who, in.ID, in.Body)
}

type listSilencesInput struct {
	All bool `query:"all" doc:"also those that are over"`
}

func (s *server) listSilences(r *request, in *listSilencesInput) (*List[watch.Silence], error) {
	items, err := s.Alerts.Silences(r, s.Who, in.All)
	return &List[watch.Silence]{Items: items}, err
}

type createSilenceInput struct{ Body watch.Hush }

func (s *server) createSilence(r *request, in *createSilenceInput) (*watch.Silence, error) {
	return s.Alerts.Silence(r, s.Who, in.Body)
}

type deleteSilenceInput struct {
	AlertID
	By string `query:"by" maxLength:"50" required:"true" doc:"name of who ends it, as stated"`
}

func (s *server) deleteSilence(r *request, in *deleteSilenceInput) (*watch.Silence, error) {
	return s.Alerts.Unsilence(r, s.Who, in.ID, in.By)
}
