package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/jinyang-city/jinyang/internal/api"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/console"
)

// Version is the program's version; the build sets it.
var Version = "dev"

// Listen opens the address to serve at. Until identity exists nobody can be
// told from anybody else, so any address beyond loopback is refused.
func Listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, city.Errorf(city.CodeInvalid, "the address %q: %w", addr, err).WithHint("write host:port, for example 127.0.0.1:8080")
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, city.Errorf("forbidden.listen", "the address %q can be reached from other machines, and no identity is configured", addr).
			WithHint("listen on 127.0.0.1 or [::1]; reach it from elsewhere through ssh -L")
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, city.Errorf("busy.listen", "cannot listen on %s: %w", addr, err).WithHint("stop what uses it, or choose another with --listen; port 0 takes a free one")
	}
	return l, nil
}

// Handler serves the API and the console.
func (a *App) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", api.Handler(api.Config{
		Version: Version, City: a.City, Today: a.Today, Analysis: a.Analysis, Ledger: a.Ledger, Delivery: a.Delivery, Lake: a.Lake, Store: a.Store, Live: a.Live, Sources: a.Collector, Progress: a.Progress, Alerts: a.Alerts, Drafts: a.drafts(), Who: a.reader(),
	}))
	mux.Handle("/", console.Handler())
	return secure(mux)
}

// secure sets the headers of every answer, and refuses requests for another
// host: a page elsewhere may have its name resolve to this machine.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !localHost(r.Host) {
			http.Error(w, "this server answers for localhost only", http.StatusMisdirectedRequest)
			return
		}
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

func localHost(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// shutdownGrace is how long running requests may take to end.
const shutdownGrace = 10 * time.Second

// Serve answers on l until the context ends, then lets running requests finish.
// SIGHUP reloads the pack and the sources.
func (a *App) Serve(ctx context.Context, l net.Listener) error {
	srv := &http.Server{Handler: a.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	stop := a.keepUp(ctx)
	defer stop()
	unwatch := a.watchAlerts(ctx)
	defer unwatch()
	unready := a.keepReady(ctx)
	defer unready()
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	if err := a.untilDone(ctx, done); err != nil {
		return err
	}
	a.Live.Close() // ends the event streams, which would hold the shutdown up
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	if err := srv.Shutdown(ctx); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return errors.Join(city.Errorf(city.CodeUnavailable, "some requests did not end in time: %w", err), srv.Close())
	}
	return nil
}

func (a *App) untilDone(ctx context.Context, done <-chan error) error {
	reload := make(chan os.Signal, 1)
	signal.Notify(reload, syscall.SIGHUP)
	defer signal.Stop(reload)
	for {
		select {
		case err := <-done:
			return city.Errorf(city.CodeUnavailable, "the server stopped: %w", err)
		case <-ctx.Done():
			return nil
		case <-reload:
			a.reload(ctx)
		}
	}
}
