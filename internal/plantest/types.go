package plantest

import "gocomm/commmgr"

// Flat is what the bench decodes.
type Flat struct {
	Method string  `json:"method"`
	Value  int     `json:"value"`
	X      float64 `json:"x"`
	Name   string  `json:"name"`
	On     bool    `json:"on"`
}

// Numbers has a number of each kind.
type Numbers struct {
	I   int
	I8  int8
	I16 int16
	I32 int32
	I64 int64
	U   uint
	U8  uint8
	U16 uint16
	U32 uint32
	U64 uint64
	P   uintptr
	F32 float32
	F64 float64
}

type (
	name   string
	level  int8
	digit  uint8
	listOf []level
)

// Nested has what holds other values.
type Nested struct {
	Flat    Flat            `json:"flat"`
	Next    *Flat           `json:"next"`
	Twice   **int           `json:"twice"`
	List    []Flat          `json:"list"`
	Lists   [][]int         `json:"lists"`
	Array   [3]int          `json:"array"`
	Strings [2]*string      `json:"strings"`
	Map     map[string]int  `json:"map"`
	Deep    map[name][]Flat `json:"deep,omitempty"`
	Bytes   []byte          `json:"bytes"`
	Digits  []digit         `json:"digits"`
	Four    [4]byte         `json:"four"`
	Blobs   [][]byte        `json:"blobs"`
	Levels  listOf          `json:"levels"`
	Maps    map[string]map[string]*bool
	Empty   struct{}
	Inline  struct {
		A, B string
		C    []struct{ D float32 }
	} `json:"inline"`
}

// Cases has fields whose names differ by their case, and such whose letters have
// unusual ones.
type Cases struct {
	Lower  int `json:"name"`
	Upper  int `json:"NAME"`
	Mixed  string
	Kelvin int `json:"kelvins"` // k and s have a third form each
	Ärger  string
	Straße string
	Σίγμας []int
	Ǆ      int
}

type inner struct {
	A int
	B string `json:"b"`
}

// Inner is embedded in several ways.
type Inner struct {
	A, C int
	D    *Flat
}

type (
	Left   struct{ Both, OnlyLeft int }
	Right  struct{ Both, OnlyRight int }
	Tagged struct {
		Both int `json:"Both"`
	}
	Deeper struct {
		Left
		Deep  int
		Inner `json:"named"`
	}
	Scalar int
)

// Embedded has the fields of others.
type Embedded struct {
	inner
	*Inner
	B int
	Deeper
	*Right
	Scalar
}

// Dominant has one field of several with its name, since that is tagged.
type Dominant struct {
	Left
	Right
	Tagged
}

// Tags has tags of all sorts.
type Tags struct {
	Out     int             `json:"-"`
	Dash    int             `json:"-,"`
	Plain   int             `json:",omitempty"`
	Odd     int             `json:"a.b/c:d e"`
	Bad     int             `json:"it's"`
	Other   string          `yaml:"other" json:"x,omitempty,unknown" toml:"o"`
	NoTag   int             `yaml:"name"`
	Zero    *int            `json:"zero,omitzero"`
	Inner   float32         `json:"inner,omitzero"`
	Pointer *int            `json:"pointer,omitempty"`
	List    []int           `json:"list,omitempty"`
	Map     map[string]bool `json:"map,omitempty"`
	Float   float64         `json:"float,omitempty"`
	Amp     string          `json:"a&b<c>"`
	hidden  int
}

// Types check messages for a type each.
var Types = map[string]func(*commmgr.Message) string{
	"flat":     Check[Flat],
	"numbers":  Check[Numbers],
	"nested":   Check[Nested],
	"cases":    Check[Cases],
	"embedded": Check[Embedded],
	"dominant": Check[Dominant],
	"tags":     Check[Tags],
	"int":      Check[int],
	"uint8":    Check[uint8],
	"float32":  Check[float32],
	"float64":  Check[float64],
	"bool":     Check[bool],
	"string":   Check[string],
	"bytes":    Check[[]byte],
	"ints":     Check[[]int],
	"array":    Check[[3]int],
	"map":      Check[map[string]string],
	"maps":     Check[map[string]Nested],
	"pointer":  Check[*Flat],
	"pointers": Check[[]**name],
	"empty":    Check[struct{}],
}
