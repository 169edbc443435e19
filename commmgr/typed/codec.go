package typed

// A Codec puts encoding/json at this package's disposal, for types that have no
// plan; package gocomm/commmgr/typed/jsoncodec has the one there is.
type Codec struct {
	Marshal   func(v any) ([]byte, error)
	Unmarshal func(data []byte, v any) error
	// Mismatch reads an error of Unmarshal's about a value that does not fit its type.
	Mismatch func(err error) (field, value, goType string, ok bool)
}

// codec is the program's, if it has one.
var codec *Codec

// UseCodec sets the codec of the program. It is to be called from an init function.
// Native programs have it set.
func UseCodec(c Codec) { codec = &c }
