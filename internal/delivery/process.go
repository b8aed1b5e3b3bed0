package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// process takes a staged delivery to its end.
func (r *run) process(ctx context.Context) error {
	if err := r.checkManifest(); err != nil {
		return err
	}
	if err := r.checkWhole(); err != nil {
		return err
	}
	again, err := r.sameFile(ctx)
	if err != nil {
		return err
	}
	if again {
		return r.repeat(ctx)
	}
	stage, err := r.Engine.Stage(ctx, r.ds, r.receipt.DeliveryID)
	if err != nil {
		return err
	}
	merged, err := r.fill(ctx, stage)
	if err = errors.Join(err, stage.Close()); err != nil {
		return err
	}
	r.step(StepMerged)
	return r.commit(ctx, merged)
}

// checkManifest compares the file with what the sender says of it.
func (r *run) checkManifest() error {
	if m := r.req.Manifest; m != nil && m.Dataset != r.ds.Name {
		return reject(city.Errorf(codeManifest, "the manifest is one of %.100q, the file was delivered to %s", m.Dataset, r.ds.Name).
			WithHint("deliver it to the dataset that its manifest names"))
	}
	said, err := resolve(r.ds, r.req.Entry)
	if err != nil {
		return rejectFor(err)
	}
	r.totals = newTotals(r.ds, said)
	if err := r.checkSignature(); err != nil || r.req.Manifest == nil {
		return err
	}
	if f := r.receipt.Fraction; f <= 0 || f > 1 {
		return reject(city.Errorf("invalid.manifest", "the sample fraction %v of the manifest is not above 0 and at most 1", f))
	}
	if r.view.Rows > 0 && r.view.Fraction != r.receipt.Fraction {
		return reject(city.Errorf("invalid.manifest", "the rows sample %v of the population, those of the table %v", r.receipt.Fraction, r.view.Fraction).
			WithHint("one dataset holds samples of one size: use another data folder"))
	}
	if e := r.req.Entry; e != nil && e.SHA256 != "" && !strings.EqualFold(e.SHA256, r.kept.sha256) {
		return reject(city.Errorf("invalid.manifest", "the file's SHA-256 is %s, the manifest says %s", r.kept.sha256, e.SHA256).
			WithHint("the file changed or was cut on its way: ask for it again"))
	}
	return nil
}

// sameFile looks for a committed delivery of the same bytes, checked against
// the same declaration. Such a file changes nothing, even when later
// deliveries have corrected its rows. A batch that speaks for a period or for
// the whole table is never passed over: it says how things are again.
func (r *run) sameFile(ctx context.Context) (bool, error) {
	if r.mode().Whole() || r.req.MendOf != "" {
		return false, nil
	}
	d, found, err := r.Store.CommittedFile(ctx, r.ds.Name, r.kept.sha256)
	if err != nil || !found {
		return false, err
	}
	var before Receipt
	if err := json.Unmarshal(d.Receipt, &before); err != nil {
		return false, city.Errorf(city.CodeInternal, "the receipt of %s cannot be read: %w", d.ID, err)
	}
	if before.Declaration != r.receipt.Declaration {
		return false, nil
	}
	if in := r.within(); !in.IsZero() && (before.Period == nil || *before.Period != in) {
		return false, nil // its rows were not held against this period
	}
	r.before = &before
	r.receipt.Received = before.Received
	if r.receipt.Period == nil { // a manifest may say that nothing changed in a new period
		r.receipt.Period = before.Period
	}
	r.reasons.add(reasonSameFile, "", OutcomeDuplicate, before.Received, Sample{Row: 1, Message: "the same file was committed as " + before.DeliveryID})
	return true, nil
}

