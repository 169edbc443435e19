//lint:file-ignore U1000 JavaScript calls the exports.

// Package texts is the smallest host, as docs/hosts.md shows it.
package texts

import "gocomm/internal/border"

//go:wasmimport gocomm_texts reply
func reply(text string) int32

//go:wasmexport gocomm_text
func receive(seq, staged int32) int32 {
	text := string(border.Staged(staged)) // in the export, because the number is valid once
	go func() { handle(text) }()          // an export must not wait; a goroutine may
	return border.Answer(seq)
}

var handle func(text string)

// Reply sends a text to the page. The error is the page's.
func Reply(text string) error { return border.Result(reply(text)) }

// Run calls h for each text, and does not return.
func Run(h func(text string)) {
	handle = h
	if !border.Hello() {
		return // the page has been told that the versions differ
	}
	border.Ready("")
	select {}
}
