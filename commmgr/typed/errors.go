package typed

import "gocomm/internal/codec"

// MaxDepth is how deep values may be nested, as Python's json makes them by default.
// More would use up the stack of a program on a page, which is the program's end.
const MaxDepth = codec.MaxDepth

var (
	// ErrTooDeep: a value is nested more than [MaxDepth] deep, or contains itself.
	ErrTooDeep = codec.ErrTooDeep
	// ErrInexact: an integer is 2^53 or more, or -2^53 or less, where JavaScript's
	// numbers are not exact: on a page it may have been another one in the kernel, or
	// would become one there. Natively such integers are decoded and sent as they are.
	ErrInexact = codec.ErrInexact
	// ErrNotJSON: an object of the page's has a value that JSON cannot have: a BigInt, or NaN or
	// an infinity where no float is wanted.
	ErrNotJSON = codec.ErrNotJSON
	// ErrNoCodec: values of a type cannot be sent and received, or only where the program
	// imports gocomm/alltypes. The text says which.
	ErrNoCodec = codec.ErrNoCodec
)

// A FieldError names the value that does not fit a Go type, or JSON.
type FieldError = codec.FieldError
