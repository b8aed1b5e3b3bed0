package sqltable

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

type mysqlConn struct {
	db *sql.DB
	*sql.Conn
}

func openMySQL(ctx context.Context, o *Options, env source.Env) (conn, error) {
	config, err := mysqlConfig(o, env)
	if err != nil {
		return nil, err
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	m := mysqlConn{db, c}
	if err := m.begin(ctx, o.Statement); err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

func mysqlConfig(o *Options, env source.Env) (*mysql.Config, error) {
	c := mysql.NewConfig()
	c.Net, c.Addr, c.DBName, c.User, c.Timeout = "tcp", o.addr(), o.Database, o.User, o.Connect
	c.Logger = &mysql.NopLogger{} // errors are returned
	c.MaxAllowedPacket = mostMessage
	c.Collation = "utf8mb4_bin"
	c.Params = map[string]string{"time_zone": "'" + env.Now().In(env.Location).Format("-07:00") + "'"}
	var err error
	if c.Passwd, err = o.Password.Read(); err != nil {
		return nil, err
	}
	c.TLS, err = o.TLS.Config(o.Host, env.Base)
	return c, err
}

// begin starts the transaction. MariaDB and MySQL bound the time of a statement
// by variables of different names and units.
func (c mysqlConn) begin(ctx context.Context, statement time.Duration) error {
	var version string
	if err := c.QueryRowContext(ctx, "SELECT VERSION()").Scan(&version); err != nil {
		return err
	}
	limit := "SET SESSION max_execution_time = " + milliseconds(statement)
	if strings.Contains(version, "MariaDB") {
		limit = "SET SESSION max_statement_time = " + strconv.FormatFloat(statement.Seconds(), 'f', 3, 64)
	}
	for _, s := range []string{limit, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"} {
		if _, err := c.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (c mysqlConn) query(ctx context.Context, text string, args ...string) (rows, error) {
	all := make([]any, len(args))
	for i, a := range args {
		all[i] = a
	}
	r, err := c.QueryContext(ctx, text, all...)
	if err != nil {
		return nil, err
	}
	names, err := r.Columns()
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	m := &mysqlRows{Rows: r, raw: make([]sql.RawBytes, len(names)), into: make([]any, len(names)), cells: make([][]byte, len(names))}
	for i := range m.raw {
		m.into[i] = &m.raw[i]
	}
	return m, nil
}

func (c mysqlConn) close() {
	_ = c.Close() // nothing was changed
	_ = c.db.Close()
}

// mysqlRows reuses its memory for each row.
type mysqlRows struct {
	*sql.Rows
	raw   []sql.RawBytes
	into  []any
	cells [][]byte
}

func (r *mysqlRows) close() { _ = r.Close() } // what was read before does not change

func (r *mysqlRows) next() ([][]byte, error) {
	if !r.Next() {
		if err := r.Err(); err != nil {
			return nil, err
		}
		return nil, io.EOF
	}
	if err := r.Scan(r.into...); err != nil {
		return nil, err
	}
	for i, raw := range r.raw {
		r.cells[i] = raw
	}
	return r.cells, nil
}

// mysqlFault reads the error numbers that MySQL and MariaDB share.
func mysqlFault(err error) (string, fault) {
	var e *mysql.MySQLError
	if !errors.As(err, &e) {
		return "", faultOther
	}
	code := strconv.Itoa(int(e.Number))
	for means, codes := range map[fault][]string{
		faultLogin: {"1044", "1045", "1130", "1698"}, faultRights: {"1142", "1143", "1227"}, faultMissing: {"1049", "1146"}, faultSlow: {"1969", "3024"},
	} {
		if slices.Contains(codes, code) {
			return code, means
		}
	}
	return code, faultOther
}

// mysqlDialect writes SQL for MySQL and MariaDB.
type mysqlDialect struct{}

func (mysqlDialect) schema(database string) string { return database }

func (mysqlDialect) quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// columns gives as type what CAST takes: a text that is compared with a number
// would be rounded.
func (mysqlDialect) columns() string {
	return `SELECT COLUMN_NAME,
	CASE WHEN DATA_TYPE IN ('tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'year') THEN IF(COLUMN_TYPE LIKE '%unsigned%', 'UNSIGNED', 'SIGNED')
		WHEN DATA_TYPE = 'decimal' THEN CONCAT('DECIMAL(', NUMERIC_PRECISION, ',', NUMERIC_SCALE, ')')
		WHEN DATA_TYPE = 'date' THEN 'DATE' WHEN DATA_TYPE IN ('datetime', 'timestamp') THEN 'DATETIME(6)' ELSE '' END,
	CASE WHEN DATA_TYPE IN ('tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal', 'year') THEN 'exact'
		WHEN DATA_TYPE IN ('date', 'datetime', 'timestamp') THEN 'time' WHEN DATA_TYPE IN ('char', 'varchar', 'uuid') THEN 'text'
		WHEN DATA_TYPE IN ('float', 'double') THEN 'float' WHEN DATA_TYPE LIKE '%binary' OR DATA_TYPE LIKE '%blob' THEN 'binary'
		WHEN DATA_TYPE = 'bit' THEN 'bits' ELSE 'other' END,
	IF(IS_NULLABLE = 'YES', 'true', 'false')
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`
}

func (mysqlDialect) text(expr string, c class) string {
	switch c {
	case classBinary:
		return "LOWER(HEX(" + expr + "))"
	case classBits:
		return "CAST(" + expr + " + 0 AS CHAR)"
	case classFloat:
		return "CAST(" + expr + " AS CHAR)"
	}
	return expr
}

func (mysqlDialect) param(_ int, c column) string {
	if c.typ == "" {
		return "?"
	}
	return "CAST(? AS " + c.typ + ")"
}

func (mysqlDialect) before(expr string, d time.Duration, c column) string {
	return fmt.Sprintf("CAST(%s - INTERVAL %d MICROSECOND AS %s)", expr, d.Microseconds(), c.typ)
}
