package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// The smallest screen that the console is made for.
const width, height = 1366, 768

// pictures is where screenshots go.
const pictures = "screenshots"

// chromium finds the browser, or ends the test.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	without(t, "there is no Chromium", "apt-get install chromium fonts-noto-cjk, or name one in CHROMIUM")
	return ""
}

// tab is a page of the browser and what it did.
type tab struct {
	t      *testing.T
	ctx    context.Context
	origin string

	mu       sync.Mutex
	requests []string // addresses, in order
	problems []string // what the console of the browser complained about
}

// openTab starts the browser. Names other than the server's address resolve to
// nothing, so that the page cannot reach the internet even if it tried.
func openTab(t *testing.T, origin string) *tab {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.WindowSize(width, height),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"), chromedp.Flag("lang", "zh-CN"))
	b := &tab{t: t, origin: origin}
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithListener(b.note))
	t.Cleanup(cancel)
	b.ctx = ctx
	// The browser starts with the first step and ends with that step's context.
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height)); err != nil {
		t.Fatalf("the browser does not start: %v", err)
	}
	return b
}

// note keeps what the rules about the network and the console are judged by.
func (b *tab) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *network.EventLoadingFailed:
		if !e.Canceled { // a page that is left cancels what it was loading
			b.problems = append(b.problems, "a request failed: "+e.ErrorText)
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 {
			b.problems = append(b.problems, fmt.Sprintf("%s: status %d", e.Response.URL, e.Response.Status))
		}
	case *runtime.EventExceptionThrown:
		b.problems = append(b.problems, "exception: "+e.ExceptionDetails.Text+" "+said([]*runtime.RemoteObject{e.ExceptionDetails.Exception}))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning || e.Type == runtime.ConsoleAPICalledTypeAssert {
			b.problems = append(b.problems, fmt.Sprintf("console.%s: %s", e.Type, said(e.Args)))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			b.problems = append(b.problems, fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	}
}

func said(args []*runtime.RemoteObject) string {
	var out []string
	for _, a := range args {
		if a == nil {
			continue
		}
		out = append(out, strings.TrimSpace(string(a.Value)+" "+a.Description))
	}
	return strings.Join(out, " ")
}

// foreign gives the requests that left the server's origin, and how many there
// were in all. data: and blob: addresses are memory of the page itself.
func (b *tab) foreign() (out []string, all int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.requests {
		if !strings.HasPrefix(r, b.origin+"/") && !strings.HasPrefix(r, "data:") && !strings.HasPrefix(r, "blob:"+b.origin+"/") && r != "about:blank" {
			out = append(out, r)
		}
	}
	return out, len(b.requests)
}

// complaints gives what the browser's console showed so far.
func (b *tab) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.problems...)
}

// step bounds one step in the browser.
func (b *tab) step() (context.Context, context.CancelFunc) {
	return context.WithTimeout(b.ctx, patience)
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := b.step()
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("the browser: %v", err)
	}
}

// open loads a page of the console.
func (b *tab) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.origin + path))
}

// click clicks what carries the test ID, as a mouse does.
func (b *tab) click(selector string) {
	b.t.Helper()
	ctx, cancel := b.step()
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible)); err != nil {
		b.t.Fatalf("cannot click %s: %v; %s", selector, err, b.photo("failed"))
	}
}

// id selects by test ID.
func id(name string) string { return fmt.Sprintf(`[data-testid="%s"]`, name) }

// text gives the visible text of an element.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return eval[string](b, fmt.Sprintf(`document.querySelector(%q)?.innerText.trim() ?? ''`, selector))
}

// eval computes a JavaScript expression in the page.
func eval[T any](b *tab, js string) T {
	b.t.Helper()
	ctx, cancel := b.step()
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js))
	if err != nil {
		b.t.Fatalf("%s: %v", js, err)
	}
	return v
}

// waitFor waits until a JavaScript expression becomes true. It looks at every
// frame that the browser draws; the page's policy forbids the library's own
// way, which compiles code in the page.
func (b *tab) waitFor(what, js string) {
	b.t.Helper()
	const loop = `new Promise((resolve, reject) => {
		const end = performance.now() + %d;
		const look = () => {
			if (%s) resolve(true);
			else if (performance.now() > end) reject(new Error('it did not happen in time'));
			else requestAnimationFrame(look);
		};
		look();
	})`
	ctx, cancel := b.step()
	defer cancel()
	wait := patience / 2 // so that the page says what did not happen
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf(loop, wait.Milliseconds(), js), chromedp.EvalAwaitPromise)); err != nil {
		b.t.Fatalf("waiting for %s: %v; %s; the browser says %q", what, err, b.photo("failed"), b.complaints())
	}
}

// settled is true when nothing on the page is still loading or moving.
const settled = `document.readyState === 'complete' && document.fonts.status === 'loaded' && !document.querySelector('.el-skeleton') &&
	document.getAnimations().every((a) => a.playState !== 'running')`

// photo saves a picture of the page and says where.
func (b *tab) photo(name string) string {
	b.t.Helper()
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return fmt.Sprintf("no picture: %v", err)
	}
	path := filepath.Join(pictures, name+".png")
	if err := os.MkdirAll(pictures, 0o755); err != nil {
		return fmt.Sprintf("no picture: %v", err)
	}
	if err := os.WriteFile(path, png, 0o644); err != nil {
		return fmt.Sprintf("no picture: %v", err)
	}
	return "picture e2e/" + path
}
