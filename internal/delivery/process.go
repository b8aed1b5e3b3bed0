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
	again, err := r.sameFile(ctx)
	if err != nil {
		return err
	}
	if again {
		return r.commit(ctx, &lake.Merged{})
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
	if r.req.Manifest == nil {
		return nil
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
// deliveries have corrected its rows.
func (r *run) sameFile(ctx context.Context) (bool, error) {
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
	r.receipt.Received = before.Received
	if r.receipt.Period == nil { // a manifest may say that nothing changed in a new period
		r.receipt.Period = before.Period
	}
	r.reasons.add("same_file", "", OutcomeDuplicate, before.Received, Sample{Row: 1, Message: "the same file was committed as " + before.DeliveryID})
	return true, nil
}

// fill reads the archived file, checks its rows, stages the good ones and
// merges them with the table.
func (r *run) fill(ctx context.Context, stage lake.Stage) (*lake.Merged, error) {
	if err := r.readRows(ctx, stage); err != nil {
		return nil, err
	}
	if err := r.checkCounts(); err != nil {
		return nil, err
	}
	m, err := stage.Merge(ctx, r.view, r.Lake.DataDir(r.ds.Name))
	if err != nil {
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
	return m, nil
}

func (r *run) readRows(ctx context.Context, stage lake.Stage) error {
	records, done, err := r.open()
	if err != nil {
		return err
	}
	defer done()
	checker, err := validate.Compile(r.City(), r.ds, validate.Options{Today: r.Today(), Token: r.Vault.Token})
	if err != nil {
		return err
	}
	if r.spool, err = newSpool(r.Dir); err != nil {
		return err
	}
	first, err := records.Next()
	if errors.Is(err, io.EOF) {
		return reject(city.Errorf("invalid.empty", "the file holds no records").WithHint("deliver a file with at least one record"))
	}
	if err != nil {
		return readError(err)
	}
	bound, err := checker.Bind(first.Fields)
	if err != nil {
		return rejectFor(err)
	}
	rows := &rowReader{run: r, ctx: ctx, stage: stage, bound: bound}
	if !bound.Header {
		if err := rows.take(first); err != nil {
			return err
		}
	}
	return rows.all(records)
}

// open decodes the archived file.
func (r *run) open() (*format.CSV, func(), error) {
	declared, err := format.ParseEncoding(r.encoding())
	if err != nil {
		return nil, nil, rejectFor(err)
	}
	enc, err := r.kept.probe.Encoding(declared)
	if err != nil {
		return nil, nil, rejectFor(err)
	}
	file, err := r.archive.open(r.kept.name)
	if err != nil {
		return nil, nil, err
	}
	done := func() { _ = file.Close() } // it was only read
	return format.NewCSV(format.Decode(file, enc), r.ds.Delivery.Delimiter), done, nil
}

func (r *run) encoding() string {
	if r.req.Entry == nil {
		return ""
	}
	return r.req.Entry.Encoding
}

// readError tells a malformed file from an archive that cannot be read.
func readError(err error) error {
	if city.CodeOf(err) == format.CodeCSV {
		return rejectFor(err)
	}
	return city.Errorf(city.CodeUnavailable, "cannot read the archived file: %w", err)
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
	share := float64(c.Quarantined) / float64(c.Received)
	if limit := r.ds.Delivery.RejectAbove; limit < 1 && share > limit {
		return reject(city.Errorf("invalid.too_many_failures", "%d of %d rows failed their checks (%.1f %%), more than the %.1f %% that %s allows",
			c.Quarantined, c.Received, 100*share, 100*limit, r.ds.Name).WithHint("see the reasons, mend the file or its declaration, and deliver again"))
	}
	return nil
}

// rowReader checks records and passes them on, to the stage or the spool.
type rowReader struct {
	*run
	ctx   context.Context
	stage lake.Stage
	bound *validate.Binding
}

func (w *rowReader) all(records *format.CSV) error {
	for {
		rec, err := records.Next()
		if errors.Is(err, io.EOF) {
			return w.ctx.Err()
		}
		if err != nil {
			return readError(err)
		}
		if err := w.take(rec); err != nil {
			return err
		}
	}
}

func (w *rowReader) take(rec *format.Record) error {
	w.receipt.Received++
	if w.receipt.Received%4096 == 0 {
		if err := w.ctx.Err(); err != nil {
			return err
		}
	}
	row := rec.Number
	if w.bound.Header {
		row--
	}
	values, fail := w.bound.Row(rec)
	if fail == nil {
		return w.stage.Append(row, values)
	}
	w.receipt.Quarantined++
	masked := w.bound.Mask(rec)
	w.reasons.add(fail.Code, fail.Field, OutcomeQuarantined, 1, Sample{Row: row, Message: fail.Message, Text: masked})
	return w.spool.add(spooled{Row: row, Failure: *fail, Masked: masked, Sealed: w.Vault.Seal(rec.Raw, []byte(w.receipt.DeliveryID))})
}
