package duck

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/jinyang-city/jinyang/internal/lake"
)

// Read opens a stage for the rows of a delivery on the replay's connection.
func (r *replay) Read(ctx context.Context, b lake.Batch) (lake.ReadStage, error) {
	if err := r.closeBatch(); err != nil {
		return nil, err
	}
	ds := *r.ds
	ds.Delivery.Mode = b.Scope.Mode // of that time
	r.batch = newStage(&ds, b.DeliveryID, r.conn)
	return r.batch, engineError(r.batch.open(ctx), "cannot read a delivery again")
}

func (r *replay) closeBatch() error {
	if r.batch == nil {
		return nil
	}
	err := r.batch.discard()
	r.batch = nil
	return err
}

// Apply does what a delivery does: what its batch leaves out of its scope goes,
// its rows replace those with their keys.
func (r *replay) Apply(ctx context.Context, b lake.Batch) error {
	batch, err := r.batchRows(ctx, b)
	if err != nil {
		return err
	}
	steps := []string{"CREATE OR REPLACE TEMP TABLE replay_batch AS " + batch}
	if in := scopeSQL(r.ds, b.Scope, b.Scope.Period, "e"); in != "" {
		steps = append(steps, fmt.Sprintf("DELETE FROM temp.replay_would AS e WHERE %s AND %s", in, r.leftOut(b)))
	}
	steps = append(steps,
		// A row that the delivery wrote is its own, also where another had brought the same.
		fmt.Sprintf("DELETE FROM temp.replay_would AS e WHERE EXISTS (SELECT 1 FROM temp.replay_batch AS b WHERE %s AND (b.wrote OR NOT (%s)))",
			r.sameKey("e", "b"), r.same("e", "b")),
		fmt.Sprintf("INSERT INTO temp.replay_would SELECT %s FROM temp.replay_batch AS b WHERE NOT EXISTS (SELECT 1 FROM temp.replay_would AS e WHERE %s)",
			r.columns("b"), r.sameKey("e", "b")))
	if err := r.run(ctx, steps...); err != nil {
		return err
	}
	return r.closeBatch()
}

// batchRows gives the SQL of the rows that a delivery brought, as far as they
// are concerned: those of it that the table held when it was done. A row that
// it brought and the table held already is found by its key among those read
// again, and was the same.
func (r *replay) batchRows(ctx context.Context, b lake.Batch) (string, error) {
	if r.batch == nil {
		return fmt.Sprintf("SELECT %s, true AS wrote FROM temp.replay_was AS w WHERE w.%s = %s",
			r.columns("w"), ident(lake.ColumnDelivery), quote(b.DeliveryID)), nil
	}
	m := &lake.Merged{}
	for _, step := range []func(context.Context, *lake.View, *lake.Merged) error{r.batch.flush, r.batch.dedupe} {
		if err := step(ctx, nil, m); err != nil {
			return "", engineError(err, "cannot read a delivery again")
		}
	}
	if b.AsNew {
		return fmt.Sprintf("SELECT e.*, true AS wrote FROM (SELECT %s FROM temp.stage AS s) AS e%s", r.batch.tableColumns(r.current), r.concerned()), nil
	}
	cols := make([]string, len(r.current.Columns))
	for i, c := range r.current.Columns {
		if cols[i] = "e." + ident(c.Name); c.Name == lake.ColumnDelivery || c.Name == lake.ColumnRow {
			cols[i] = r.batch.column(c)
		}
	}
	return fmt.Sprintf("SELECT %s, e.%s = %s AS wrote FROM temp.replay_was AS e JOIN temp.stage AS s ON %s",
		strings.Join(cols, ", "), ident(lake.ColumnDelivery), quote(b.DeliveryID), r.batch.match("s")), nil
}

// leftOut is the condition that the batch neither has nor holds a row of the
// alias e. Where the batch was not read again, all that the table held in its
// scope is its; a row with the same key that lay outside is not.
func (r *replay) leftOut(b lake.Batch) string {
	if r.batch == nil {
		return fmt.Sprintf("NOT EXISTS (SELECT 1 FROM temp.replay_was AS w WHERE %s AND %s)",
			r.sameKey("e", "w"), scopeSQL(r.ds, b.Scope, b.Scope.Period, "w"))
	}
	return fmt.Sprintf("NOT EXISTS (SELECT 1 FROM temp.stage AS s WHERE %s) AND NOT EXISTS (SELECT 1 FROM temp.stage_held AS h WHERE %s)",
		r.batch.match("s"), r.batch.match("h"))
}

// Undo finds the versions that the table must lose, which are those of the
// delivery and those that it would not have held, and the rows that it must
// get. A row that it holds as another delivery's stays as it is.
func (r *replay) Undo(ctx context.Context, deliveryID, dir string) (*lake.Undone, error) {
	version := identList("w.", []string{lake.ColumnDelivery, lake.ColumnRow})
	own := fmt.Sprintf("w.%s = %s", ident(lake.ColumnDelivery), quote(deliveryID))
	err := r.run(ctx,
		fmt.Sprintf("CREATE OR REPLACE TEMP TABLE replay_gone AS SELECT %s FROM temp.replay_was AS w WHERE %s OR NOT EXISTS (SELECT 1 FROM temp.replay_would AS e WHERE %s)",
			version, own, r.same("w", "e")),
		fmt.Sprintf("CREATE OR REPLACE TEMP TABLE replay_come AS SELECT %s FROM temp.replay_would AS e WHERE NOT EXISTS (SELECT 1 FROM temp.replay_was AS w WHERE NOT (%s) AND %s)",
			r.columns("e"), own, r.same("w", "e")))
	if err != nil {
		return nil, err
	}
	u := &lake.Undone{}
	for table, n := range map[string]*int64{"replay_gone": &u.Removed, "replay_come": &u.Restored} {
		if *n, err = r.count(ctx, "SELECT count(*) FROM temp."+table); err != nil {
			return nil, engineError(err, "cannot count the rows of a rollback")
		}
	}
	if dir == "" || u.Removed+u.Restored == 0 {
		return u, nil
	}
	return u, engineError(r.writeUndone(ctx, dir, u), "cannot write the files of a rollback")
}

// writeUndone writes the rows that come back into one file, and what remains
// of each file that loses rows into another.
func (r *replay) writeUndone(ctx context.Context, dir string, u *lake.Undone) (err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	ids, m := fieldIDs(r.current.Columns), &lake.Merged{}
	if u.Restored > 0 {
		if err := r.copyTo(ctx, "SELECT * FROM temp.replay_come", dir, 0, ids, m); err != nil {
			return err
		}
	}
	if u.Removed > 0 {
		u.Remove, err = r.files(ctx, fmt.Sprintf("SELECT DISTINCT e.filename FROM %s AS e SEMI JOIN temp.replay_gone AS g ON %s ORDER BY 1",
			relation(r.current, r.current.Files, true), sameVersion("e", "g")))
		if err != nil {
			return err
		}
	}
	for i, file := range u.Remove {
		q := fmt.Sprintf("SELECT %s FROM %s AS e ANTI JOIN temp.replay_gone AS g ON %s", r.columns("e"), r.rows([]string{file}), sameVersion("e", "g"))
		left, err := r.count(ctx, "SELECT count(*) FROM ("+q+")")
		if err != nil {
			return err
		}
		if left == 0 {
			continue
		}
		if err := r.copyTo(ctx, q, dir, i+1, ids, m); err != nil {
			return err
		}
	}
	u.Add = m.Add
	return lake.SyncPath(dir)
}
