package codec

// snake spells a Go name as Python does: MaxItems is max_items, ID is id.
func snake(name string) string {
	var b []byte
	for i := range len(name) {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			after := i > 0 && !upper(name, i-1)
			before := i > 0 && i+1 < len(name) && !upper(name, i+1)
			if after || before {
				b = append(b, '_')
			}
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return string(b)
}

func upper(s string, i int) bool { return s[i] >= 'A' && s[i] <= 'Z' || s[i] == '_' }
