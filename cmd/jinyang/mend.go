package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
)

// mostValues is the largest file of mended values, in bytes, that is read.
const mostValues = 16 << 20

func (c *cli) mend() *cobra.Command {
	var data, values string
	var row int64
	var sets []string
	q := delivery.MendRequest{Actor: "cli:quarantine"}
	cmd := &cobra.Command{
		Use:   "mend",
		Short: "Mend rows and deliver them again by the same checks",
		Example: "  jinyang quarantine mend --data D --delivery ID --row 7 --set place=小店区 --reason 电话核实\n" +
			`  echo '[{"row": 7, "values": {"place": "小店区"}}]' | jinyang quarantine mend --data D --delivery ID --values - --reason 电话核实`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if q.Rows, err = mendRows(cmd.InOrStdin(), values, row, sets); err != nil {
				return err
			}
			return c.withWriter(cmd.Context(), data, func(ctx context.Context, a *app.App) error { return c.runMend(ctx, a, q) })
		},
	}
	dataFlag(cmd, &data)
	decisionFlags(cmd, &q.DeliveryID, &q.Reason)
	fl := cmd.Flags()
	fl.Int64Var(&row, "row", 0, "number of the row")
	fl.StringArrayVar(&sets, "set", nil, "field=text, as a sender would write it; repeatable")
	fl.StringVar(&values, "values", "", "JSON file with the rows, - for standard input: other users of the machine see a command line, so give ID numbers this way")
	fl.BoolVar(&q.Force, "force", false, "bring a row in although a later delivery brought the same one")
	return cmd
}

// mendRows reads what is to be mended from the command line or a file.
func mendRows(stdin io.Reader, file string, row int64, sets []string) ([]delivery.MendRow, error) {
	if (file == "") == (row == 0) || file != "" && len(sets) > 0 {
		return nil, &usageError{errors.New("mend: give --row with --set, or --values")}
	}
	if file != "" {
		return readValues(stdin, file)
	}
	out := delivery.MendRow{Row: row, Values: map[string]string{}}
	for _, s := range sets {
		field, text, ok := strings.Cut(s, "=")
		if !ok {
			return nil, &usageError{errors.New("--set: write field=text")}
		}
		out.Values[field] = text
	}
	return []delivery.MendRow{out}, nil
}

func readValues(stdin io.Reader, file string) (rows []delivery.MendRow, err error) {
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, city.Outside(err, "cannot open the file with the values")
		}
		defer f.Close()
		stdin = f
	}
	d := json.NewDecoder(io.LimitReader(stdin, mostValues))
	d.DisallowUnknownFields()
	if d.Decode(&rows) != nil { // the decoder's words may repeat a value
		return nil, city.Errorf("invalid.values", "the values are no JSON list of rows").At(file).WithHint(`write [{"row": 7, "values": {"field": "text"}}]`)
	}
	return rows, nil
}

func (c *cli) runMend(ctx context.Context, a *app.App, q delivery.MendRequest) error {
	m, err := a.Delivery.Mend(ctx, q)
	if err != nil {
		return err
	}
	failed := false
	for _, r := range m.Rows {
		failed = failed || r.State != store.RowMended
	}
	err = c.print(m, func(w io.Writer) {
		for _, r := range m.Rows {
			fmt.Fprintf(w, "row %d: %s", r.Row, r.State)
			if r.Code != "" {
				fmt.Fprintf(w, ": %s (%s): %s", r.Code, r.Field, r.Message)
			}
			fmt.Fprintln(w)
		}
		receiptText(w, m.Receipt)
	})
	if err == nil && failed {
		return &silentError{}
	}
	return err
}

func (c *cli) export() *cobra.Command {
	var data, out string
	q := delivery.ErrorsRequest{Actor: "cli:quarantine"}
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the error file of a delivery, to send it back",
		Long:  "Writes the rows that failed as the sender wrote them, with the reason beside each. The file holds raw text: it belongs to the sender.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if q.State != "" {
				if err := checkState(q.State); err != nil {
					return err
				}
			}
			return c.withWriter(cmd.Context(), data, func(ctx context.Context, a *app.App) error { return c.runExport(ctx, a, q, out) })
		},
	}
	dataFlag(cmd, &data)
	fl := cmd.Flags()
	fl.StringVar(&q.DeliveryID, "delivery", "", "the delivery")
	_ = cmd.MarkFlagRequired("delivery") // the flag was added above
	fl.StringVar(&q.Code, "code", "", "rows that failed for this reason")
	fl.StringVar(&q.Field, "field", "", "rows that failed in this field")
	fl.StringVar((*string)(&q.State), "state", "", "rows in this state; open and returned ones by default")
	fl.StringVar(&out, "out", "", "file to write, which must not be there yet; by default named after the delivered one")
	return cmd
}

// runExport writes the file, or leaves none behind.
func (c *cli) runExport(ctx context.Context, a *app.App, q delivery.ErrorsRequest, out string) error {
	e, err := a.Delivery.Errors(ctx, q)
	if err != nil {
		return err
	}
	defer e.Close()
	if out == "" {
		out = e.Name
	}
	if err := writeNew(out, 0o600, e.Write); err != nil {
		return err
	}
	doc := struct {
		File string `json:"file"`
	}{out}
	return c.print(doc, func(w io.Writer) { fmt.Fprintln(w, out) })
}
