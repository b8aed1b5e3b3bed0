package main

import (
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// editCommand replaces a text in a file, which must hold it: edit FILE OLD NEW.
// @NAME stands for the lines of another file, indented for YAML.
func editCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: edit FILE OLD NEW")
	}
	content, now := ts.ReadFile(args[0]), args[2]
	if name, ok := strings.CutPrefix(now, "@"); ok {
		now = strings.ReplaceAll(strings.TrimSpace(ts.ReadFile(name)), "\n", "\n      ")
	}
	if !strings.Contains(content, args[1]) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(content, args[1], now, 1)), 0o600))
}
