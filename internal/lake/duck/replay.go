package duck

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// replay has these tables, all temporary, of its connection:
//
//	replay_keys   keys that it is about; none: all
//	replay_was    rows that the table held, at the state `at`
//	replay_would  rows that it would have held
//	replay_batch  rows of the delivery that is being applied
//	replay_gone   versions of rows that the table must lose
//	replay_come   rows that it must get
type replay struct {
	*stage   // statements and the writing of files, under the replay's ID
	current  *lake.View
	at       *lake.View
	narrowed bool   // replay_keys holds the keys
	batch    *stage // rows read again for the next Apply; nil when there are none
}

var _ lake.Replay = (*replay)(nil)

// replayTables are dropped when the replay is closed.
var replayTables = [...]string{"replay_keys", "replay_was", "replay_would", "replay_batch", "replay_gone", "replay_come"}

// Replay opens a replay on a connection of its own.
func (e *Engine) Replay(ctx context.Context, ds *city.Dataset, id string, current *lake.View) (lake.Replay, error) {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return nil, engineError(err, "cannot open a replay")
	}
	return &replay{stage: &stage{ds: ds, deliveryID: id, conn: conn}, current: current}, nil
}

// Close drops the tables and gives the connection back.
func (r *replay) Close() error {
	err := r.closeBatch()
	for _, t := range replayTables {
		err = errors.Join(err, r.exec(context.Background(), "DROP TABLE IF EXISTS temp."+t))
	}
	return errors.Join(err, r.conn.Close())
}

// run executes statements in turn.
func (r *replay) run(ctx context.Context, statements ...string) error {
	for _, q := range statements {
		if err := r.exec(ctx, q); err != nil {
			return engineError(err, "cannot work out what the table would hold")
		}
	}
	return nil
}

// columns lists the columns of the table for rows of an alias.
func (r *replay) columns(alias string) string {
	names := make([]string, len(r.current.Columns))
	for i, c := range r.current.Columns {
		names[i] = c.Name
	}
	return identList(alias+".", names)
}

// rows reads files with the columns that the table has now.
func (r *replay) rows(files []string) string { return relation(r.current, files, false) }

// same says that rows of two aliases agree in every declared field.
func (r *replay) same(a, b string) string { return equal(a, b, r.names()) }

func equal(a, b string, names []string) string {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = fmt.Sprintf("%[1]s.%[3]s IS NOT DISTINCT FROM %[2]s.%[3]s", a, b, ident(n))
	}
	return strings.Join(parts, " AND ")
}

// concerned narrows rows of the alias e to the keys that the replay is about.
func (r *replay) concerned() string {
	if !r.narrowed {
		return ""
	}
	return " SEMI JOIN temp.replay_keys AS k ON " + r.sameKey("e", "k")
}

// changedFiles lists the files that only one of two states has.
func changedFiles(before, after *lake.View) (removed, added []string) {
	only := func(a, b []string) (out []string) {
		for _, f := range a {
			if _, both := slices.BinarySearch(b, f); !both {
				out = append(out, f)
			}
		}
		return out
	}
	return only(before.Files, after.Files), only(after.Files, before.Files)
}

// Concern adds the keys of versions that only one of two states has.
func (r *replay) Concern(ctx context.Context, before, after *lake.View) error {
	removed, added := changedFiles(before, after)
	keys := identList("e.", r.keys())
	one := func(a, b []string) string {
		return fmt.Sprintf("SELECT %s FROM %s AS e ANTI JOIN %s AS o ON %s", keys, r.rows(a), r.rows(b), sameVersion("e", "o"))
	}
	q := fmt.Sprintf("SELECT DISTINCT * FROM (%s UNION ALL %s)", one(removed, added), one(added, removed))
	if r.narrowed {
		return r.run(ctx, "INSERT INTO temp.replay_keys "+q)
	}
	r.narrowed = true
	return r.run(ctx, "CREATE OR REPLACE TEMP TABLE replay_keys AS "+q)
}

// Begin makes both states that of a view.
func (r *replay) Begin(ctx context.Context, base *lake.View) error {
	r.at = base
	return r.run(ctx,
		fmt.Sprintf("CREATE OR REPLACE TEMP TABLE replay_was AS SELECT %s FROM %s AS e%s", r.columns("e"), r.rows(base.Files), r.concerned()),
		"CREATE OR REPLACE TEMP TABLE replay_would AS SELECT * FROM temp.replay_was")
}

// BeginAdded takes the rows of a delivery that still stand; without it there
// would be none with their keys.
func (r *replay) BeginAdded(ctx context.Context, deliveryID string) error {
	return r.run(ctx,
		fmt.Sprintf("CREATE OR REPLACE TEMP TABLE replay_was AS SELECT %s FROM %s AS e WHERE e.%s = %s",
			r.columns("e"), r.rows(r.current.Files), ident(lake.ColumnDelivery), quote(deliveryID)),
		"CREATE OR REPLACE TEMP TABLE replay_would AS SELECT * FROM temp.replay_was LIMIT 0")
}

// Follow reads only the files that changed. A version that was moved to another
// file leaves and comes back.
func (r *replay) Follow(ctx context.Context, to *lake.View) error {
	removed, added := changedFiles(r.at, to)
	r.at = to
	var steps []string
	if len(removed) > 0 {
		steps = append(steps, fmt.Sprintf("DELETE FROM temp.replay_was AS w WHERE EXISTS (SELECT 1 FROM %s AS e WHERE %s)",
			r.rows(removed), sameVersion("e", "w")))
	}
	if len(added) > 0 {
		steps = append(steps, fmt.Sprintf("INSERT INTO temp.replay_was SELECT %s FROM %s AS e%s", r.columns("e"), r.rows(added), r.concerned()))
	}
	return r.run(ctx, steps...)
}

// Differs looks for rows that only one of the states has.
func (r *replay) Differs(ctx context.Context, deliveryID string) (bool, error) {
	match := r.same("w", "e")
	q := fmt.Sprintf(`SELECT EXISTS (SELECT 1 FROM temp.replay_was AS w WHERE w.%[1]s <> %[2]s AND NOT EXISTS (SELECT 1 FROM temp.replay_would AS e WHERE %[3]s))
OR EXISTS (SELECT 1 FROM temp.replay_would AS e WHERE NOT EXISTS (SELECT 1 FROM temp.replay_was AS w WHERE %[3]s))`,
		ident(lake.ColumnDelivery), quote(deliveryID), match)
	var differs bool
	err := r.conn.QueryRowContext(ctx, q).Scan(&differs)
	return differs, engineError(err, "cannot compare two states of the table")
}
