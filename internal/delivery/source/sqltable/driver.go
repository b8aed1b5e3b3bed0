package sqltable

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// driver is one family of databases.
type driver struct {
	dialect dialect
	// open connects and begins a read-only transaction that sees one state.
	open func(ctx context.Context, o *Options, env source.Env) (conn, error)
	// fault gives what the database answered, where it did, as its code and what
	// that means.
	fault func(err error) (code string, means fault)
}

// drivers are the families by the name in a declaration.
var drivers = map[string]driver{
	"postgres": {postgres{}, openPostgres, postgresFault},
	"mysql":    {mysqlDialect{}, openMySQL, mysqlFault},
}

// ports are where the families listen as a rule.
var ports = map[string]int{"postgres": 5432, "mysql": 3306}

// conn is a transaction.
type conn interface {
	// query gives rows while the database sends them. Arguments are texts.
	query(ctx context.Context, sql string, args ...string) (rows, error)
	// close ends the transaction and the connection. When rows were not read to
	// their end, the context of the query must have ended before.
	close()
}

// rows are the answer to a query.
type rows interface {
	// next gives the cells of the next row as text, nil for NULL, valid until
	// the next call; or io.EOF after the last.
	next() ([][]byte, error)
	close()
}

// dialect is how a family writes SQL.
type dialect interface {
	// schema is where a table is looked for when its name says no schema.
	schema(database string) string
	// columns asks for the columns of a table: name, type, cast, class and
	// whether it may be NULL. Its arguments are schema and table.
	columns() string
	quote(name string) string
	// text is an expression for the exact text of an expression of a class.
	text(expr string, c class) string
	// param is the n-th argument (from 1), as a value of the column's type.
	param(n int, c column) string
	// before is an expression for a time so long before an expression.
	before(expr string, d time.Duration, c column) string
}

// class is what the values of a column are, as far as a source must know.
type class string

const (
	classExact  class = "exact"  // numbers without rounding
	classTime   class = "time"   // dates and times
	classText   class = "text"   // text that has an order
	classFloat  class = "float"  // rounded numbers
	classBinary class = "binary" // bytes
	classBits   class = "bits"   // BIT of MySQL
	classOther  class = "other"  // what has a text, and no order to rely on
)

// column is a column of the table.
type column struct {
	name     string
	typ      string // as an argument is converted to
	class    class
	nullable bool
}

// fault is what the failure of a database means for a source.
type fault int

const (
	faultOther   fault = iota
	faultLogin         // user or password are wrong
	faultRights        // the user may not read that
	faultMissing       // there is no such database or table
	faultSlow          // the statement took too long
)

// failed gives an error of the database a code. The database's own words are
// not repeated: they may quote values.
func (t *table) failed(ctx context.Context, err error) error {
	var coded *city.Error
	if err == nil {
		return nil
	}
	if cause := context.Cause(ctx); cause != nil {
		if errors.As(cause, &coded) || errors.Is(cause, context.Canceled) || errors.Is(cause, context.DeadlineExceeded) {
			return city.Outside(cause, "the database did not answer in time")
		}
		err = cause // of the connection, for which reading was given up
	}
	if errors.As(err, &coded) || errors.Is(err, io.EOF) {
		return err
	}
	if untrusted, ok := source.Untrusted(err); ok {
		return untrusted
	}
	code, means := t.driver.fault(err)
	switch means {
	case faultLogin:
		return city.Errorf("forbidden.password", "the database refuses the user %s (%s)", t.User, code).WithHint("mend user or password, or ask the keeper of the database to let it in from here")
	case faultRights:
		return city.Errorf("forbidden.rights", "the user %s may not read %s (%s)", t.User, t.Table, code).WithHint("ask the keeper of the database to grant SELECT")
	case faultMissing:
		return city.Errorf("not_found.table", "there is no database %s, or no table %s in it (%s)", t.Database, t.Table, code)
	case faultSlow:
		return city.Errorf("unavailable.slow", "the database gave a query up after %s (%s)", t.Statement, code).WithHint("an index over the watermark and the key helps; so does a smaller batch or a longer statement time")
	}
	if code != "" {
		return city.Errorf("unavailable.database", "the database answers with the error %s", code)
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return city.Errorf("unavailable.connection", "the database cannot be reached: %w", op)
	}
	return city.Errorf("unavailable.connection", "the connection to the database broke off")
}
