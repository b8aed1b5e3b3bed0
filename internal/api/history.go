package api

import (
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/ledger"
)

func (s *server) historyRoutes(api huma.API) {
	get(api, "get-history", "/indicators/{name}/history", "The value of an indicator for one period after every change, beside its definitions", s.history)
	get(api, "compare-history", "/indicators/{name}/history/comparison", "Why the value of an indicator differs between two times", s.compareHistory)
}

// HistoryInput names one line of an indicator. It is exported because the
// framework passes over embedded types that are not.
type HistoryInput struct {
	Name      string `path:"name" maxLength:"200"`
	Period    string `query:"period" required:"true" maxLength:"20" example:"2024-10" doc:"a whole month, quarter or year"`
	Dimension string `query:"dimension" maxLength:"100" doc:"with member; the whole city by default"`
	Member    string `query:"member" maxLength:"200"`
}

func (in *HistoryInput) question() ledger.Question {
	return ledger.Question{Indicator: in.Name, Period: in.Period, Dimension: in.Dimension, Member: in.Member}
}

type historyInput struct {
	HistoryInput
	Points int `query:"points" minimum:"1" maximum:"400" default:"80" doc:"moments to look at, at most"`
}

func (s *server) history(r *request, in *historyInput) (*ledger.History, error) {
	q := in.question()
	q.Points = in.Points
	return s.Ledger.History(r, s.Who, q)
}

type compareInput struct {
	HistoryInput
	From string `query:"from" required:"true" maxLength:"80" doc:"RFC 3339, or a day, which means its end in the city, or the name of a tag"`
	To   string `query:"to" maxLength:"80" doc:"now by default"`
}

func (s *server) compareHistory(r *request, in *compareInput) (*ledger.Explanation, error) {
	from, err := s.moment(r, in.From)
	if err != nil {
		return nil, err
	}
	to, err := s.moment(r, in.To)
	if err != nil {
		return nil, err
	}
	return s.Ledger.Compare(r, s.Who, in.question(), from, to)
}

// moment reads a past state as its time; the empty text is the zero time.
func (s *server) moment(r *request, text string) (time.Time, error) {
	a, err := s.asOf(r, text)
	if err == nil && text != "" && a.At.IsZero() {
		return time.Time{}, city.Errorf("invalid.as_of", "%.80q names no time", text)
	}
	return a.At, err
}
