package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"slices"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/policy"
)

func (c *cli) serve() *cobra.Command {
	var data, pack, addr, sources string
	var granted []string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the console and the API of a data folder",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			grants, err := rights(granted)
			if err != nil {
				return err
			}
			s, err := c.listen(addr, false)
			if err != nil {
				return err
			}
			defer s.close()
			a, err := app.Open(cmd.Context(), app.Options{Data: data, Pack: pack, Grants: grants, Log: c.log()})
			if err != nil {
				return err
			}
			defer func() { err = firstError(err, a.Close()) }()
			if _, err := a.UseSources(cmd.Context(), sources); err != nil {
				return err
			}
			if _, err := a.UseChannels(); err != nil {
				return err
			}
			return s.run(cmd.Context(), c, a)
		},
	}
	cmd.Flags().StringVar(&data, "data", defaultData, "data folder")
	cmd.Flags().StringVar(&pack, "pack", "", "folder of a city pack to put in force")
	cmd.Flags().StringVar(&sources, "sources", "", "sources file to fetch from; sources.yaml of the data folder by default, when it is there")
	cmd.Flags().StringVar(&addr, "listen", "127.0.0.1:8080", "address to serve at, loopback only; port 0 takes a free one")
	cmd.Flags().StringSliceVar(&granted, "grant", nil, "rights that whoever reaches this server gets beyond the usual: identify, to find the persons behind tokens; small_groups, to see figures of few persons")
	return cmd
}

// rights reads the rights that are granted on the command line.
func rights(names []string) ([]policy.Right, error) {
	out := []policy.Right{}
	for _, name := range names {
		if !slices.Contains(policy.Grantable(), policy.Right(name)) {
			return nil, &usageError{fmt.Errorf("serve: there is no right %q; there are %v", name, policy.Grantable())}
		}
		out = append(out, policy.Right(name))
	}
	return out, nil
}

// listener is an address that was taken; nil inside when there is none.
type listener struct{ l net.Listener }

func (c *cli) listen(addr string, none bool) (*listener, error) {
	if none {
		return &listener{}, nil
	}
	l, err := app.Listen(addr)
	return &listener{l}, err
}

func (s *listener) close() {
	if s.l != nil {
		_ = s.l.Close() // already closed after a normal end
	}
}

func (s *listener) run(ctx context.Context, c *cli, a *app.App) error {
	url := "http://" + s.l.Addr().String()
	err := c.print(map[string]string{"url": url, "data": a.Dir}, func(w io.Writer) {
		fmt.Fprintf(w, "Jinyang serves %s at %s  (stop with Ctrl-C)\n", a.City().Name.EN, url)
	})
	if err != nil {
		return err
	}
	return a.Serve(ctx, s.l)
}
