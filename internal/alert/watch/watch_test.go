package watch_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/alert/watch"
	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/progress"
	"github.com/jinyang-city/jinyang/internal/store"
)

// world is what is watched in a test: a board with two targets, an indicator of
// two districts, and a clock.
type world struct {
	mu      sync.Mutex
	chances map[string]float64
	values  map[string][]float64 // by district, the months from 2024-01
	broken  error
	now     time.Time
}

func (w *world) Board(context.Context, policy.Principal, int) (*analysis.Board, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	b := &analysis.Board{Year: 2024}
	for _, name := range []string{"jobs.2024", "air.2024"} {
		p := w.chances[name]
		b.Targets = append(b.Targets, analysis.TargetStatus{Target: analysis.Named{Name: name, Title: city.Text{ZH: name, EN: name}}, Plan: "2024",
			Owner: analysis.Named{Name: "hrss"}, Light: analysis.LightGreen, Probability: &p, Display: city.Figure(p, 2), Reason: city.Text{ZH: "一句话", EN: "a sentence"}})
	}
	return b, w.broken
}

func (w *world) Query(_ context.Context, who policy.Principal, q analysis.Question) (*analysis.Answer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if who.Name != "system:alerts" || len(who.Rights) > 0 {
		return nil, errors.New("asked on behalf of somebody else")
	}
	a := &analysis.Answer{Indicator: analysis.Named{Name: q.Indicator}, Unit: analysis.Named{Name: "person"}, Source: analysis.Source{SnapshotID: "1"}}
	for district, values := range w.values {
		for i := range values {
			first := city.NewDate(2024, time.Month(i+1), 1)
			a.Rows = append(a.Rows, analysis.Row{Period: city.GrainMonth.Label(first), From: first, To: first.MonthEnd(), Dimensions: map[string]string{"region": district},
				Value: &values[i], Status: analysis.StatusValid})
		}
	}
	return a, w.broken
}

func (w *world) Standings(context.Context, policy.Principal, progress.StandingFilter) ([]progress.Standing, error) {
	return nil, nil
}

// chance sets the probability of the target jobs.2024.
func (w *world) chance(p float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.chances["jobs.2024"] = p
	w.now = w.now.Add(time.Hour)
}

func declared() *city.City {
	raise, high := 0.5, 75.0
	c := &city.City{TimeZone: "Asia/Shanghai", Name: city.Text{ZH: "太原市", EN: "Taiyuan"},
		Organisations: []*city.Organisation{{Name: "hrss"}}, Datasets: []*city.Dataset{{Name: "env.air", Owner: "hrss", Delivery: city.DeliverySpec{Every: city.GrainMonth, LateAfter: "5d"}}},
		Indicators: []*city.Indicator{{Name: "air", Dataset: "env.air"}}, Plans: []*city.Plan{{Name: "2024", Year: 2024}},
		Alerts: []*city.Alert{
			{Name: "unlikely", Severity: city.SeverityCritical, Stays: 1, GroupBy: []city.GroupKey{city.GroupByRule}, Target: &city.TargetWatch{Probability: &raise, Clear: 0.6}},
			{Name: "high", Severity: city.SeverityWarning, Stays: 1, GroupBy: []city.GroupKey{city.GroupByRule}, Indicator: &city.IndicatorWatch{Indicator: "air", By: []string{"region"}, Grain: city.GrainMonth, Show: city.ShowValue, Above: &high, Clear: 60, Periods: 2}},
		}}
	c.Index()
	return c
}

// post is a channel that keeps what it is given.
type post struct {
	mu    sync.Mutex
	got   []alert.Message
	fails error
	after func()
}

func (p *post) Route() alert.Route { return alert.Route{Channel: "duty"} }

func (p *post) Send(_ context.Context, m alert.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fails != nil {
		return p.fails
	}
	p.got = append(p.got, m)
	if p.after != nil {
		p.after()
	}
	return nil
}

type fixture struct {
	*watch.Service
	*world
	post *post
	city *city.City
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "jinyang.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	f := &fixture{city: declared(), post: &post{}, world: &world{chances: map[string]float64{"jobs.2024": 0.9, "air.2024": 0.9}, values: map[string][]float64{}, now: time.Date(2024, 11, 1, 1, 0, 0, 0, time.UTC)}}
	f.Service = watch.New(watch.Config{Store: s, Answers: f.world, Reports: f.world, City: func() *city.City { return f.city },
		Today: func() city.Date { return city.Date{Year: 2024, Month: 11, Day: 1} }, Now: func() time.Time { f.mu.Lock(); defer f.mu.Unlock(); return f.now }})
	f.Use([]watch.Channel{f.post})
	return f
}

