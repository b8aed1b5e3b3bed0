// Package sqltable is the kind of source that reads a table of a PostgreSQL,
// MySQL or MariaDB database, the 前置库 by which departments hand data over.
// README.md says how to declare it.
//
// A batch is a query in one read-only transaction that sees one state of the
// table. Its rows go to the delivery as CSV while the database sends them:
// memory holds a few rows, however large the table is. When the connection
// breaks, the content ends with an error and the delivery changes nothing.
package sqltable

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// Kind is the entry for the table of kinds.
func Kind() source.Kind {
	return source.Kind{Name: "sqltable", Options: func() source.Options {
		return &Options{
			TLS: source.TLS{Mode: source.TLSVerify}, Batch: 500_000,
			Connect: 15 * time.Second, Stall: time.Minute, Statement: 30 * time.Minute,
		}
	}}
}

// Options declare a table and what of it is new.
type Options struct {
	Driver   string        `yaml:"driver"` // postgres or mysql, which is MariaDB too
	Host     string        `yaml:"host"`
	Port     int           `yaml:"port"` // 0: that of the driver
	Database string        `yaml:"database"`
	User     string        `yaml:"user"`
	Password source.Secret `yaml:"password"`
	TLS      source.TLS    `yaml:"tls"`

	Table     string            `yaml:"table"`     // a table or view, after its schema where that is not the usual one
	Columns   map[string]string `yaml:"columns"`   // column of the table → name in the batch; none: all, under their own names
	Key       []string          `yaml:"key"`       // columns that tell rows apart, and order those of one watermark
	Watermark string            `yaml:"watermark"` // column that grows whenever a row is made or changed
	Overlap   time.Duration     `yaml:"overlap"`   // how late a row may appear behind later watermarks
	Batch     int64             `yaml:"batch"`     // most new rows of one batch
	Snapshot  bool              `yaml:"snapshot"`  // the whole table whenever it changed, in place of a watermark

	Connect   time.Duration `yaml:"connect"`   // how long connecting may take
	Stall     time.Duration `yaml:"stall"`     // how long the database may be silent between rows
	Statement time.Duration `yaml:"statement"` // how long the database may work on one query, its rows included
}

var (
	_ source.Options = (*Options)(nil)
	_ source.Located = (*Options)(nil)
)

// Check finds mistakes that need no connection.
func (o *Options) Check() error {
	var errs []error
	bad := func(key, format string, args ...any) {
		errs = append(errs, city.Errorf(city.CodeInvalid, format, args...).At(key))
	}
	if _, ok := ports[o.Driver]; !ok {
		bad("driver", "%q is not one of postgres, mysql", o.Driver)
	}
	for key, v := range map[string]string{"host": o.Host, "database": o.Database, "user": o.User, "table": o.Table} {
		if v == "" || strings.ContainsFunc(v, func(r rune) bool { return r < ' ' }) {
			bad(key, "%s is not given, or holds control characters", key)
		}
	}
	if o.Port < 0 || o.Port > 65535 {
		bad("port", "%d is not a port", o.Port)
	}
	if err := o.TLS.Check(o.Host); err != nil {
		errs = append(errs, err)
	}
	if len(o.Key) == 0 {
		bad("key", "the key is not given; name the columns that tell rows apart")
	}
	o.checkMode(bad)
	for key, d := range map[string]time.Duration{"connect": o.Connect, "stall": o.Stall, "statement": o.Statement} {
		if d <= 0 {
			bad(key, "%s is not a time to wait", d)
		}
	}
	return errors.Join(errs...)
}

func (o *Options) checkMode(bad func(key, format string, args ...any)) {
	if (o.Watermark != "") == o.Snapshot {
		bad("watermark", "declare either a watermark or snapshot: true")
	}
	if o.Overlap < 0 || o.Overlap > 0 && o.Snapshot {
		bad("overlap", "an overlap belongs to a watermark, and is not negative")
	}
	if o.Batch < 1 {
		bad("batch", "%d is not a number of rows", o.Batch)
	}
	names := map[string]bool{}
	for column, name := range o.Columns {
		if name == "" || names[name] {
			bad("columns."+column, "%q is no name, or that of another column", name)
		}
		names[name] = true
	}
}

// Location says where the source reads, for lists of sources.
func (o *Options) Location() string {
	return o.Driver + "://" + o.User + "@" + o.addr() + "/" + o.Database + "/" + o.Table
}

// addr is the server's host:port.
func (o *Options) addr() string {
	port := o.Port
	if port == 0 {
		port = ports[o.Driver]
	}
	return net.JoinHostPort(strings.Trim(o.Host, "[]"), strconv.Itoa(port))
}

// Open makes the source. It connects when it is asked for a batch.
func (o *Options) Open(_ context.Context, env source.Env) (source.Source, error) {
	if env.Dataset == nil {
		return nil, city.Errorf(city.CodeInvalid, "a table is of one dataset, and none is declared").At("dataset")
	}
	if env.Dataset.Delivery.Header == city.HeaderNone {
		return nil, city.Errorf(city.CodeInvalid, "the dataset %s takes columns by position, and a table has names", env.Dataset.Name).
			At("dataset").WithHint("declare the columns of the dataset by name (source), and header: auto or required")
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	return &table{Options: o, env: env, driver: drivers[o.Driver], closing: ctx, cancel: cancel}, nil
}
