package main

import (
	"context"
	"mime"
	"net"
	"net/http"
	"path/filepath"
	"strings"
)

// webTypes are set by hand: the system's table may lack .wasm, and call a .gz file an encoding.
var webTypes = map[string]string{
	".js":   "text/javascript; charset=utf-8",
	".wasm": "application/wasm",
	".gz":   "application/gzip",
	".html": "text/html; charset=utf-8",
	".ts":   "text/plain; charset=utf-8",
}

// serveWeb serves a folder on 127.0.0.1 to pages of any origin until the context ends, and returns its base URL.
func serveWeb(ctx context.Context, dir string) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	files := http.FileServer(http.Dir(dir))
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Access-Control-Allow-Origin", "*")
		header.Set("Cache-Control", "no-store")
		ext := strings.ToLower(filepath.Ext(r.URL.Path))
		if t, ok := webTypes[ext]; ok {
			header.Set("Content-Type", t)
		} else if t := mime.TypeByExtension(ext); t != "" {
			header.Set("Content-Type", t)
		}
		files.ServeHTTP(w, r)
	})}
	// Owned by the command; ends when the context closes the server.
	go server.Serve(listener)
	context.AfterFunc(ctx, func() { server.Close() })
	return "http://" + listener.Addr().String(), nil
}
