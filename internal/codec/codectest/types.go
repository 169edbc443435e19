package codectest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"gocomm/commmgr"
)

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
	I   int     `json:"I"`
	I8  int8    `json:"I8"`
	I16 int16   `json:"I16"`
	I32 int32   `json:"I32"`
	I64 int64   `json:"I64"`
	U   uint    `json:"U"`
	U8  uint8   `json:"U8"`
	U16 uint16  `json:"U16"`
	U32 uint32  `json:"U32"`
	U64 uint64  `json:"U64"`
	P   uintptr `json:"P"`
	F32 float32 `json:"F32"`
	F64 float64 `json:"F64"`
}

type (
	name   string
	level  int8
	digit  uint8
	listOf []level
)

// Nested has what holds other values.
type Nested struct {
	Flat    Flat                        `json:"flat"`
	Next    *Flat                       `json:"next"`
	Twice   **int                       `json:"twice"`
	List    []Flat                      `json:"list"`
	Lists   [][]int                     `json:"lists"`
	Array   [3]int                      `json:"array"`
	Strings [2]*string                  `json:"strings"`
	Map     map[string]int              `json:"map"`
	Deep    map[name][]Flat             `json:"deep,omitempty"`
	Bytes   []byte                      `json:"bytes"`
	Digits  []digit                     `json:"digits"`
	Four    [4]byte                     `json:"four"`
	Blobs   [][]byte                    `json:"blobs"`
	Levels  listOf                      `json:"levels"`
	Maps    map[string]map[string]*bool `json:"Maps"`
	Empty   struct{}                    `json:"Empty"`
	Inline  struct {
		A string `json:"A"`
		B string `json:"B"`
		C []struct {
			D float32 `json:"D"`
		} `json:"C"`
	} `json:"inline"`
}

// Cases has fields whose names differ by their case, and such whose letters have
// unusual ones.
type Cases struct {
	Lower  int    `json:"name"`
	Upper  int    `json:"NAME"`
	Mixed  string `json:"Mixed"`
	Kelvin int    `json:"kelvins"` // k and s have a third form each
	Ärger  string `json:"Ärger"`
	Straße string `json:"Straße"`
	Σίγμας []int  `json:"Σίγμας"`
	Ǆ      int    `json:"Ǆ"`
}

type inner struct {
	A int    `json:"A"`
	B string `json:"b"`
}

// Inner is embedded in several ways.
type Inner struct {
	A int   `json:"A"`
	C int   `json:"C"`
	D *Flat `json:"D"`
}

type (
	Left struct {
		Both     int `json:"Both"`
		OnlyLeft int `json:"OnlyLeft"`
	}
	Right struct {
		Both      int `json:"Both"`
		OnlyRight int `json:"OnlyRight"`
	}
	Deeper struct {
		Left
		Deep  int `json:"Deep"`
		Inner `json:"named"`
	}
	Scalar int
)

// Embedded has the fields of others.
type Embedded struct {
	inner
	*Inner
	B int `json:"B"`
	Deeper
	*Right
	Scalar `json:"Scalar"`
}

type (
	up struct {
		Both int
		Up   int `json:"Up"`
	}
	down struct {
		Both int
		Down int `json:"Down"`
	}
	Named struct {
		Both int `json:"both"`
	}
)

// Dominant has one field of several with its name, since that is tagged.
type Dominant struct {
	up
	down
	Named
}

// Tags has tags of all sorts.
type Tags struct {
	Out     int             `json:"-"`
	Dash    int             `json:"-,"`
	Plain   int             `json:"Plain,omitempty"`
	Odd     int             `json:"a.b/c:d e"`
	Other   string          `yaml:"other" json:"x,omitempty,unknown" toml:"o"`
	NoTag   int             `yaml:"name" validate:"^\\d+$" json:"NoTag"`
	Zero    *int            `json:"zero,omitzero"`
	Inner   float32         `json:"inner,omitzero"`
	Pointer *int            `json:"pointer,omitempty"`
	List    []int           `json:"list,omitempty"`
	Map     map[string]bool `json:"map,omitempty"`
	Float   float64         `json:"float,omitempty"`
	Amp     string          `json:"a&b<c>"`
	hidden  int             //lint:ignore U1000 unexported fields are no members, also where a message has one
}

// A Date has methods for JSON, and for its use as a text.
type Date struct{ Year int }

func (d Date) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%d", d.Year), nil }

// UnmarshalText takes a year.
func (d *Date) UnmarshalText(text []byte) (err error) {
	d.Year, err = strconv.Atoi(string(text))
	return err
}

// An Odd number is written as text, and read in any way.
type Odd int

func (o *Odd) UnmarshalJSON(text []byte) error {
	*o = Odd(len(text) | 1)
	return nil
}

// List contains itself.
type List struct {
	Value int              `json:"value"`
	Next  *List            `json:"next"`
	Below []List           `json:"list"`
	By    map[string]*List `json:"map"`
}

// Special has what needs the import of alltypes on a page.
type Special struct {
	Any    any              `json:"x"`
	List   []any            `json:"list"`
	Map    map[string]any   `json:"map"`
	Ints   map[int8]string  `json:"Maps"`
	Raw    json.RawMessage  `json:"name"`
	Date   Date             `json:"value"`
	Next   *Date            `json:"next"`
	Dates  []Date           `json:"lists"`
	Odd    Odd              `json:"on"`
	Zero   [2]int           `json:"array,omitzero"`
	Time   time.Time        `json:"deep,omitzero"`
	ByName map[string]*Date `json:"named"`
}

// Types check messages for a type each.
var Types = map[string]func(*commmgr.Message) string{
	"flat":      Check[Flat],
	"numbers":   Check[Numbers],
	"nested":    Check[Nested],
	"cases":     Check[Cases],
	"embedded":  Check[Embedded],
	"dominant":  Check[Dominant],
	"tags":      Check[Tags],
	"int":       Check[int],
	"uint8":     Check[uint8],
	"float32":   Check[float32],
	"float64":   Check[float64],
	"bool":      Check[bool],
	"string":    Check[string],
	"bytes":     Check[[]byte],
	"ints":      Check[[]int],
	"array":     Check[[3]int],
	"map":       Check[map[string]string],
	"floats":    Check[[]float64],
	"float map": Check[map[string]float32],
	"maps":      Check[map[string]Nested],
	"pointer":   Check[*Flat],
	"pointers":  Check[[]**name],
	"empty":     Check[struct{}],
	"list":      Check[List],
	"special":   Check[Special],
	"any":       Check[any],
}
