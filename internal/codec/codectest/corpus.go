package codectest

import (
	"math/rand/v2"
	"strconv"
)

// Corpus are messages that are to be decoded the same both ways, into each type.
var Corpus = []string{
	`null`, `true`, `false`, `0`, `-0`, `1.5`, `-1`, `127`, `128`, `-129`, `255`, `256`, `1e3`, `1e-7`, `1e21`, `-1e-9`, `3.5e38`, `1e300`,
	`9007199254740991`, `9007199254740992`, `9007199254740993`, `-9007199254740993`, `18446744073709551615`, `16777217`, `0.1`,
	`""`, `"a"`, `"é\u0000\"\\\n"`, `"😀"`, `"\ud800"`, `"\udc00x\ud83d"`, `"\ufeff"`, `"\u2028<&>"`,
	`"nan"`, `"inf"`, `"-inf"`, `"NaN"`, `"Infinity"`, `"-Infinity"`, `"np.float64(nan)"`, `"np.float32(-inf)"`, `"1"`, `"nano"`, `"-"`, `"np.float64()"`, `"Nan"`, `"+inf"`,
	`{"x":"nan"}`, `{"x":"inf","X":"-inf"}`, `{"x":null}`, `{"x":1,"X":null}`, `{"x":"1.5"}`, `{"F32":"-inf","F64":"Infinity"}`, `{"F32":null,"I":"nan"}`, `{"value":"inf"}`, `{"inline":{"C":[{"D":"nan"},{"D":null}]}}`, `{"float":"nan","inner":"inf"}`, `{"a":"nan","b":null,"c":1}`,
	`"AQID"`, `"AQI="`, `"AQ=="`, `"AQ="`, `"A"`, `"AQI=\n"`, `"A\nQ\r=\n="`, `"AQ==x"`, `"A==="`, `"AQ=A"`, `"AQ=\nA"`, `"AQID="`, `"=QID"`, `"AQ*D"`, `"é"`, `"AQIDA"`, `"AQIDBA"`,
	`[]`, `{}`, `[[]]`, `[{}]`, `{"":{}}`, `[1,2,3]`, `[1,2,3,4]`, `[1,"2",3]`, `[1,2,3,"4"]`, `[null,1]`, `["a",null]`, `[1.5]`, `{"a":"b","c":"d"}`, `{"a":null}`, `{"a":1}`,
	`{"method":"update","value":1,"x":1.5,"name":"abc","on":true}`,
	`{"METHOD":"update","Value":1,"X":-1.5,"Name":"abc","oN":true,"other":[{"x":[1]}]}`,
	`{"method":null,"value":null,"x":null,"name":null,"on":null}`,
	`{"next":"2020","value":"2021","lists":["1","x"],"Maps":{"1":"a","-3":"b"},"named":{"a":"1","b":null},"name":[1,{"a":null}],"deep":"2020-01-02T03:04:05Z","on":{"a":[]},"array":[0,0]}`,
	`{"Maps":{"128":"a"}}`, `{"Maps":{"x":"a"}}`, `{"value":2020}`, `{"value":"x"}`, `{"next":null,"value":null,"on":null,"name":null,"deep":null,"x":[null,{"a":1e300,"b":-0.5}]}`,
	`{"next":{"next":{"next":null}},"list":[{"list":[]},{"next":{"value":3}}],"map":{"a":{"value":1},"b":null}}`,
	`{"method":1}`, `{"value":"1"}`, `{"value":1.5}`, `{"x":"1"}`, `{"name":["a"]}`, `{"on":0}`, `{"on":{}}`, `{"value":1e999}`,
	`{"value":1,"VALUE":2,"Value":3}`, `{"1":1,"value":4,"0":0}`,
	`{"I":1,"I8":-128,"I16":-32768,"I32":-2147483648,"I64":-9007199254740991,"U":1,"U8":255,"U16":65535,"U32":4294967295,"U64":9007199254740991,"P":1,"F32":1.1,"F64":1.1}`,
	`{"I8":128}`, `{"U8":256}`, `{"U8":-1}`, `{"I64":9007199254740992}`, `{"U64":-9007199254740993}`, `{"F32":3.5e38}`, `{"I":1e2}`, `{"I":-0}`, `{"U":-0}`, `{"F32":1e-50}`,
	`{"flat":{"value":"x"}}`, `{"flat":{"value":1},"FLAT":{"x":2}}`, `{"next":{"value":1},"Next":{"x":2},"NEXT":null}`, `{"flat":null,"next":null,"list":null,"map":null,"bytes":null}`,
	`{"twice":5}`, `{"twice":null}`, `{"list":[{"value":1},null,{"x":2}]}`,
	`{"list":[{"x":1}],"LIST":[]}`, `{"list":[{"x":1}],"LIST":[],"List":[{},{}]}`, `{"list":{}}`, `{"list":[{"value":1},{"value":"x"}]}`, `{"lists":[[1],[],null,[2,3]]}`, `{"lists":[[1],["x"]]}`, `{"array":[1,2,3,4,"x"]}`, `{"array":"AQID"}`,
	`{"strings":["a",null,1]}`, `{"map":{"a":1,"b":null,"__proto__":3}}`, `{"map":{"a":1},"MAP":{"b":2}}`, `{"map":{"a":"x"}}`, `{"deep":{"k":[{"value":1}],"":null}}`, `{"deep":{"k":[{"value":"x"}]}}`,
	`{"bytes":"AQID"}`, `{"bytes":[1,2,255]}`, `{"bytes":[1,256]}`, `{"bytes":"*"}`, `{"digits":"AQID","DIGITS":[7]}`, `{"four":[1,2]}`, `{"four":"AQID"}`, `{"blobs":["AQ==",null,[1]]}`,
	`{"levels":[1,127]}`, `{"levels":[128]}`, `{"Maps":{"a":{"b":true,"c":null},"d":null}}`, `{"Maps":{"a":{"b":1}}}`, `{"inline":{"A":"a","b":"b","C":[{"D":1},{"d":2}]}}`, `{"inline":{"C":[{"D":"x"}]}}`, `{"Empty":{"a":1}}`, `{"Empty":[]}`,
	`{"name":1,"NAME":2,"Name":3,"nAME":4,"mixed":"a","MIXED":"b"}`, `{"KELVINS":1}`, `{"\u212aelvin\u017f":2}`, `{"\u212aELVINS":3,"kelvin\u017f":4}`, `{"ärger":"a","ÄRGER":"b"}`, `{"strasse":"a","STRAßE":"b","STRAẞE":"c"}`,
	`{"ΣΊΓΜΑΣ":[1],"σίγμασ":[2]}`, `{"ǆ":1,"ǅ":2}`, `{"mixed\ud800":"a"}`, `{"İ":1,"ı":2}`,
	`{"A":1,"b":2,"C":3,"D":{"value":4},"Both":5,"OnlyLeft":6,"OnlyRight":7,"Deep":8,"named":{"A":9},"Scalar":10}`, `{"D":null}`, `{"C":"x"}`, `{"OnlyLeft":"x"}`, `{"named":{"D":{"value":"x"}}}`, `{"OnlyRight":null}`,
	`{"-":1,"Out":2,"Plain":3,"a.b/c:d e":4,"Bad":5,"it's":6,"x":"7","NoTag":8,"zero":0,"inner":-0.0,"pointer":0,"list":[],"map":{},"float":-0.0}`,
	`{"zero":null,"inner":1,"pointer":null,"list":[0],"map":{"a":false},"float":1,"a&b<c>":"<&>","hidden":1}`,
}

