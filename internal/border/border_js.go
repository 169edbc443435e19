package border

import (
	_ "syscall/js" // sets the runtime's event handler: without it the first wake-up is a nil dereference
	"unsafe"
)

// version is that of the functions of this border and of the hosts on it: they are built
// together. web/runtime/abi.js has the same.
const version = 12

// ScratchSize is the size of [Scratch] in bytes.
const ScratchSize = 512

// Scratch is memory that JavaScript writes short texts to, before it calls an export.
var Scratch [ScratchSize]byte

// Hello begins the program. It is false when the page's JavaScript is of another version,
// which the page has been told.
func Hello() bool { return hello(version, unsafe.Pointer(&Scratch), ScratchSize) >= 0 }

// Ready ends the program's start. A failure other than "" is why it cannot be used.
func Ready(failure string) { ready(failure) }

const tag = 0x5a5a5a

// Answer is what an exported function returns that was called with the number seq: the
// number, changed. A program that has died goes on returning numbers, but not these.
func Answer(seq int32) int32 { return (seq ^ tag) << 8 }

// A Level is that of a line on the page's console.
type Level int32

// The levels of console.log, console.warn and console.error.
const (
	Log Level = iota
	Warn
	Error
)

// Console writes a line to the page's console, with the object of a slot unless that is [None].
func Console(level Level, text string, at Slot) { console(level, text, at) }

// NewID gives 128 random bits in hexadecimal.
func NewID() string {
	const hex = "0123456789abcdef"
	var b [16]byte
	random(unsafe.Pointer(&b), int32(len(b)))
	s := make([]byte, 0, 2*len(b))
	for _, x := range b {
		s = append(s, hex[x>>4], hex[x&15])
	}
	return string(s)
}
