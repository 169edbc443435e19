//go:build !js

package main

func main() { println("this program is for a page: GOOS=js GOARCH=wasm go build") }
