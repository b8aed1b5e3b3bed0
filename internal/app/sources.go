package app

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/signal"
	"syscall"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/delivery/source/collect"
	"github.com/jinyang-city/jinyang/internal/delivery/source/config"
	"github.com/jinyang-city/jinyang/internal/delivery/source/file"
	"github.com/jinyang-city/jinyang/internal/delivery/source/http"
	"github.com/jinyang-city/jinyang/internal/delivery/source/sftp"
	"github.com/jinyang-city/jinyang/internal/delivery/source/sqltable"
	"github.com/jinyang-city/jinyang/internal/delivery/source/stream"
	"github.com/jinyang-city/jinyang/internal/live"
)

// SourceKinds is the table of all ways of reaching a sender. A new kind is a
// folder below internal/delivery/source, a line here, and a call of the
// conformance suite.
func SourceKinds() []source.Kind {
	return []source.Kind{
		file.Kind(),
		http.Kind(),
		sftp.Kind(),
		sqltable.Kind(),
		stream.NATS(),
		stream.MQTT(),
	}
}

// sourcesFile is the sources file of a data folder that needs no flag.
const sourcesFile = "sources.yaml"

// openCollector makes the collector, which has no sources yet. Closing it comes
// before closing what it works with.
func (a *App) openCollector(o Options, keys source.Sealer) {
	a.Collector = collect.New(collect.Config{
		Deliverer: a.Delivery, States: a.Store, City: a.City, Folder: a.path("sources"), Sealer: keys, Now: a.now, Log: a.Log, Delivered: o.Fetched,
		Manifest: func(raw []byte, name string) (*city.Manifest, error) {
			return delivery.ParseManifest(bytes.NewReader(raw), name)
		},
		Changed: func(name string) {
			a.Live.Publish(live.Event{Type: "source", ID: name, Data: map[string]string{"name": name}})
		},
	})
	a.onClose(a.Collector.Close)
}

// LoadSources reads a sources file against the city in force. The path "" is
// the file of the data folder, which need not be there.
func (a *App) LoadSources(path string) ([]config.Source, error) {
	if path == "" {
		path = a.path(sourcesFile)
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
	}
	return config.Load(path, SourceKinds(), a.City())
}

// UseSources has the sources of a file run, only those of the names when there
// are any, and gives how many. A file with mistakes changes nothing.
func (a *App) UseSources(ctx context.Context, path string, names ...string) (int, error) {
	declared, err := a.LoadSources(path)
	if err != nil {
		return 0, err
	}
	if declared, err = collect.Pick(declared, names); err != nil {
		return 0, err
	}
	if err := a.Collector.Use(ctx, declared); err != nil {
		return 0, err
	}
	a.reloadSources = func(ctx context.Context) error {
		_, err := a.UseSources(ctx, path, names...)
		return err
	}
	return len(declared), nil
}

// reload reads the pack and then the sources file again. Each that has
// mistakes leaves the one in force.
func (a *App) reload(ctx context.Context) {
	if err := a.ReloadPack(ctx); err != nil {
		a.Log.Error("the pack was not reloaded; the one in force stays", "error", err)
	} else {
		a.Log.Warn("the pack was reloaded", "sha256", a.City().Pack.SHA256)
	}
	if n, err := a.UseChannels(); err != nil {
		a.Log.Error("the alert channels were not reloaded; those in force stay", "error", err)
	} else if n > 0 {
		a.Log.Warn("the alert channels were reloaded", "channels", n)
	}
	if a.reloadSources == nil {
		return
	}
	if err := a.reloadSources(ctx); err != nil {
		a.Log.Error("the sources were not reloaded; those in force stay", "error", err)
	} else {
		a.Log.Warn("the sources were reloaded")
	}
}

// Collect lets the sources run until the context ends. SIGHUP reloads the pack
// and the sources.
func (a *App) Collect(ctx context.Context) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	for {
		select {
		case <-ctx.Done():
			return
		case <-hup:
			a.reload(ctx)
		}
	}
}
