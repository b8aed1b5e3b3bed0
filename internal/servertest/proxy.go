package servertest

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Proxy passes connections on to a server, until a test has it misbehave. What
// it is told counts for the connections that are open and for later ones.
type Proxy struct {
	listener net.Listener
	target   string
	wait     sync.WaitGroup

	mu      sync.Mutex
	hang    chan struct{} // closed to hang
	reached chan struct{} // closed when something came to a proxy that hangs
	refuse  bool
	left    int64 // bytes from the server before the cut; negative for no cut
	conns   map[net.Conn]bool
	stopped chan struct{}
}

// NewProxy starts a proxy before the server at an address. It ends with the test.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{
		listener: l, target: target, left: -1, conns: map[net.Conn]bool{},
		hang: make(chan struct{}), reached: make(chan struct{}), stopped: make(chan struct{}),
	}
	p.wait.Go(p.accept)
	t.Cleanup(p.stop)
	return p
}

// Addr is where the proxy listens, as host:port.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Port is the port that the proxy listens on.
func (p *Proxy) Port() int { return p.listener.Addr().(*net.TCPAddr).Port }

// Hang has the proxy keep connections open and pass nothing on. The channel
// closes when a client has connected, or sent something, after that.
func (p *Proxy) Hang() <-chan struct{} {
	close(p.hang)
	return p.reached
}

// Refuse has the proxy close every new connection, or accept them again.
func (p *Proxy) Refuse(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = on
}

// CutAfter has the proxy break all connections once the server has sent that
// many bytes from now on. A negative number passes everything on again.
func (p *Proxy) CutAfter(bytes int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = bytes
}

func (p *Proxy) accept() {
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return // stopped
		}
		if !p.keep(c) {
			_ = c.Close() // refused
			continue
		}
		p.wait.Go(func() { p.serve(c) })
	}
}

// keep remembers a connection, to be broken later.
func (p *Proxy) keep(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refuse {
		return false
	}
	p.conns[c] = true
	return true
}

func (p *Proxy) serve(client net.Conn) {
	defer p.drop(client)
	if p.hangs() {
		p.hold()
		return
	}
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	p.mu.Lock()
	p.conns[server] = true
	p.mu.Unlock()
	defer p.drop(server)
	var both sync.WaitGroup
	both.Go(func() { p.pass(server, client, false); p.drop(server) })
	both.Go(func() { p.pass(client, server, true); p.drop(client) })
	both.Wait()
}

// pass copies one direction until it ends, is cut or hangs.
func (p *Proxy) pass(to io.Writer, from io.Reader, counted bool) {
	buf := make([]byte, 8<<10)
	for {
		n, err := from.Read(buf)
		if p.hangs() {
			p.hold()
			return
		}
		if counted {
			n = p.allowed(n)
		}
		if _, werr := to.Write(buf[:max(n, 0)]); err != nil || werr != nil || n < 0 {
			return
		}
	}
}

// allowed says how many of n bytes may still pass; negative when the cut is
// reached.
func (p *Proxy) allowed(n int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.left < 0 {
		return n
	}
	if int64(n) > p.left {
		return -1
	}
	p.left -= int64(n)
	return n
}

func (p *Proxy) hangs() bool {
	select {
	case <-p.hang:
		return true
	default:
		return false
	}
}

// hold tells that a client waits, and keeps it waiting.
func (p *Proxy) hold() {
	p.mu.Lock()
	select {
	case <-p.reached:
	default:
		close(p.reached)
	}
	p.mu.Unlock()
	<-p.stopped
}

func (p *Proxy) drop(c net.Conn) {
	p.mu.Lock()
	delete(p.conns, c)
	p.mu.Unlock()
	_ = c.Close() // it may be closed already
}

func (p *Proxy) stop() {
	close(p.stopped)
	_ = p.listener.Close() // what is being torn down does not matter
	p.mu.Lock()
	for c := range p.conns {
		_ = c.Close()
	}
	p.mu.Unlock()
	p.wait.Wait()
}

// Break breaks all connections that are open, and returns when they are gone.
func (p *Proxy) Break() {
	p.mu.Lock()
	for c := range p.conns {
		_ = c.Close() // it is being broken
	}
	p.mu.Unlock()
}
