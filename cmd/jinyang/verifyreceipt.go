package main

import (
	"fmt"
	"io"
	"os"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/sign"
)

// receiptFlags name what verify checks without a data folder.
type receiptFlags struct{ receipt, key, file string }

// receiptReport is what verify --receipt prints.
type receiptReport struct {
	OK         bool     `json:"ok"`
	DeliveryID string   `json:"delivery_id"`
	Status     string   `json:"status"`
	KeyID      string   `json:"key_id"` // of the city's key that the receipt was checked with
	Problems   []string `json:"problems"`
}

// verifyReceipt checks a receipt that somebody was given.
func (c *cli) verifyReceipt(f receiptFlags) error {
	doc, err := readDocument("the receipt", f.receipt)
	if err != nil {
		return err
	}
	text, err := readDocument("the key", f.key)
	if err != nil {
		return err
	}
	key, err := sign.ParsePublicKey(text)
	if err != nil {
		return err
	}
	r, err := delivery.ParseReceipt(doc)
	if err != nil {
		return err
	}
	problems, err := checkReceipt(doc, key, f.file)
	if err != nil {
		return err
	}
	report := receiptReport{OK: len(problems) == 0, DeliveryID: r.DeliveryID, Status: string(r.Status), KeyID: key.ID(), Problems: problems}
	if err := c.print(report, func(w io.Writer) { report.text(w, f.file) }); err != nil {
		return err
	}
	if !report.OK {
		return &silentError{}
	}
	return nil
}

func checkReceipt(doc []byte, key *sign.PublicKey, path string) ([]string, error) {
	var file io.Reader
	if path != "" {
		f, err := os.Open(path)
		if err != nil {
			return nil, city.Errorf(city.CodeNotFound, "cannot open the file: %w", err)
		}
		defer f.Close()
		file = f
	}
	problems, err := delivery.VerifyReceipt(doc, key, file)
	return append([]string{}, problems...), err
}

func (r *receiptReport) text(w io.Writer, file string) {
	for _, p := range r.Problems {
		fmt.Fprintln(w, p)
	}
	if !r.OK {
		fmt.Fprintf(w, "%s of the receipt of %s\n", counted(len(r.Problems), "problem"), r.DeliveryID)
		return
	}
	fmt.Fprintf(w, "ok: the receipt of %s (%s) balances and was signed with the key %s", r.DeliveryID, r.Status, r.KeyID)
	if file != "" {
		fmt.Fprint(w, ", for this file")
	}
	fmt.Fprintln(w)
}

// mostDocument bounds a receipt and a key, in bytes.
const mostDocument = 16 << 20

func readDocument(what, path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, city.Errorf(city.CodeNotFound, "cannot open %s: %w", what, err)
	}
	defer f.Close()
	doc, err := io.ReadAll(io.LimitReader(f, mostDocument))
	if err != nil {
		return nil, city.Outside(err, "cannot read "+what)
	}
	return doc, nil
}
