// Package dashboard is Python's. It is a Go package too, because of `go build ./...`: that would write a program which stands
// alone into the project, under the name that this folder has.
package dashboard