// fill reads the archived file, checks its rows, stages the good ones and
// merges them with the table.
func (r *run) fill(ctx context.Context, stage lake.Stage) (*lake.Merged, error) {
	if err := r.readRows(ctx, stage); err != nil {
		return nil, err
	}
	if err := countDistinct(ctx, r.totals, stage); err != nil {
		return nil, err
	}
	if err := r.checkSets(ctx, stage); err != nil {
		return nil, err
	}
	if err := r.checkCounts(); err != nil {
		return nil, err
	}
	if err := r.checkTotals(ctx, stage); err != nil {
		return nil, err
	}
	m, err := stage.Merge(ctx, r.view, r.Lake.DataDir(r.ds.Name), r.scope())
	if err != nil {
		return nil, err
	}
	if err := r.checkVanished(m); err != nil {
		return nil, err
	}
	for _, d := range m.Duplicates {
		samples := make([]Sample, len(d.Sample))
		for i, row := range d.Sample {
			samples[i] = Sample{Row: row}
		}
		r.reasons.add(d.Code, "", OutcomeDuplicate, d.Count, samples...)
	}
	if r.receipt.Period == nil && !m.Period.IsZero() {
		r.receipt.Period = &m.Period
	}
	r.receipt.Accepted, r.receipt.Changed, r.receipt.Sums = m.Accepted, m.Changed, m.Sums
	return m, r.balance(m)
}

func (r *run) readRows(ctx context.Context, stage lake.Stage) error {
	records, err := r.open(ctx)
	if err != nil {
		return readError(err)
	}
	defer func() { _ = records.Close() }() // it was only read
	before, err := r.lastColumns(ctx)
	if err != nil {
		return err
	}
	checker, err := r.checker(before)
	if err != nil {
		return err
	}
	if r.spool, err = newSpool(r.Dir); err != nil {
		return err
	}
	bound, first, err := bindTo(checker, records)
	r.noteColumns(checker, records, first, err == nil && bound.Header)
	if err != nil {
		return readError(err)
	}
	rows := newRowReader(ctx, r, stage, bound)
	if !bound.Header {
		err = rows.add(first)
	}
	if err == nil {
		err = rows.read(records)
	}
	err = errors.Join(err, rows.finish())
	r.receipt.Findings = append(r.receipt.Findings, rows.notices.findings()...)
	return err
}

// bindTo fits the checks to the first record of a file, which it gives too.
func bindTo(checker *validate.Checker, records format.Records) (*validate.Binding, *format.Record, error) {
	first, err := records.Next()
	if errors.Is(err, io.EOF) {
		return nil, nil, city.Errorf("invalid.empty", "the file holds no records").WithHint("deliver a file with at least one record")
	}
	if err != nil {
		return nil, nil, err
	}
	bind := checker.Bind
	if records.Named() {
		bind = checker.BindNamed
	}
	bound, err := bind(first.Fields)
	return bound, first, err
}

// checkCounts applies the manifest's row count and the dataset's reject_above.
func (r *run) checkCounts() error {
	c := r.receipt
	if c.Received == 0 {
		return reject(city.Errorf("invalid.empty", "the file holds a header but no rows").WithHint("deliver a file with at least one row"))
	}
	if e := r.req.Entry; e != nil && e.Rows != nil && *e.Rows != c.Received {
		return reject(city.Errorf("invalid.manifest", "the file holds %d rows, the manifest says %d", c.Received, *e.Rows).
			WithHint("the file was cut or changed on its way: ask for it again"))
	}
	if err := r.checkUsable(); err != nil {
		return err
	}
	share := float64(c.Quarantined) / float64(c.Received)
	if limit := r.ds.Delivery.RejectAbove; limit < 1 && share > limit && r.req.MendOf == "" {
		return reject(city.Errorf("invalid.too_many_failures", "%d of %d rows failed their checks (%.1f %%), more than the %.1f %% that %s allows",
			c.Quarantined, c.Received, 100*share, 100*limit, r.ds.Name).WithHint("see the reasons, mend the file or its declaration, and deliver again"))
	}
	return nil
}
