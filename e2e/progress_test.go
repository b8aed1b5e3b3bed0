package e2e

import (
	"fmt"
	"testing"
)

// silent is a target whose owner has not reported in time in the demo city.
const silent = "power.guoneng_taiyi.2024"

// standing is what the API says of the reporting of a target.
type standing struct {
	State string `json:"state"`
	Last  struct {
		ID    string `json:"id"`
		State string `json:"state"`
	} `json:"last"`
}

func standingOf(t *testing.T, s *server, target string) standing {
	t.Helper()
	list := get[struct{ Items []standing }](t, s, "/progress/owed?target="+target).Items
	if len(list) != 1 {
		t.Fatalf("%d standings of %s", len(list), target)
	}
	return list[0]
}

// fill sets a field as typing does.
func (b *tab) fill(selector, value string) {
	b.t.Helper()
	eval[any](b, fmt.Sprintf(`(() => { const f = document.querySelector(%q); f.value = %q; f.dispatchEvent(new Event('input')); })()`, selector, value))
}

// checkProgress reports by hand for a target whose light is yellow for silence,
// has another person approve it, and sees the board change.
func checkProgress(t *testing.T, b *tab, s *server) {
	lightOf := func() string {
		b.open("/targets?year=2024")
		row := id("target-row-" + silent)
		b.waitFor("the board", fmt.Sprintf(`document.querySelector('%s [data-light]')`, row))
		return eval[string](b, fmt.Sprintf(`document.querySelector('%s [data-light]').dataset.light`, row))
	}
	if st, light := standingOf(t, s, silent), lightOf(); st.State != "overdue" || light != "yellow" {
		t.Fatalf("before: %+v, the light is %s", st, light)
	}
	b.open("/progress")
	b.waitFor("what is owed", fmt.Sprintf(`document.querySelector('%s')`, id("report-"+silent)))
	b.click(id("report-" + silent))
	b.waitFor("the form", fmt.Sprintf(`document.querySelector('%s')`, id("progress-day")))
	b.fill(id("progress-day"), "2024-12-20")
	b.fill(id("progress-by"), "张三")
	b.waitFor("a report that can be sent", fmt.Sprintf(`!document.querySelector('%s').disabled`, id("progress-send")))
	b.click(id("progress-send"))
	b.waitFor("the report", fmt.Sprintf(`document.querySelector('[role=status].told')?.innerText && !document.querySelector('%s')`, id("progress-send")))
	st := standingOf(t, s, silent)
	if st.State != "waiting" {
		t.Fatalf("after it was filed: %+v", st)
	}
	b.open("/progress?view=waiting")
	b.waitFor("what waits", fmt.Sprintf(`document.querySelector('%s')`, id("approve-"+st.Last.ID)))
	b.click(id("approve-" + st.Last.ID))
	b.waitFor("the question", fmt.Sprintf(`document.querySelector('%s')`, id("decide-by")))
	b.fill(id("decide-by"), "李四")
	b.waitFor("a decision that can be sent", fmt.Sprintf(`!document.querySelector('%s').disabled`, id("decide-confirm")))
	b.click(id("decide-confirm"))
	b.waitFor("the approval", fmt.Sprintf(`!document.querySelector('%s') && !document.querySelector('%s')`, id("decide-confirm"), id("approve-"+st.Last.ID)))
	light := lightOf()
	for range 20 { // the server may give the board before while it computes the new one
		if light == "green" {
			break
		}
		light = lightOf()
	}
	if st := standingOf(t, s, silent); st.State != "approved" || light != "green" {
		t.Errorf("after: %+v, the light is %s", st, light)
	}
}
