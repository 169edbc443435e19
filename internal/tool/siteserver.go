package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// A siteServer is a file server that hears of each request that its pages, their workers among them, would make elsewhere: its answers forbid
// such requests, and have the browser report them.
type siteServer struct {
	base string // of the site, with a slash at its end
	path string // of the base

	mu      sync.Mutex // protects what follows
	outside []string   // what was asked for elsewhere
	missing []string   // what the pages asked for and the folder does not have
}

const (
	reportPath = "/content-security-policy"
	sitePolicy = "default-src 'self' blob: data: 'unsafe-inline' 'unsafe-eval'; report-uri " + reportPath
)

// serveSite serves a folder on 127.0.0.1, below a path, until the context ends.
func serveSite(ctx context.Context, dir, path string) (*siteServer, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &siteServer{base: "http://" + listener.Addr().String() + path, path: path}
	files := http.StripPrefix(path, http.FileServer(http.Dir(dir)))
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == reportPath:
			s.report(r.Body)
		case strings.HasPrefix(r.URL.Path, path):
			w.Header().Set("Content-Security-Policy", sitePolicy)
			files.ServeHTTP(&noting{ResponseWriter: w, path: r.URL.Path, site: s}, r)
		case r.URL.Path == "/favicon.ico": // browsers ask each server for it
			w.WriteHeader(http.StatusNoContent)
		default:
			note(s, &s.missing, r.URL.Path)
			http.NotFound(w, r)
		}
	})}
	// Owned by the command; ends when the context closes the server.
	go server.Serve(listener)
	context.AfterFunc(ctx, func() { server.Close() })
	return s, nil
}

// report takes the browser's word that it has stopped a request.
func (s *siteServer) report(body io.Reader) {
	var violation struct {
		Report struct {
			Blocked   string `json:"blocked-uri"`
			Directive string `json:"effective-directive"`
			Document  string `json:"document-uri"`
		} `json:"csp-report"`
	}
	if err := json.NewDecoder(body).Decode(&violation); err != nil {
		violation.Report.Blocked = "unreadable report: " + err.Error()
	}
	r := violation.Report
	note(s, &s.outside, r.Blocked+" ("+r.Directive+", of "+r.Document+")")
}

// asked is an error if the pages asked for what the site does not have.
func (s *siteServer) asked() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var missing, outside error
	if len(s.missing) > 0 {
		missing = fmt.Errorf("the site's pages asked for files that it does not have: %s", strings.Join(s.missing, ", "))
	}
	if len(s.outside) > 0 {
		outside = fmt.Errorf("the site's pages wanted to ask other servers: %s", strings.Join(s.outside, ", "))
	}
	return errors.Join(missing, outside)
}

func note(s *siteServer, list *[]string, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(*list, what) {
		*list = append(*list, what)
	}
}

// noting notes files that are not there.
type noting struct {
	http.ResponseWriter
	path string
	site *siteServer
}

func (n *noting) WriteHeader(status int) {
	if status == http.StatusNotFound && !strings.HasSuffix(n.path, ".wasm.br") { // not every program has a form in brotli
		note(n.site, &n.site.missing, n.path)
	}
	n.ResponseWriter.WriteHeader(status)
}
