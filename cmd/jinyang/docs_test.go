package main

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// docs/cli.md tells of every command, and of every flag in the section of its
// command; it names no flag that the program does not have.
func TestManual(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{"--help": true, "--version": true}
	root := newRoot(io.Discard, io.Discard)
	root.PersistentFlags().VisitAll(func(f *pflag.Flag) { known["--"+f.Name] = true })
	for _, cmd := range root.Commands() {
		_, section, ok := strings.Cut(string(text), "\n## jinyang "+cmd.Name()+"\n")
		if !ok {
			t.Errorf("there is no section for %s", cmd.Name())
			continue
		}
		section, _, _ = strings.Cut(section, "\n## ")
		for _, one := range append(cmd.Commands(), cmd) {
			one.LocalFlags().VisitAll(func(f *pflag.Flag) {
				if known["--"+f.Name] = true; !strings.Contains(section, "`--"+f.Name) && f.Name != "help" {
					t.Errorf("%s: --%s is not told of", one.CommandPath(), f.Name)
				}
			})
		}
	}
	for word := range strings.FieldsFuncSeq(string(text), func(r rune) bool { return strings.ContainsRune(" `|\n()[],.;:=", r) }) {
		if strings.HasPrefix(word, "--") && strings.Trim(word, "-") != "" && !known[word] {
			t.Errorf("the manual names %s, which no command has", word)
		}
	}
}
