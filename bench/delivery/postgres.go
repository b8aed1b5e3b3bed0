package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// schema is the table with the checks of the dataset as constraints.
//
//go:embed postgres.sql
var schema string

// postgres is a private cluster. It listens on a socket in its own folder and
// on no port.
type postgres struct {
	dir  string
	bin  string
	cred *syscall.Credential
}

// startPostgres makes and starts a cluster of PostgreSQL 15 as an unprivileged
// user.
func startPostgres(work string) (*postgres, error) {
	bin := "/usr/lib/postgresql/15/bin"
	if _, err := os.Stat(filepath.Join(bin, "initdb")); err != nil {
		return nil, errors.New("not installed: apt-get install postgresql-15")
	}
	dir, err := os.MkdirTemp("", "jinyang-pg-*") // a short path: a socket's name is bounded
	if err != nil {
		return nil, err
	}
	p := &postgres{dir: dir, bin: bin}
	if err := p.prepare(work); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return p, nil
}

func (p *postgres) prepare(work string) error {
	if os.Geteuid() == 0 {
		if err := p.unprivileged(); err != nil {
			return err
		}
		// The server's user reads the input through this folder.
		if err := os.Chmod(work, 0o755); err != nil {
			return err
		}
	}
	if err := p.run("initdb", "-D", p.data(), "-A", "trust", "-U", "bench", "--no-locale", "-E", "UTF8"); err != nil {
		return err
	}
	return p.run("pg_ctl", "-D", p.data(), "-w", "-l", filepath.Join(p.dir, "log"), "-o", "-c listen_addresses='' -k "+p.dir, "start")
}

// unprivileged chooses the user that the server runs as: PostgreSQL refuses root.
func (p *postgres) unprivileged() error {
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return err
		}
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return err
	}
	p.cred = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(p.dir, uid, gid)
}

func (p *postgres) data() string { return filepath.Join(p.dir, "data") }

func (p *postgres) run(name string, args ...string) error {
	return p.command(exec.Command(filepath.Join(p.bin, name), args...))
}

func (p *postgres) command(cmd *exec.Cmd) error {
	cmd.Dir = p.dir
	if p.cred != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.cred}
	}
	// The server that pg_ctl starts keeps the descriptors: a file, not a pipe,
	// so that Run does not wait for the server to end.
	out, err := os.CreateTemp("", "jinyang-pg-out-*")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(out.Name()) // the error alone is still worth telling
		return fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), err, bytes.TrimSpace(text))
	}
	return nil
}

// copy makes the table anew and times COPY with its constraints.
func (p *postgres) copy(ctx context.Context, file string) (*sample, error) {
	if err := p.psql(ctx, schema); err != nil {
		return nil, err
	}
	if err := os.Chmod(file, 0o644); err != nil {
		return nil, err
	}
	start := time.Now()
	if err := p.psql(ctx, "COPY insurance FROM "+literal(file)+" (FORMAT csv)"); err != nil {
		return nil, err
	}
	return &sample{Seconds: []float64{time.Since(start).Seconds()}}, nil
}

func (p *postgres) psql(ctx context.Context, sql string) error {
	cmd := exec.CommandContext(ctx, filepath.Join(p.bin, "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", p.dir, "-U", "bench", "-d", "postgres")
	cmd.Stdin = strings.NewReader(sql)
	return p.command(cmd)
}

// stop ends the cluster and removes it.
func (p *postgres) stop() {
	if err := p.run("pg_ctl", "-D", p.data(), "-w", "-m", "immediate", "stop"); err != nil {
		fmt.Fprintln(os.Stderr, "bench-delivery: cannot stop PostgreSQL:", err)
	}
	if err := os.RemoveAll(p.dir); err != nil {
		fmt.Fprintln(os.Stderr, "bench-delivery: cannot remove PostgreSQL's folder:", err)
	}
}
