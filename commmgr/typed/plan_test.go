package typed_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/internal/plantest"
)

// planned holds a type's plan and encoding/json to the same results.
func planned(t *testing.T, typ, data string) {
	msg, err := plantest.Parsed([]byte(data))
	if err != nil {
		return // no page would have it
	}
	if diff := plantest.Types[typ](msg); diff != "" {
		t.Errorf("%s: %s", typ, diff)
	}
	require.Equal(t, 1, msg.Body.(*plantest.Body).Plans, "%s was not decoded by its plan", typ)
}

func TestPlanAsJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	texts := append([]string(nil), plantest.Corpus...)
	for range 1000 {
		texts = append(texts, plantest.Random(r))
	}
	for typ := range plantest.Types {
		t.Run(typ, func(t *testing.T) {
			for _, text := range texts {
				planned(t, typ, text)
			}
		})
	}
}

func FuzzPlanAsJSON(f *testing.F) {
	for _, text := range plantest.Corpus {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for typ := range plantest.Types {
			planned(t, typ, string(data))
		}
	})
}
