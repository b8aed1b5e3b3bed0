package sqltable

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// mostMessage is the largest row that is taken, in bytes.
const mostMessage = 64 << 20

// farewell bounds how long a connection that is closed is waited for.
const farewell = time.Second

type postgresConn struct{ *pgx.Conn }

func openPostgres(ctx context.Context, o *Options, env source.Env) (conn, error) {
	config, err := postgresConfig(o, env)
	if err != nil {
		return nil, err
	}
	c, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if _, err := c.Exec(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); err != nil {
		postgresConn{c}.close()
		return nil, err
	}
	return postgresConn{c}, nil
}

// postgresConfig takes nothing from the environment of the process.
func postgresConfig(o *Options, env source.Env) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig("sslmode=disable")
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(o.addr())
	if err != nil {
		return nil, err
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, err
	}
	config.Host, config.Port, config.Database, config.User, config.Fallbacks = host, uint16(n), o.Database, o.User, nil
	if config.Password, err = o.Password.Read(); err != nil {
		return nil, err
	}
	if config.TLSConfig, err = o.TLS.Config(host, env.Base); err != nil {
		return nil, err
	}
	config.ConnectTimeout = o.Connect
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	config.RuntimeParams = map[string]string{
		"application_name": "jinyang", "client_encoding": "UTF8", "DateStyle": "ISO", "TimeZone": env.Location.String(), "extra_float_digits": "1",
		"statement_timeout": milliseconds(o.Statement), "idle_in_transaction_session_timeout": milliseconds(o.Statement),
	}
	config.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		f := pgproto3.NewFrontend(r, w)
		f.SetMaxBodyLen(mostMessage)
		return f
	}
	return config, nil
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

func (c postgresConn) query(ctx context.Context, sql string, args ...string) (rows, error) {
	all := []any{pgx.QueryResultFormats{pgx.TextFormatCode}}
	for _, a := range args {
		all = append(all, a)
	}
	r, err := c.Query(ctx, sql, all...)
	if err != nil {
		return nil, err
	}
	return postgresRows{r}, nil
}

func (c postgresConn) close() {
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	_ = c.Close(ctx) // nothing was changed
	select {
	case <-c.PgConn().CleanupDone():
	case <-ctx.Done():
	}
}

type postgresRows struct{ pgx.Rows }

func (r postgresRows) close() { r.Close() }

func (r postgresRows) next() ([][]byte, error) {
	if r.Next() {
		return r.RawValues(), nil
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	return nil, io.EOF
}

// postgresFault reads the SQLSTATE (PostgreSQL 15, Appendix A).
func postgresFault(err error) (string, fault) {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return "", faultOther
	}
	for means, codes := range map[fault][]string{
		faultLogin: {"28000", "28P01"}, faultRights: {"42501"}, faultMissing: {"3D000", "3F000", "42P01"}, faultSlow: {"57014", "25P03"},
	} {
		if slices.Contains(codes, e.Code) {
			return e.Code, means
		}
	}
	return e.Code, faultOther
}

// postgres writes SQL for PostgreSQL.
type postgres struct{}

func (postgres) schema(string) string     { return "public" }
func (postgres) quote(name string) string { return pgx.Identifier{name}.Sanitize() }

// columns looks through domains to what their values are.
func (postgres) columns() string {
	return `SELECT a.attname::text, format_type(a.atttypid, a.atttypmod),
	CASE WHEN b.typname IN ('int2', 'int4', 'int8', 'numeric') THEN 'exact' WHEN b.typname IN ('date', 'timestamp', 'timestamptz') THEN 'time'
		WHEN b.typname IN ('text', 'varchar', 'bpchar', 'uuid') THEN 'text' WHEN b.typname IN ('float4', 'float8') THEN 'float'
		WHEN b.typname = 'bytea' THEN 'binary' ELSE 'other' END,
	(NOT a.attnotnull)::text
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
	JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'v', 'm', 'f', 'p') AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum`
}

func (postgres) text(expr string, c class) string {
	if c == classBinary {
		return "encode(" + expr + ", 'hex')"
	}
	return expr + "::text"
}

func (postgres) param(n int, c column) string { return fmt.Sprintf("$%d::text::%s", n, c.typ) }

func (postgres) before(expr string, d time.Duration, c column) string {
	return fmt.Sprintf("(%s - interval '%d milliseconds')::%s", expr, d.Milliseconds(), c.typ)
}
