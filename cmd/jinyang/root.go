package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/pprof"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
)

// cli is what the commands share.
type cli struct {
	stdout, stderr io.Writer
	asJSON         bool
	verbose        bool
	lang           string // of titles and notes: zh or en
	cpuProfile     string
}

func newRoot(stdout, stderr io.Writer) *cobra.Command {
	c := &cli{stdout: stdout, stderr: stderr, lang: localeLang()}
	root := &cobra.Command{
		Use:           "jinyang",
		Short:         "Jinyang (晋阳) runs a city's promises",
		Long:          "Jinyang takes in what the province and the bureaus deliver, computes the city's indicators,\nand shows which targets of the annual plan hold, which will miss, and why.",
		Version:       app.Version,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          usageArgs(cobra.NoArgs),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.PersistentFlags().BoolVar(&c.asJSON, "json", false, "print one JSON document on stdout")
	root.PersistentFlags().BoolVarP(&c.verbose, "verbose", "v", false, "log more on stderr")
	root.PersistentFlags().StringVar(&c.cpuProfile, "cpuprofile", "", "write a CPU profile to this file")
	_ = root.PersistentFlags().MarkHidden("cpuprofile") // for developers; the flag was added above
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return c.startProfile() }
	root.PersistentPostRun = func(*cobra.Command, []string) { pprof.StopCPUProfile() }
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	c.addCommands(root)
	for _, cmd := range root.Commands() {
		cmd.Args = usageArgs(cmd.Args)
	}
	return root
}

// addCommands adds the commands in the groups that the help lists them in.
func (c *cli) addCommands(root *cobra.Command) {
	for _, g := range []struct {
		name, title string
		commands    []*cobra.Command
	}{
		{"start", "Start here:", []*cobra.Command{c.demo(), c.serve(), c.check(), c.schema()}},
		{"ask", "Ask:", []*cobra.Command{c.targets(), c.query(), c.explore(), c.rows(), c.views(), c.history(), c.forecast()}},
		{"work", "Plan, report and publish:", []*cobra.Command{c.plan(), c.reports(), c.alerts(), c.publish(), c.published(), c.monthlyReport()}},
		{"deliver", "Take data in:", []*cobra.Command{c.deliver(), c.collect(), c.quarantine(), c.rollback(), c.manifest(), c.sim()}},
		{"keep", "Keep it sound:", []*cobra.Command{c.verify(), c.maintain(), c.tag(), c.tags(), c.keys(), c.vault(), c.reidentify()}},
	} {
		root.AddGroup(&cobra.Group{ID: g.name, Title: g.title})
		for _, cmd := range g.commands {
			cmd.GroupID = g.name
			root.AddCommand(cmd)
		}
	}
}

// usageArgs makes mistakes in arguments, and flags that are missing, usage
// errors.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if check == nil {
			check = cobra.NoArgs
		}
		err := check(cmd, args)
		if err == nil {
			err = cmd.ValidateRequiredFlags()
		}
		switch {
		case err == nil:
			return nil
		case cmd.HasParent():
			return &usageError{fmt.Errorf("%s: %w", cmd.Name(), err)}
		}
		return &usageError{err}
	}
}

// scaleFlag adds --scale.
func scaleFlag(cmd *cobra.Command, to *float64) {
	cmd.Flags().Float64Var(to, "scale", 0.02, "share of the population that is simulated, above 0 and at most 1")
}

func checkScale(scale float64) error {
	if scale > 0 && scale <= 1 {
		return nil
	}
	return &usageError{fmt.Errorf("--scale: %v is not above 0 and at most 1", scale)}
}

func (c *cli) startProfile() error {
	if c.cpuProfile == "" {
		return nil
	}
	f, err := os.Create(c.cpuProfile)
	if err != nil {
		return city.Errorf(city.CodeUnavailable, "cannot write the profile: %w", err)
	}
	return pprof.StartCPUProfile(f)
}

func (c *cli) log() *slog.Logger {
	level := slog.LevelWarn
	if c.verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(c.stderr, &slog.HandlerOptions{Level: level}))
}

// print writes v as JSON when asked to, or else calls text.
func (c *cli) print(v any, text func(w io.Writer)) error {
	if !c.asJSON {
		text(c.stdout)
		return nil
	}
	return writeJSON(c.stdout, v)
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// counted writes a number of things: 1 mistake, 2 mistakes.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// counts is counted for a word with a plural of its own.
func counts(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// dataFlag adds --data, which must be given.
func dataFlag(cmd *cobra.Command, to *string) {
	cmd.Flags().StringVar(to, "data", "", "data folder")
	_ = cmd.MarkFlagRequired("data") // the flag was added above
}

// defaultData is where a city is served from that nobody says a folder for.
const defaultData = "./jinyang-data"

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
