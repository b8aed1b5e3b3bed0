package servertest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
)

// The account that the databases are made with. It may do everything.
const (
	User     = "jinyang"
	Password = "made-up-for-tests"
)

// Database is a running database server.
type Database struct {
	*server
	Driver string // "postgres" or "mysql"
	CA     string // file with the authority of its certificate
	count  atomic.Int64
}

// binaries is where Debian keeps the programs of PostgreSQL 15.
const binaries = "/usr/lib/postgresql/15/bin"

// StartPostgres makes and starts a cluster of PostgreSQL 15.
func StartPostgres() (*Database, error) {
	s, path, err := newServer("postgres", filepath.Join(binaries, "postgres"), "postgresql", "postgres")
	if err != nil {
		return nil, err
	}
	d := &Database{server: s, Driver: "postgres"}
	s.stop = syscall.SIGINT // ends the sessions too
	key, err := d.postgres()
	if err != nil {
		s.Stop()
		return nil, err
	}
	s.command = func(port int) (*exec.Cmd, error) {
		return exec.Command(path, "-D", filepath.Join(s.dir, "data"), "-p", fmt.Sprint(port), "-k", s.dir, "-c", "listen_addresses=127.0.0.1",
			"-c", "fsync=off", "-c", "shared_buffers=32MB", "-c", "ssl=on", "-c", "ssl_cert_file="+d.CA, "-c", "ssl_key_file="+key), nil
	}
	s.ready = d.ping
	return d, s.start()
}

// postgres makes the folder of the cluster and gives the file of its key.
func (d *Database) postgres() (key string, err error) {
	if d.CA, key, err = d.certify(); err != nil {
		return "", err
	}
	password, err := d.write("password", []byte(Password))
	if err != nil {
		return "", err
	}
	return key, d.run(filepath.Join(binaries, "initdb"), "-D", filepath.Join(d.dir, "data"), "-U", User, "-A", "scram-sha-256",
		"--pwfile="+password, "--no-locale", "-E", "UTF8", "-N")
}

// StartMariaDB makes and starts a MariaDB server.
func StartMariaDB() (*Database, error) {
	s, path, err := newServer("mariadb", "mariadbd", "mariadb-server", "mysql")
	if err != nil {
		return nil, err
	}
	d := &Database{server: s, Driver: "mysql"}
	args, err := d.mariadb()
	if err != nil {
		s.Stop()
		return nil, err
	}
	s.command = func(port int) (*exec.Cmd, error) {
		return exec.Command(path, append(args, fmt.Sprint("--port=", port))...), nil
	}
	s.ready = d.ping
	return d, s.start()
}

// mariadb makes the folder of the server and gives the arguments to serve it.
func (d *Database) mariadb() ([]string, error) {
	installer, err := find("mariadb-install-db")
	if err != nil {
		return nil, &missing{"mariadb-install-db", "mariadb-server"}
	}
	var key string
	if d.CA, key, err = d.certify(); err != nil {
		return nil, err
	}
	account := fmt.Sprintf("CREATE OR REPLACE USER '%s'@'127.0.0.1' IDENTIFIED BY '%s';\nGRANT ALL ON *.* TO '%[1]s'@'127.0.0.1' WITH GRANT OPTION;\n", User, Password)
	setup, err := d.write("setup.sql", []byte(account))
	if err != nil {
		return nil, err
	}
	data := filepath.Join(d.dir, "data")
	// Temporary tables are named by the process and lie in /tmp unless told
	// otherwise, where servers in several containers meet.
	if err := d.run(installer, "--no-defaults", "--datadir="+data, "--tmpdir="+d.dir, "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"); err != nil {
		return nil, err
	}
	return []string{
		"--no-defaults", "--datadir=" + data, "--tmpdir=" + d.dir, "--bind-address=127.0.0.1", "--skip-name-resolve", "--socket=" + filepath.Join(d.dir, "socket"),
		"--pid-file=" + filepath.Join(d.dir, "pid"), "--init-file=" + setup, "--character-set-server=utf8mb4", "--skip-log-bin",
		"--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M", "--ssl-cert=" + d.CA, "--ssl-key=" + key,
	}, nil
}

// connection runs statements on one database.
type connection interface {
	exec(ctx context.Context, statement string) error
	close() error
}

type postgresConn struct{ *pgx.Conn }

func (c postgresConn) close() error { return c.Close(context.Background()) }

func (c postgresConn) exec(ctx context.Context, statement string) error {
	_, err := c.Exec(ctx, statement)
	return err
}

type mysqlConn struct{ *sql.DB }

func (c mysqlConn) close() error { return c.Close() }

func (c mysqlConn) exec(ctx context.Context, statement string) error {
	_, err := c.ExecContext(ctx, statement)
	return err
}

// open connects to a schema of the server as User. What MySQL calls a database
// is a schema to others.
func (d *Database) open(ctx context.Context, schema string) (connection, error) {
	if d.Driver == "postgres" {
		c, err := pgx.Connect(ctx, fmt.Sprintf("postgres://%s:%s@%s/postgres?sslmode=disable&search_path=%s", User, Password, d.Addr(), schema))
		return postgresConn{c}, err
	}
	c := mysql.NewConfig()
	c.User, c.Passwd, c.Net, c.Addr, c.DBName, c.Timeout = User, Password, "tcp", d.Addr(), schema, time.Second
	c.Logger = &mysql.NopLogger{} // a server that is still starting is no news
	connector, err := mysql.NewConnector(c)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return mysqlConn{db}, nil
}

// system is a schema that every server has.
func (d *Database) system() string {
	if d.Driver == "postgres" {
		return "public"
	}
	return "mysql"
}

func (d *Database) ping(ctx context.Context) error {
	c, err := d.open(ctx, d.system())
	if err != nil {
		return err
	}
	return c.close()
}

// DB is a schema of a server, for one test. Making a schema costs less than
// making a database.
type DB struct {
	Name   string // of the database to connect to
	Schema string
	conn   connection
}

// Create makes an empty schema and connects to it until the test ends.
func (d *Database) Create(t testing.TB) *DB {
	t.Helper()
	db := &DB{Name: "postgres", Schema: fmt.Sprintf("test_%d", d.count.Add(1))}
	if d.Driver == "mysql" {
		db.Name = db.Schema
	}
	root, err := d.open(t.Context(), d.system())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(root.exec(t.Context(), "CREATE SCHEMA "+db.Schema), root.close()); err != nil {
		t.Fatal(err)
	}
	if db.conn, err = d.open(t.Context(), db.Schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.conn.close() })
	return db
}

// Exec runs statements, each of which must succeed.
func (db *DB) Exec(t testing.TB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if err := db.conn.exec(t.Context(), s); err != nil {
			line, _, _ := strings.Cut(s, "\n")
			t.Fatalf("%s: %v", line, err)
		}
	}
}
