package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
)

// Closing is a month, quarter or year whose figures a person published. It
// never changes; closed again, the period has a further revision.
type Closing struct {
	ID        string // PERIOD-rREVISION in small letters, given by Publish
	Period    string // 2024-10, 2024Q3 or 2024
	Grain     city.Grain
	Span      city.Span
	Revision  int64     // from 1, given by Publish
	Replaces  string    // ID of the revision before; "" of the first
	Tag       string    // of the lake, made before, which keeps the snapshots
	Pack      string    // SHA-256 of the pack in force
	Today     city.Date // the day that the city stood at
	At        time.Time
	Actor     string // as the audit chain names it
	Person    string // who answers for the figures
	Note      string
	Reason    string // why it was closed though incomplete; "" when it was complete
	Simulated bool
	Figures   int64
	Digest    string // SHA-256 over Sources and the figures, also in the audit record
	Sources   []ClosingSource
}

// ClosingSource is what a dataset stood at.
type ClosingSource struct {
	Dataset    string      `json:"dataset"`
	SnapshotID string      `json:"snapshot_id"` // decimal digits; "" before the first commit
	CommitAt   time.Time   `json:"committed_at,omitzero"`
	CompleteTo city.Date   `json:"complete_to"`
	Covered    []city.Span `json:"covered"` // the periods that deliveries spoke for
	Fraction   float64     `json:"sample_fraction"`
	Simulated  bool        `json:"simulated"`
}

// Figure is one published figure.
type Figure struct {
	ID        string    `json:"id"`         // given by Publish
	ClosingID string    `json:"closing_id"` // given by Publish
	Number    int64     `json:"number"`     // within the closing, from 1; given by Publish
	Indicator string    `json:"indicator"`
	Version   string    `json:"version"` // of the definition
	Dataset   string    `json:"dataset"`
	Dimension string    `json:"dimension"` // "" for the whole city
	Member    string    `json:"member"`    // value of the dimension
	Value     *float64  `json:"value"`     // null where there was none to state
	Display   string    `json:"display"`
	Decimals  int       `json:"decimals"` // of Display
	Unit      string    `json:"unit"`
	Status    string    `json:"status"`
	Reason    city.Text `json:"reason"`
	Rows      int64     `json:"rows"`
}

// codeClosed says that another closing of the period stands in the way.
const codeClosed = city.CodeConflict + ".published"

// Publish keeps a closing with its sources and figures, in one transaction with
// its audit record, whose detail is made of the closing as it is kept. Replaces
// must name the newest revision of the period, or be empty when there is none:
// else somebody else closed it meanwhile, and it fails with conflict.published.
func (s *Store) Publish(ctx context.Context, c Closing, figures []Figure, entry func(Closing) audit.Entry) (Closing, error) {
	if err := c.check(); err != nil {
		return c, err
	}
	err := s.change(ctx, "publish the figures", func(tx *sql.Tx) error {
		last, found, err := lastClosing(ctx, tx, c.Period)
		if err != nil {
			return err
		}
		if found && last.ID != c.Replaces || !found && c.Replaces != "" {
			return city.Errorf(codeClosed, "%s was closed by somebody else meanwhile", c.Period).WithHint("look at what they published, then close it again if need be")
		}
		c.Revision, c.Figures = last.Revision+1, int64(len(figures))
		c.ID = strings.ToLower(c.Period) + fmt.Sprintf("-r%d", c.Revision)
		if err := insertClosing(ctx, tx, c); err != nil {
			return err
		}
		for i, f := range figures {
			f.ClosingID, f.Number = c.ID, int64(i+1)
			f.ID = fmt.Sprintf("%s-%04d", c.ID, f.Number)
			if err := insertFigure(ctx, tx, f); err != nil {
				return err
			}
		}
		return appendAudit(ctx, tx, entry(c))
	})
	return c, err
}

// check refuses what the tables would refuse, and texts that no database keeps.
func (c Closing) check() error {
	for _, text := range []string{c.Person, c.Note, c.Reason} {
		if !isText(text) {
			return city.Errorf(city.CodeInvalid+".published", "a text of the closing is not UTF-8 text")
		}
	}
	if strings.TrimSpace(c.Person) == "" {
		return city.Errorf(city.CodeInvalid+".published", "nobody is named who answers for the figures").WithHint("give the name of the person who closes the period")
	}
	return nil
}

const closingColumns = `id, period, grain, period_from, period_to, revision, replaces, tag, pack_sha256, today, closed_at, actor, person, note, reason, simulated, figures, digest`

func insertClosing(ctx context.Context, tx *sql.Tx, c Closing) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO closings (`+closingColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		c.ID, c.Period, string(c.Grain), c.Span.From.String(), c.Span.To.String(), c.Revision, c.Replaces, c.Tag, c.Pack, c.Today.String(),
		timeText(c.At), c.Actor, c.Person, c.Note, c.Reason, c.Simulated, c.Figures, c.Digest)
	if err != nil {
		return err
	}
	for _, src := range c.Sources {
		covered, err := json.Marshal(src.Covered)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO closing_sources (closing_id, dataset, snapshot_id, committed_at, complete_to, covered, fraction, simulated)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, c.ID, src.Dataset, src.SnapshotID, timeText(src.CommitAt), src.CompleteTo.String(),
			string(covered), src.Fraction, src.Simulated); err != nil {
			return err
		}
	}
	return nil
}

func scanClosing(row scanner) (c Closing, err error) {
	var grain, from, to, today, at string
	if err := row.Scan(&c.ID, &c.Period, &grain, &from, &to, &c.Revision, &c.Replaces, &c.Tag, &c.Pack, &today, &at, &c.Actor, &c.Person,
		&c.Note, &c.Reason, &c.Simulated, &c.Figures, &c.Digest); err != nil {
		return c, err
	}
	c.Grain = city.Grain(grain)
	if c.Span, err = spanValue(from, to); err != nil {
		return c, err
	}
	if err := c.Today.UnmarshalText([]byte(today)); err != nil {
		return c, errForeign
	}
	c.At, err = timeValue(at)
	return c, err
}

const figureColumns = `id, closing_id, number, indicator, version, dataset, dimension, member, value, display, decimals, unit, status, reason_zh, reason_en, row_count`

func insertFigure(ctx context.Context, tx *sql.Tx, f Figure) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO published_figures (`+figureColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		f.ID, f.ClosingID, f.Number, f.Indicator, f.Version, f.Dataset, f.Dimension, f.Member, f.Value, f.Display, f.Decimals, f.Unit,
		f.Status, f.Reason.ZH, f.Reason.EN, f.Rows)
	return err
}

func scanFigure(row scanner) (f Figure, err error) {
	err = row.Scan(&f.ID, &f.ClosingID, &f.Number, &f.Indicator, &f.Version, &f.Dataset, &f.Dimension, &f.Member, &f.Value, &f.Display,
		&f.Decimals, &f.Unit, &f.Status, &f.Reason.ZH, &f.Reason.EN, &f.Rows)
	return f, err
}

// lastClosing finds the newest revision of a period.
func lastClosing(ctx context.Context, q querier, period string) (Closing, bool, error) {
	c, err := scanClosing(q.QueryRowContext(ctx, `SELECT `+closingColumns+` FROM closings WHERE period = $1 ORDER BY revision DESC LIMIT 1`, period))
	if isNone(err) {
		return Closing{}, false, nil
	}
	return c, err == nil, err
}
