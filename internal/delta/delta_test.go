package delta

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// program is some bytes that are not alike.
func program(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func TestMakeAndApply(t *testing.T) {
	base := program(1, 10_000)
	shifted := bytes.Clone(base)
	for i := 0; i < len(shifted); i += 20 {
		shifted[i]++
	}
	for name, target := range map[string][]byte{
		"the same":         base,
		"nothing":          nil,
		"another":          program(2, 5_000),
		"short":            {1, 2, 3},
		"more at the end":  append(bytes.Clone(base), program(3, 100)...),
		"less at the end":  base[:9_000],
		"something before": append(program(4, 100), base...),
		"less before":      base[1_000:],
		"two halves":       append(bytes.Clone(base[5_000:]), base[:5_000]...),
		"twice":            append(bytes.Clone(base), base...),
		"other numbers":    shifted,
		"zeros":            make([]byte, 20_000),
	} {
		t.Run(name, func(t *testing.T) {
			made, err := Apply(base, Make(base, target))
			require.NoError(t, err)
			require.True(t, bytes.Equal(target, made))
			made, err = Apply(nil, Make(nil, target))
			require.NoError(t, err)
			require.True(t, bytes.Equal(target, made))
		})
	}
}

// What is like the other program takes few new bytes.
func TestPiecesAreFound(t *testing.T) {
	base := program(1, 10_000)
	target := bytes.Clone(base[3_000:])
	for i := 0; i < len(target); i += 20 {
		target[i]++
	}
	made := Make(base, target)
	rest := len(made) - len(target) // one difference for each byte
	require.Less(t, rest, 100, "steps and new bytes")
}

func TestDamaged(t *testing.T) {
	base, target := program(1, 1_000), append(program(1, 900), program(2, 100)...)
	made := Make(base, target)
	for n := range made {
		_, err := Apply(base, made[:n])
		require.Error(t, err, "the first %d bytes", n)
	}
	_, err := Apply(base[:500], made)
	require.ErrorContains(t, err, "it is for another program than this one of 500 bytes")
}

func FuzzApply(f *testing.F) {
	base := program(1, 300)
	f.Add(Make(base, base[50:]))
	f.Add(Make(base, append(program(2, 30), base...)))
	f.Fuzz(func(t *testing.T, delta []byte) {
		made, err := Apply(base, delta)
		if err == nil {
			require.LessOrEqual(t, len(made), len(delta)+len(base))
		}
	})
}

func FuzzMake(f *testing.F) {
	f.Add([]byte("what was there before"), []byte("what was not there before"))
	f.Fuzz(func(t *testing.T, base, target []byte) {
		made, err := Apply(base, Make(base, target))
		require.NoError(t, err)
		require.True(t, bytes.Equal(target, made))
	})
}