// look evaluates and sends, and gives the kinds of what was sent.
func (f *fixture) look(t *testing.T) []string {
	t.Helper()
	if _, err := f.Evaluate(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := len(f.post.got)
	if _, err := f.Send(t.Context()); err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, m := range f.post.got[before:] {
		for _, i := range m.Items {
			out = append(out, string(i.Kind)+" "+i.Subject)
		}
	}
	return out
}

func (f *fixture) want(t *testing.T, when string, want ...string) {
	t.Helper()
	if got := f.look(t); !slices.Equal(got, append([]string{}, want...)) {
		t.Errorf("%s: sent %v, want %v", when, got, want)
	}
}

func (f *fixture) open(t *testing.T) []watch.Alert {
	t.Helper()
	page, err := f.Alerts(t.Context(), policy.Local("test"), store.AlertFilter{States: []string{"firing", "acknowledged"}}, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	return page.Items
}

// TestNeverTheSameTwice follows one cause through raising, looking again,
// hysteresis, recovery and its return.
func TestNeverTheSameTwice(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.want(t, "all is well")
	f.chance(0.4)
	f.want(t, "below the threshold", "raised jobs.2024")
	head, err := f.Store.ChangeSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		f.want(t, "nothing changed")
	}
	if now, err := f.Store.ChangeSeq(t.Context()); err != nil || now != head {
		t.Errorf("looking again without a change wrote: %v", err)
	}
	f.chance(0.3)
	f.want(t, "worse")
	f.chance(0.55)
	f.want(t, "between the thresholds")
	f.chance(0.6)
	f.want(t, "well again", "recovered jobs.2024")
	f.chance(0.1)
	f.want(t, "back", "raised jobs.2024")
	open := f.open(t)
	if len(open) != 1 || open[0].Occurrence != 2 || !open[0].Told {
		t.Fatalf("open: %+v", open)
	}
	d, err := f.Alert(t.Context(), policy.Local("test"), open[0].ID)
	if err != nil || len(d.Events) != 3 || len(d.Messages) != 3 {
		t.Errorf("%d events, %d messages, %v", len(d.Events), len(d.Messages), err)
	}
	keys := map[string]bool{}
	for _, m := range f.post.got {
		keys[m.Key] = true
	}
	if len(keys) != 3 {
		t.Errorf("%d different keys of 3 messages", len(keys))
	}
}

// TestMembers watches the members of an indicator apart, over several periods.
func TestMembers(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.values = map[string][]float64{"140105": {70, 80}, "140106": {90, 91}}
	f.want(t, "one member for two months", "raised air region=140106")
	f.values = map[string][]float64{"140105": {70, 80, 81}, "140106": {90, 91, 61}}
	f.want(t, "the other one; the first is between", "raised air region=140105")
	f.values["140106"] = append(f.values["140106"], 60)
	f.want(t, "the first is well", "recovered air region=140106")
}

// TestUnreadAndGone holds that nothing is decided of what cannot be read, and
// that a rule that the pack takes away ends its alerts.
func TestUnreadAndGone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.chance(0.1)
	f.want(t, "raised", "raised jobs.2024")
	f.broken = city.Errorf(city.CodeUnavailable, "the lake is away")
	e, err := f.Evaluate(t.Context())
	if err != nil || len(e.Failed) != 2 || len(f.open(t)) != 1 {
		t.Errorf("%+v, %v", e, err)
	}
	f.broken = nil
	f.city = &city.City{TimeZone: "Asia/Shanghai"}
	f.city.Index()
	f.want(t, "the rule is gone", "recovered jobs.2024")
}

