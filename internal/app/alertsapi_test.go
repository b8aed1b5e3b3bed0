package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/alert/watch"
	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
)

// TestAlertsByHTTP goes the way of an alert: raised, acknowledged, silenced,
// reopened, let out again, over.
func TestAlertsByHTTP(t *testing.T) {
	t.Parallel()
	a := open(t, app.Options{Data: t.TempDir(), Pack: watchedPack(t), Today: city.Date{Year: 2024, Month: 3, Day: 8}})
	c := client{t, a.Handler()}
	deliver(t, a, secondFile)
	if _, err := a.Alerts.Evaluate(t.Context()); err != nil {
		t.Fatal(err)
	}
	list := func(query string) (out struct {
		Items  []watch.Alert
		Counts watch.Counts
	}) {
		c.do("GET", "/alerts"+query, "", nil, 200, &out)
		return out
	}
	all := list("?state=open&severity=warning")
	if len(all.Items) != 1 || all.Counts.Open != 1 || all.Items[0].Subject.Kind != "delivery" || all.Items[0].Rule.Title.EN != "Too many rows were held back" {
		t.Fatalf("open: %+v", all)
	}
	id := all.Items[0].ID
	const doc = "application/json"
	say := func(verb, by string, status int) (out watch.Alert) {
		c.do("POST", "/alerts/"+id+"/"+verb, doc, strings.NewReader(fmt.Sprintf(`{"by":%q,"note":"在办"}`, by)), status, &out)
		return out
	}
	say("acknowledge", "", 422)
	if got := say("acknowledge", "张三", 200); got.State != "acknowledged" || got.Acknowledged.Note != "在办" {
		t.Errorf("acknowledged: %+v", got)
	}
	if got := say("reopen", "张三", 200); got.State != "firing" {
		t.Errorf("reopened: %+v", got)
	}
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	var s watch.Silence
	c.do("POST", "/silences", doc, strings.NewReader(`{"reason":"x","by":"张三","until":"`+until+`"}`), 422, nil)
	c.do("POST", "/silences", doc, strings.NewReader(`{"owner":"nobody","reason":"x","by":"张三","until":"`+until+`"}`), 404, nil)
	c.do("POST", "/silences", doc, strings.NewReader(`{"rule":"quarantined","reason":"演练","by":"张三","until":"`+until+`"}`), 200, &s)
	if n := len(list("?state=silenced").Items); n != 1 || !s.InForce || s.As != "api:local" {
		t.Errorf("%d silenced by %+v", n, s)
	}
	c.do("DELETE", "/silences/"+s.ID+"?by=%E6%9D%8E%E5%9B%9B", "", nil, 200, &s)
	if n := len(list("?state=silenced").Items); n != 0 || s.InForce || s.EndedBy != "李四" {
		t.Errorf("%d silenced after the end of %+v", n, s)
	}
	var rules struct{ Items []watch.Watched }
	c.do("GET", "/alerts/rules", "", nil, 200, &rules)
	if len(rules.Items) != 1 || rules.Items[0].Raised != 1 || rules.Items[0].DeclaredAt != "alerts.yaml:1" {
		t.Errorf("rules: %+v", rules.Items)
	}
	deliver(t, a, firstFile)
	if _, err := a.Alerts.Evaluate(t.Context()); err != nil {
		t.Fatal(err)
	}
	var d watch.Detail
	c.do("GET", "/alerts/"+id, "", nil, 200, &d)
	var kinds []string
	for _, e := range d.Events {
		kinds = append(kinds, string(e.Kind))
	}
	if got := strings.Join(kinds, " "); d.State != "recovered" || got != "recovered unsilenced silenced reopened acknowledged raised" {
		t.Errorf("%s: %s", d.State, got)
	}
	say("acknowledge", "张三", 409)
	c.do("GET", "/alerts/A00", "", nil, 404, nil)
}
