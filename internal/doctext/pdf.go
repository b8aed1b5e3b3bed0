package doctext

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"

	"github.com/jinyang-city/jinyang/internal/city"
)

// memoryPages bound what a PDF may take: 512 MiB in pages of 64 KiB.
const memoryPages = 8192

// fewest characters of text on the average page of a PDF that is not scanned.
const fewest = 5

// machines makes the machines that read PDFs. The first one is made in seconds,
// of a loaded machine in tens of them, because pdfium is translated for the
// processor; the translation is kept for those that follow. It is freed with the
// last machine when nothing holds it any more.
type machines struct {
	making sync.Mutex // one translation, however many ask at first
	kept   wazero.CompilationCache
}

// start makes a machine, which its caller closes.
func (m *machines) start() (pdfium.Pool, error) {
	m.making.Lock()
	defer m.making.Unlock()
	if m.kept == nil {
		m.kept = wazero.NewCompilationCache()
	}
	pool, err := webassembly.Init(webassembly.Config{MinIdle: 0, MaxIdle: 1, MaxTotal: 1, Stdout: io.Discard, Stderr: io.Discard,
		FSConfig: wazero.NewFSConfig(), // no folder of this machine
		RuntimeConfig: wazero.NewRuntimeConfig().WithCloseOnContextDone(true).WithMemoryLimitPages(memoryPages).
			WithCompilationCache(m.kept)})
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot start the PDF reader: %w", err)
	}
	return pool, nil
}

// read reads the text of a PDF, page by page, in a machine of its own that is
// closed when the time is over, whatever it is doing. The time is the
// document's: making the machine, which no document can draw out, does not count.
func (m *machines) read(ctx context.Context, b []byte, l Limits) (*Document, error) {
	if ctx.Err() != nil {
		return nil, slow(ctx, l.Time)
	}
	pool, err := m.start()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, l.Time)
	defer cancel()
	type answer struct {
		d   *Document
		err error
	}
	done := make(chan answer, 1)
	go func() {
		d, err := pdfText(ctx, pool, b, l)
		done <- answer{d, err}
	}()
	select {
	case a := <-done:
		return a.d, errors.Join(a.err, closed(pool.Close()))
	case <-ctx.Done():
		err := pool.Close() // stops what runs in it
		<-done
		return nil, errors.Join(slow(ctx, l.Time), closed(err))
	}
}

func closed(err error) error {
	if err == nil {
		return nil
	}
	return city.Errorf(city.CodeInternal, "cannot close the PDF reader: %w", err)
}

func slow(ctx context.Context, limit time.Duration) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return city.Errorf(city.CodeUnavailable, "reading the PDF was stopped")
	}
	return city.Errorf(CodeSize, "reading the PDF takes longer than %s", limit).WithHint("give the pages that hold the plan")
}

// pdfText reads all pages. A defect of the reader that shows as a panic is an
// error of the document.
func pdfText(ctx context.Context, pool pdfium.Pool, b []byte, l Limits) (d *Document, err error) {
	defer func() {
		if p := recover(); p != nil {
			d, err = nil, city.Errorf(CodeDocument, "the PDF cannot be read").WithHint("print it to a new PDF, or give its text as .txt")
		}
	}()
	in, err := pool.GetInstance(l.Time)
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot start the PDF reader: %w", err)
	}
	defer in.Close()
	doc, err := in.OpenDocument(&requests.OpenDocument{File: &b})
	if err != nil {
		return nil, badPDF(err)
	}
	count, err := in.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return nil, badPDF(err)
	}
	if count.PageCount > l.Pages {
		return nil, tooLarge("the PDF", int64(l.Pages), "pages")
	}
	return pdfPages(ctx, in, doc.Document, count.PageCount, l)
}

func pdfPages(ctx context.Context, in pdfium.Pdfium, doc references.FPDF_DOCUMENT, pages int, l Limits) (*Document, error) {
	d := &Document{Kind: PDF, Pages: []Page{}}
	var out strings.Builder
	at := 0
	for n := range pages {
		if ctx.Err() != nil {
			return nil, slow(ctx, l.Time)
		}
		p, err := in.GetPageText(&requests.GetPageText{Page: requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: n}}})
		if err != nil {
			return nil, badPDF(err)
		}
		text := strings.ToValidUTF8(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "", "\ufffe", "").Replace(p.Text), "\uFFFD")
		size := utf8.RuneCountInString(text)
		if at+size > l.Characters {
			return nil, tooLarge("the text", int64(l.Characters), "characters")
		}
		d.Pages = append(d.Pages, Page{Number: n + 1, Start: at, End: at + size})
		out.WriteString(text)
		out.WriteByte('\n')
		at += size + 1
	}
	d.Text = out.String()
	if utf8.RuneCountInString(strings.Join(strings.Fields(d.Text), "")) < fewest*max(1, pages) {
		return nil, city.Errorf(CodeScanned, "the PDF holds pictures of pages and no text").WithHint("have its text recognised, or give the text as .txt or .docx")
	}
	return d, nil
}

func badPDF(err error) error {
	if errors.Is(err, pdferrors.ErrPassword) {
		return city.Errorf(CodeLocked, "the PDF needs a password").WithHint("save it without one")
	}
	return city.Errorf(CodeDocument, "the PDF is damaged: %w", err).WithHint("print it to a new PDF, or give its text as .txt")
}
