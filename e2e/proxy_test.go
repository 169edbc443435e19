package e2e

import (
	"bytes"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// asideSession is the session of the connections that [paper.aside] makes, which stay.
const asideSession = "aside"

// A proxy lies between a page and its server, and cuts kernels' websockets as a
// network does.
type proxy struct {
	listener net.Listener
	server   string
	work     sync.WaitGroup // the goroutines of its connections; they end when it is closed

	mu      sync.Mutex // protects what follows
	links   map[*link]bool
	closed  bool
	allowed chan struct{} // closed while kernels' websockets may be opened
}

// A link is a connection of the browser's and the one to the server that it is passed on to.
type link struct {
	browser, server *net.TCPConn
	socket          bool // it is a kernel's websocket
}

func newProxy(t *testing.T, h *host) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{listener: listener, server: strings.TrimPrefix(h.URL(), "http://"), links: map[*link]bool{}, allowed: make(chan struct{})}
	close(p.allowed)
	p.work.Go(p.accept)
	t.Cleanup(p.close)
	return p
}

// through gives the address by which the browser gets to a page of the server's.
func (p *proxy) through(url string) string {
	return strings.Replace(url, p.server, p.listener.Addr().String(), 1)
}

// cut closes the kernels' websockets, in an orderly way or by a reset, and lets no
// other be opened until it is mended.
func (p *proxy) cut(reset bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.allowed = make(chan struct{})
	for l := range p.links {
		if !l.socket {
			continue
		}
		if reset {
			_ = l.browser.SetLinger(0)
			_ = l.server.SetLinger(0)
		}
		l.close()
	}
}

func (p *proxy) mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.allowed:
	default:
		close(p.allowed)
	}
}

func (p *proxy) close() {
	p.mend()
	p.mu.Lock()
	p.closed = true
	p.listener.Close()
	for l := range p.links {
		l.close()
	}
	p.mu.Unlock()
	p.work.Wait()
}

func (p *proxy) accept() {
	for {
		browser, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.work.Go(func() { p.connect(browser.(*net.TCPConn)) })
	}
}

func (p *proxy) connect(browser *net.TCPConn) {
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		browser.Close()
		return
	}
	l := &link{browser: browser, server: server.(*net.TCPConn)}
	p.mu.Lock()
	p.links[l] = true
	if p.closed {
		l.close()
	}
	p.mu.Unlock()
	p.work.Go(func() {
		pass(l.browser, l.server, func([]byte) {})
		l.close()
	})
	pass(l.server, l.browser, func(b []byte) { p.look(l, b) })
	l.close()
	p.mu.Lock()
	delete(p.links, l)
	p.mu.Unlock()
}

// look waits with the request for a kernel's websocket while there may be none.
func (p *proxy) look(l *link, b []byte) {
	if !bytes.HasPrefix(b, []byte("GET ")) || !bytes.Contains(b, []byte("/channels?")) || bytes.Contains(b, []byte("session_id="+asideSession)) {
		return
	}
	p.mu.Lock()
	l.socket = true
	allowed := p.allowed
	p.mu.Unlock()
	<-allowed
}

func (l *link) close() {
	_ = errors.Join(l.browser.Close(), l.server.Close())
}

func pass(to, from *net.TCPConn, look func([]byte)) {
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			look(buf[:n])
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