var words = []string{"method", "value", "x", "name", "on", "I8", "U64", "F32", "flat", "next", "list", "lists", "array", "strings", "map", "deep", "bytes",
	"digits", "four", "blobs", "levels", "Maps", "inline", "NAME", "Name", "mixed", "KELVINS", "A", "B", "b", "C", "D", "Both", "Deep", "named", "Scalar", "-", "zero", "0", "7", "", "other"}

// Random makes a message, with names and values that mean something to the types.
func Random(r *rand.Rand) string { return random(r, 4) }

func random(r *rand.Rand, depth int) string {
	n := r.IntN(12)
	if depth == 0 {
		n = r.IntN(7)
	}
	switch {
	case n == 0:
		return "null"
	case n == 1:
		return strconv.FormatBool(r.IntN(2) == 0)
	case n <= 3:
		return strconv.Itoa(r.IntN(400) - 130)
	case n == 4:
		return strconv.FormatFloat(r.NormFloat64()*1e3, 'g', -1, 64)
	case n <= 6:
		return []string{`"a"`, `"AQID"`, `"é😀"`, `"\udead"`, `""`, `"nan"`, `"-inf"`}[r.IntN(7)]
	case n <= 8:
		s := "["
		for i := range r.IntN(4) {
			if i > 0 {
				s += ","
			}
			s += random(r, depth-1)
		}
		return s + "]"
	}
	s := "{"
	for i := range r.IntN(7) {
		if i > 0 {
			s += ","
		}
		s += strconv.Quote(words[r.IntN(len(words))]) + ":" + random(r, depth-1)
	}
	return s + "}"
}