// TestPeople acknowledges, silences and ends a silence.
func TestPeople(t *testing.T) {
	t.Parallel()
	f, me := newFixture(t), policy.Local("test")
	f.chance(0.1)
	f.want(t, "raised", "raised jobs.2024")
	id := f.open(t)[0].ID
	for by, want := range map[string]city.Code{"": "invalid.by", "110101199003078515": "invalid.by"} {
		if _, err := f.Acknowledge(t.Context(), me, id, watch.Answer{By: by}); city.CodeOf(err) != want {
			t.Errorf("%q: %v", by, err)
		}
	}
	a, err := f.Acknowledge(t.Context(), me, id, watch.Answer{By: "张三", Note: "已核实"})
	if err != nil || a.State != alert.Acknowledged || a.Acknowledged.By != "张三" {
		t.Fatalf("%+v, %v", a, err)
	}
	for name, h := range map[string]watch.Hush{
		"nothing": {By: "张三", Reason: "x", Until: f.now.Add(time.Hour)}, "no reason": {By: "张三", Owner: "hrss", Until: f.now.Add(time.Hour)},
		"over": {By: "张三", Reason: "x", Owner: "hrss", Until: f.now}, "too long": {By: "张三", Reason: "x", Owner: "hrss", Until: f.now.AddDate(2, 0, 0)},
		"unknown rule": {By: "张三", Reason: "x", Rule: "unlikly", Until: f.now.Add(time.Hour)},
	} {
		if _, err := f.Silence(t.Context(), me, h); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	s, err := f.Silence(t.Context(), me, watch.Hush{By: "张三", Reason: "演练", Rule: "high", Until: f.now.Add(48 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	f.values = map[string][]float64{"140105": {90, 91}}
	f.want(t, "silenced")
	if open := f.open(t); len(open) != 2 || open[1].Silence == nil || open[1].Silence.ID != s.ID || open[1].Told {
		t.Errorf("open: %+v", open)
	}
	if _, err := f.Unsilence(t.Context(), me, s.ID, "李四"); err != nil {
		t.Fatal(err)
	}
	f.want(t, "told when the silence ends", "raised air region=140105")
	if c, err := f.Counts(t.Context()); err != nil || c.Open != 2 || c.Acknowledged != 1 || c.Silenced != 0 || c.Critical != 1 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := f.Alerts(t.Context(), policy.Principal{}, store.AlertFilter{}, "", 0); city.CodeOf(err) != "forbidden.principal" {
		t.Errorf("nobody may read: %v", err)
	}
}

// TestSending holds that a failure is tried again later with the same key, that
// what was sent is not sent again, and that a crash between sending and keeping
// that it was sent repeats the key and nothing else.
func TestSending(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.post.fails = errors.New("no")
	f.chance(0.1)
	f.want(t, "the channel is down")
	d, err := f.Send(t.Context())
	if err != nil || d.Sent+d.Failed != 0 {
		t.Errorf("tried again at once: %+v, %v", d, err)
	}
	if w, err := f.Wait(t.Context(), time.Hour); err != nil || w != 10*time.Second {
		t.Errorf("waits %s, %v", w, err)
	}
	f.post.fails = nil
	f.mu.Lock()
	f.now = f.now.Add(10 * time.Second)
	f.mu.Unlock()
	ctx, cancel := context.WithCancel(t.Context())
	f.post.after = cancel // as if the process ended before it could keep that it sent
	if d, err := f.Send(ctx); err != nil || d.Sent != 0 || len(f.post.got) != 1 {
		t.Errorf("%+v, %v, %d sent", d, err, len(f.post.got))
	}
	f.post.after = nil
	if d, err := f.Send(t.Context()); err != nil || d.Sent != 1 || len(f.post.got) != 2 || f.post.got[0].Key != f.post.got[1].Key {
		t.Errorf("after the start: %+v, %v", d, err)
	}
	if d, err := f.Send(t.Context()); err != nil || d.Sent != 0 {
		t.Errorf("sent again: %+v, %v", d, err)
	}
}

// TestGivingUp holds that a message is not tried for ever.
func TestGivingUp(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Use(nil)
	f.Use([]watch.Channel{f.post})
	f.chance(0.1)
	f.post.fails = city.Errorf("unavailable.webhook", "the webhook answered with the status 500")
	attempts := 0
	for range 200 {
		if _, err := f.Evaluate(t.Context()); err != nil {
			t.Fatal(err)
		}
		d, err := f.Send(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		attempts += d.Failed
		if d.Given > 0 {
			break
		}
		f.mu.Lock()
		f.now = f.now.Add(time.Hour)
		f.mu.Unlock()
	}
	detail, err := f.Alert(t.Context(), policy.Local("test"), f.open(t)[0].ID)
	if err != nil || len(detail.Messages) != 1 || detail.Messages[0].State != store.NotificationFailed || detail.Messages[0].Error != "the webhook answered with the status 500" {
		t.Errorf("%+v, %v", detail.Messages, err)
	}
	if attempts < 70 || attempts > 75 {
		t.Errorf("%d attempts in three days", attempts)
	}
}
