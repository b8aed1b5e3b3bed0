package e2e

import (
	"fmt"
	"testing"
)

// alertOf is what the API says of an alert.
type alertOf struct {
	ID      string `json:"id"`
	State   string `json:"state"`
	Silence *struct {
		ID string `json:"id"`
	} `json:"silence"`
	Acknowledged *struct {
		By string `json:"by"`
	} `json:"acknowledged"`
}

// checkAlerts acknowledges an alert and silences another one in the console, and
// reads what a rule watches.
func checkAlerts(t *testing.T, b *tab, s *server) {
	firing := get[struct{ Items []alertOf }](t, s, "/alerts?state=firing").Items
	if len(firing) < 2 {
		t.Fatalf("%d alerts fire in the demonstration", len(firing))
	}
	first, second := firing[0].ID, firing[1].ID
	b.open("/alerts")
	b.waitFor("the alerts", fmt.Sprintf(`document.querySelector('%s') && document.querySelector('%s')`, id("ack-"+first), id("alerts-badge")))
	b.click(id("ack-" + first))
	b.waitFor("the question", fmt.Sprintf(`document.querySelector('%s')`, id("alert-by")))
	b.fill(id("alert-by"), "王五")
	b.waitFor("an answer that can be sent", fmt.Sprintf(`!document.querySelector('%s').disabled`, id("alert-confirm")))
	b.click(id("alert-confirm"))
	b.waitFor("the answer", fmt.Sprintf(`document.querySelector('%s')?.dataset.state === 'acknowledged'`, id("alert-"+first)))
	if a := get[alertOf](t, s, "/alerts/"+first); a.State != "acknowledged" || a.Acknowledged == nil || a.Acknowledged.By != "王五" {
		t.Errorf("after it was acknowledged: %+v", a)
	}
	b.click(id("silence-" + second))
	b.waitFor("the form", fmt.Sprintf(`document.querySelector('%s')`, id("silence-reason")))
	b.fill(id("silence-by"), "王五")
	b.fill(id("silence-reason"), "演练")
	b.waitFor("a silence that can be made", fmt.Sprintf(`!document.querySelector('%s').disabled`, id("silence-confirm")))
	b.click(id("silence-confirm"))
	b.waitFor("the silence", fmt.Sprintf(`document.querySelector('%s')?.dataset.state === 'silenced'`, id("alert-"+second)))
	if a := get[alertOf](t, s, "/alerts/"+second); a.Silence == nil {
		t.Errorf("after it was silenced: %+v", a)
	}
	b.open("/alerts?id=" + first)
	b.waitFor("the history", fmt.Sprintf(`document.querySelector('%s')?.innerText.includes('王五')`, id("alert-events")))
	b.open("/alerts?view=rules")
	b.waitFor("the rules", fmt.Sprintf(`document.querySelector('%s') && document.querySelector('%s')`, id("rule-targets.unlikely"), id("rule-batches.late")))
}
