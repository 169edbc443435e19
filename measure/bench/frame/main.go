//go:build measure && !js

package main

func main() {}
