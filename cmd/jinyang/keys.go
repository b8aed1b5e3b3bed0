package main

import (
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/sign"
	"github.com/jinyang-city/jinyang/internal/vault"
)

func (c *cli) keys() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "Make a sender's signing key, and show public keys",
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.newKey(), c.showKeys())
	for _, sub := range cmd.Commands() {
		sub.Args = usageArgs(sub.Args)
	}
	return cmd
}

// shownKey is a public key as the commands print it.
type shownKey struct {
	KeyID     string    `json:"key_id"`
	Algorithm string    `json:"algorithm"`
	CreatedAt time.Time `json:"created_at,omitzero"`
	Current   bool      `json:"current"` // whether it signs now
	PublicKey string    `json:"public_key"`
}

func shown(k *sign.PublicKey) shownKey {
	return shownKey{KeyID: k.ID(), Algorithm: sign.Algorithm, Current: true, PublicKey: k.PEM()}
}

func (c *cli) newKey() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "new --out KEY.pem",
		Short: "Make an SM2 key to sign manifests with, and print its public half",
		Long: "Writes a new private key, which its owner alone may read, and prints the public key: the city declares it with\n" +
			"the sender in its pack. A file that is there is never replaced.",
		RunE: func(*cobra.Command, []string) error {
			k, err := sign.NewKey()
			if err != nil {
				return err
			}
			text, err := k.PEM()
			if err != nil {
				return err
			}
			if err := writeNew(out, 0o600, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
				return err
			}
			return c.print(shown(k.Public()), func(w io.Writer) { fmt.Fprint(w, k.Public().PEM()) })
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "file of the private key")
	_ = cmd.MarkFlagRequired("out") // the flag was added above
	return cmd
}

func (c *cli) showKeys() *cobra.Command {
	var data, key string
	cmd := &cobra.Command{
		Use:   "show --data DIR | --key KEY.pem",
		Short: "Print the public keys that the city signs receipts with, or the public half of a sender's key",
		RunE: func(*cobra.Command, []string) error {
			if (data == "") == (key == "") {
				return &usageError{fmt.Errorf("keys show: either --data or --key is needed")}
			}
			if key != "" {
				k, err := readKey(key)
				if err != nil {
					return err
				}
				return c.print(shown(k.Public()), func(w io.Writer) { fmt.Fprint(w, k.Public().PEM()) })
			}
			return c.showCityKeys(data)
		},
	}
	cmd.Flags().StringVar(&data, "data", "", "data folder")
	cmd.Flags().StringVar(&key, "key", "", "file of a private key")
	return cmd
}

func (c *cli) showCityKeys(data string) error {
	keys, err := vault.SigningKeys(filepath.Join(data, "vault"))
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		return city.Errorf(city.CodeNotFound, "%s has no signing key", data).WithHint("deliver something into it, or serve it: its first key is made then")
	}
	var list struct {
		Items []shownKey `json:"items"`
	}
	for _, k := range keys {
		s := shown(k.PublicKey)
		s.CreatedAt, s.Current = k.CreatedAt, k.Current
		list.Items = append(list.Items, s)
	}
	return c.print(list, func(w io.Writer) {
		for _, k := range list.Items {
			if !k.Current { // the PEM of the current key stands alone, so that it can be sent to a file
				fmt.Fprintf(w, "# before: key %s, made %s\n", k.KeyID, k.CreatedAt.Format(time.DateOnly))
			}
			fmt.Fprint(w, k.PublicKey)
		}
	})
}
