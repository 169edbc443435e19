//go:build measure

// Command empty does nothing: it is the floor of what a Go program on a page costs,
// against which the bench measures size and time to load.
package main

func main() {}
