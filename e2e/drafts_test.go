package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// draftSummary is a draft of the API, as far as it is looked at.
type draftSummary struct {
	ID       string `json:"id"`
	Accepted int    `json:"accepted"`
	Refused  int    `json:"refused"`
	Written  *struct {
		File string `json:"file"`
	} `json:"written"`
}

// checkDrafts reviews the text that the demonstration handed in: by keyboard
// accepts one proposal and rejects the next, writes the file to the pack, and
// takes it back.
func checkDrafts(t *testing.T, b *tab, s *server) {
	first := func() draftSummary {
		t.Helper()
		list := get[struct{ Items []draftSummary }](t, s, "/drafts")
		if len(list.Items) == 0 {
			t.Fatal("the demonstration has no draft")
		}
		return list.Items[0]
	}
	b.open("/drafts")
	b.waitFor("the list of drafts", fmt.Sprintf(`document.querySelector('%s tbody a')`, id("drafts")))
	b.click(id("drafts") + " tbody a")
	chosen := func(n int) string {
		return fmt.Sprintf(`document.querySelector('%s[aria-current="true"]')`, id(fmt.Sprintf("proposal-%d", n)))
	}
	b.waitFor("the first proposal", chosen(1))
	b.do(chromedp.KeyEvent("a"))
	b.waitFor("the second proposal", chosen(2))
	b.do(chromedp.KeyEvent("x"))
	b.waitFor("the third proposal", chosen(3))
	if d := first(); d.Accepted != 1 || d.Refused != 1 {
		t.Errorf("%d accepted and %d rejected, want one each", d.Accepted, d.Refused)
	}
	b.click(id("draft-write"))
	b.waitFor("a preview without mistakes", fmt.Sprintf(`document.querySelector('%s') && !document.querySelector('%s').disabled`, id("draft-yaml"), id("write-draft")))
	b.click(id("write-draft"))
	b.waitFor("the way back", fmt.Sprintf(`document.querySelector('%s')`, id("draft-undo")))
	if d := first(); d.Written == nil || d.Written.File == "" {
		t.Error("the draft was not written to the pack")
	}
	b.click(id("draft-undo"))
	b.waitFor("the writing undone", fmt.Sprintf(`!document.querySelector('%s')`, id("draft-undo")))
	if d := first(); d.Written != nil {
		t.Errorf("the draft is still in %s", d.Written.File)
	}
}
