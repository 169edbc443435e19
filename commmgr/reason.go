package commmgr

import "unicode/utf16"

// reasonData is the data of a comm_close that the manager sends on its own:
// {"reason": text}.
func reasonData(err error) []byte {
	const hex = "0123456789abcdef"
	b := []byte(`{"reason":"`)
	unit := func(u uint16) {
		b = append(b, '\\', 'u', hex[u>>12], hex[u>>8&15], hex[u>>4&15], hex[u&15])
	}
	for _, r := range err.Error() {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r >= 0x20 && r < 0x7f:
			b = append(b, byte(r))
		case r <= 0xffff:
			unit(uint16(r))
		default:
			hi, lo := utf16.EncodeRune(r)
			unit(uint16(hi))
			unit(uint16(lo))
		}
	}
	return append(b, `"}`...)
}
