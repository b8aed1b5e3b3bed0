package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3" // for tamper
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/jinyang-city/jinyang/internal/app"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"jinyang": main, "hold": hold, "tamper": tamper})
}

// TestScripts runs the program as its users do: testdata/script/*.txtar.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"json": jsonCommand, "exits": exitsCommand, "edit": editCommand},
	})
}

// hold keeps a data folder open for writing while it runs another program.
func hold() {
	a, err := app.Open(context.Background(), app.Options{Data: os.Args[1]})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	code := run(context.Background(), os.Args[2:], os.Stdout, os.Stderr)
	if err := a.Close(); err != nil {
		code = 3
	}
	os.Exit(code)
}

// tamper changes the store of a data folder behind the program's back.
func tamper() {
	db, err := sql.Open("sqlite3", filepath.Join(os.Args[1], "jinyang.db"))
	if err == nil {
		_, err = db.Exec(os.Args[2])
	}
	if err = errors.Join(err, db.Close()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
}

// exitsCommand runs the program and wants one exit code: exits 2 jinyang query.
func exitsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARG...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var exit interface{ ExitCode() int }
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("the exit code is %d, want %s", code, args[0])
	}
}

// jsonCommand reads a file that must be exactly one JSON document, and compares
// the value at a path: json stdout rows.0.status valid. A value that begins
// with ~ is a regular expression; without path and value only the form counts.
func jsonCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 && len(args) != 3 {
		ts.Fatalf("usage: json FILE [PATH VALUE]")
	}
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	dec.UseNumber()
	var doc any
	if err := dec.Decode(&doc); err != nil {
		ts.Fatalf("%s is not JSON: %v", args[0], err)
	}
	if _, err := dec.Token(); err != io.EOF {
		ts.Fatalf("%s holds more than one JSON document", args[0])
	}
	if len(args) == 1 {
		return
	}
	got, err := at(doc, args[1])
	if err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
	if matches(got, args[2]) == neg {
		ts.Fatalf("%s: %s is %s", args[0], args[1], got)
	}
}

func matches(got, want string) bool {
	if pattern, ok := strings.CutPrefix(want, "~"); ok {
		return regexp.MustCompile(pattern).MatchString(got)
	}
	return got == want
}

// at gives the value at a dotted path as text; len is the length of a list.
func at(doc any, path string) (string, error) {
	for part := range strings.SplitSeq(path, ".") {
		switch v := doc.(type) {
		case map[string]any:
			next, ok := v[part]
			if !ok {
				return "absent", nil
			}
			doc = next
		case []any:
			i, err := strconv.Atoi(part)
			switch {
			case part == "len":
				doc = json.Number(strconv.Itoa(len(v)))
			case err != nil || i >= len(v):
				return "absent", nil
			default:
				doc = v[i]
			}
		default:
			return "", fmt.Errorf("%s: %v has no members", path, doc)
		}
	}
	if s, ok := doc.(string); ok {
		return s, nil
	}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(doc); err != nil {
		return "", err
	}
	return strings.TrimSpace(b.String()), nil
}

// realAir is a daily file of a public source that is too large to be kept here.
const realAir = "../../../shared/data/air/taiyuan_daily_2013-10_2019-12.tianqihoubao.csv"

// TestRealAir delivers the city's real daily air of six years: what is
// published of a year must satisfy the rule of its standard.
func TestRealAir(t *testing.T) {
	t.Parallel()
	file, err := filepath.Abs(realAir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Skipf("SKIPPED: the real file is not at hand, so that this proves nothing: %v", err)
	}
	data := t.TempDir()
	var receipt struct{ Received, Accepted, Quarantined, Duplicate int }
	runJSON(t, &receipt, "deliver", "--data", data, "--dataset", "env.air_daily", file)
	if receipt.Received != 2190 || receipt.Accepted != 2186 || receipt.Duplicate != 4 || receipt.Quarantined != 0 {
		t.Errorf("receipt %+v, want 2190 = 2186 + 0 + 4", receipt)
	}
	var answer struct {
		Rows []struct {
			Period, Status, Display string
			Value                   *float64
			Reason                  struct{ EN string }
		}
	}
	runJSON(t, &answer, "query", "--data", data, "air.pm25_mean", "--grain", "year")
	want := map[string]string{"2013": "", "2014": "67", "2015": "59", "2016": "63", "2017": "64", "2018": "", "2019": ""}
	if len(answer.Rows) != len(want) {
		t.Errorf("%d years, want %d", len(answer.Rows), len(want))
	}
	for _, r := range answer.Rows {
		status := "valid"
		if want[r.Period] == "" {
			status = "not_valid"
		}
		if r.Status != status || r.Display != want[r.Period] || (r.Value != nil) != (status == "valid") || (status != "valid" && !strings.Contains(r.Reason.EN, "HJ 663")) {
			t.Errorf("%+v, want %s %q", r, status, want[r.Period])
		}
	}
}

func runJSON(t *testing.T, doc any, args ...string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), append(args, "--json"), &stdout, &stderr); code != exitOK {
		t.Fatalf("%v: exit code %d\n%s", args, code, &stderr)
	}
	if err := json.Unmarshal(stdout.Bytes(), doc); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, &stdout)
	}
}
