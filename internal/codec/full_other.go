//go:build !js

package codec

// A native program gets its messages as JSON text, and may be large.
func init() { UseAll() }
