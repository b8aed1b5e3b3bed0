package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// held is a row in quarantine, as the API gives it.
type held struct {
	Delivery string `json:"delivery_id"`
	Row      int    `json:"row"`
	Dataset  string `json:"dataset"`
	Field    string `json:"field"`
	Code     string `json:"code"`
	State    string `json:"state"`
	Note     string `json:"note"`
	MendedBy string `json:"mended_by"`
}

// testID is how the workbench's table marks the row.
func (h held) testID() string { return id(fmt.Sprintf("held-%s-%d", h.Delivery, h.Row)) }

type heldGroups struct {
	Items []struct {
		Code  string `json:"code"`
		Count int    `json:"count"`
	} `json:"items"`
	Total int `json:"total"`
}

func (g heldGroups) of(code string) (n int) {
	for _, item := range g.Items {
		if item.Code == code {
			n += item.Count
		}
	}
	return n
}

func groupsIn(t *testing.T, s *server, state string) heldGroups {
	t.Helper()
	return get[heldGroups](t, s, "/quarantine/groups?state="+state)
}

// spoilt is the reason of the bad rows that the story mends: the simulation
// writes a place that is no region.
const spoilt = "unknown_region"

// checkQuarantine works in the quarantine as a data officer does: narrows it to
// a reason, waives a row and takes that back, and mends a row, at first in vain.
func checkQuarantine(t *testing.T, b *tab, s *server) {
	before := groupsIn(t, s, "open")
	if before.of(spoilt) < 2 {
		t.Fatalf("the demo city holds %d rows with %s in quarantine, the story needs 2", before.of(spoilt), spoilt)
	}
	b.open("/quarantine")
	b.waitFor("the groups", fmt.Sprintf(`document.querySelector('%s')`, id("group-"+spoilt)))
	if got := b.text(id("quarantine-count")); number(t, strings.Map(figures, got)) != float64(before.Total) {
		t.Errorf("the page says %q, the API counts %d rows", got, before.Total)
	}
	b.click(id("group-" + spoilt))
	b.waitFor("the rows of the group", fmt.Sprintf(`location.search.includes('code=%s') && document.querySelector('%s') && document.querySelector('%s tbody tr')`, spoilt, id("chip-code"), id("quarantine-rows")))
	if got := b.text(id("quarantine-count")); number(t, strings.Map(figures, got)) != float64(before.of(spoilt)) {
		t.Errorf("the group has %q, the API counts %d rows", got, before.of(spoilt))
	}
	rows := get[struct{ Items []held }](t, s, "/quarantine?limit=2&code="+spoilt).Items
	checkWaive(t, b, s, rows[0])
	if after := groupsIn(t, s, "open"); after.Total != before.Total {
		t.Errorf("after the undo %d rows are open, before the waiver there were %d", after.Total, before.Total)
	}
	checkMend(t, b, s, rows[0])
	if after := groupsIn(t, s, "open"); after.Total != before.Total-1 {
		t.Errorf("after mending one of %d rows %d are open", before.Total, after.Total)
	}
}

// figures keeps what a number is made of.
func figures(r rune) rune {
	if strings.ContainsRune("0123456789,", r) {
		return r
	}
	return -1
}

// checkWaive waives a row and takes it back with the button that is offered.
func checkWaive(t *testing.T, b *tab, s *server, h held) {
	t.Helper()
	b.click(h.testID() + " td:nth-child(5)")
	b.waitFor("the choice", fmt.Sprintf(`document.querySelector('%s')?.getAttribute('aria-selected') === 'true'`, h.testID()))
	b.click(id("do-waive"))
	b.waitFor("the question why", fmt.Sprintf(`document.querySelector('dialog[open] %s')`, id("reason")))
	if !eval[bool](b, fmt.Sprintf(`document.querySelector('%s').disabled`, id("confirm"))) {
		t.Error("a row could be waived without a reason")
	}
	b.do(chromedp.SendKeys(chromedp.CSS(id("reason")), "a place outside the province"))
	b.click(id("confirm"))
	b.waitFor("the row to leave", fmt.Sprintf(`document.querySelector('%s') && !document.querySelector('%s') && !document.querySelector('dialog[open]')`, id("undo"), h.testID()))
	if waived := get[struct{ Items []held }](t, s, "/quarantine?state=waived&delivery="+h.Delivery).Items; len(waived) != 1 || waived[0].Row != h.Row || waived[0].Note == "" {
		t.Errorf("the API has the waived rows %+v, not row %d with its reason", waived, h.Row)
	}
	b.click(id("undo"))
	b.waitFor("the row to come back", fmt.Sprintf(`document.querySelector('%s') && !document.querySelector('%s')`, h.testID(), id("undo")))
}

// checkMend mends a row by the keyboard: first with a value that fails again,
// then with one that passes.
func checkMend(t *testing.T, b *tab, s *server, h held) {
	t.Helper()
	value := id("mend-" + h.Field)
	eval[bool](b, fmt.Sprintf(`(document.querySelector('%s').focus(), true)`, h.testID()))
	b.click(h.testID() + " td:nth-child(5)")
	b.waitFor("the choice", fmt.Sprintf(`document.querySelector('%s')?.getAttribute('aria-selected') === 'true'`, h.testID()))
	eval[bool](b, fmt.Sprintf(`(document.querySelector('%s').focus(), true)`, h.testID()))
	b.do(chromedp.KeyEvent("\r"))
	b.waitFor("the panel", fmt.Sprintf(`document.activeElement === document.querySelector('dialog[open] %s')`, value))
	b.do(chromedp.KeyEvent("000000"), chromedp.SendKeys(chromedp.CSS(id("mend-reason")), "the bureau named the district"))
	b.click(id("mend-send"))
	b.waitFor("the second failure", fmt.Sprintf(`document.querySelector('%s [data-failed]')`, id("mend-rows")))
	eval[bool](b, fmt.Sprintf(`(document.querySelector('%s').select(), document.querySelector('%s').focus(), true)`, value, value))
	b.do(chromedp.KeyEvent("140106"))
	b.click(id("mend-send"))
	b.waitFor("the row to leave", fmt.Sprintf(`!document.querySelector('dialog[open]') && document.querySelector('%s') && !document.querySelector('%s')`, id("outcome"), h.testID()))
	mended := get[struct{ Items []held }](t, s, "/quarantine?state=mended&delivery="+h.Delivery).Items
	if len(mended) != 1 || mended[0].Row != h.Row || mended[0].MendedBy == "" {
		t.Fatalf("the API has the mended rows %+v, not row %d", mended, h.Row)
	}
	r := get[receipt](t, s, "/deliveries/"+mended[0].MendedBy)
	if r.Status != "committed" || r.Received != 1 || r.Accepted != 1 {
		t.Errorf("the mending delivery did not accept its one row: %+v", r)
	}
	b.open("/data/deliveries/" + r.ID)
	b.waitFor("the way back to what was mended", fmt.Sprintf(`document.querySelector('%s')?.innerText.includes(%q)`, id("fact-mendOf"), h.Delivery))
}
