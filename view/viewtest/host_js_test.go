package viewtest

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/internal/hosttest"
	"gocomm/internal/pagetest"
)

// A kernel is a [hosttest.Kernel] on a page; its widget is a name there.
type kernel struct {
	t        *testing.T
	p        *pagetest.Page
	w        string
	contents []map[string]any
	buffers  [][][]byte
}

// mark makes values for the page: binary ones have a mark there.
func mark(t *testing.T, v any) string {
	text, err := json.Marshal(bytesIn(v))
	require.NoError(t, err)
	return string(text)
}

func bytesIn(v any) any {
	switch v := v.(type) {
	case []byte:
		numbers := make([]int, len(v))
		for i, b := range v {
			numbers[i] = int(b)
		}
		return map[string]any{"$bytes": numbers}
	case map[string]any:
		m := map[string]any{}
		for k, x := range v {
			m[k] = bytesIn(x)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, x := range v {
			l[i] = bytesIn(x)
		}
		return l
	}
	return v
}

// unmark undoes mark.
func unmark(v any) any {
	switch v := v.(type) {
	case []any:
		for i, x := range v {
			v[i] = unmark(x)
		}
	case map[string]any:
		if numbers, ok := v["$bytes"].([]any); ok {
			b := make([]byte, len(numbers))
			for i, n := range numbers {
				b[i] = byte(n.(float64))
			}
			return b
		}
		for k, x := range v {
			v[k] = unmark(x)
		}
	}
	return v
}

func (k *kernel) Set(traits map[string]any) {
	k.p.Run(fmt.Sprintf(`state.%s.model.assign(revive(%s))`, k.w, mark(k.t, traits)))
}

func (k *kernel) Send(content any, buffers ...[]byte) {
	all := make([]any, len(buffers))
	for i, b := range buffers {
		all[i] = b
	}
	k.p.Run(fmt.Sprintf(`state.%s.send(%s, revive(%s))`, k.w, mark(k.t, content), mark(k.t, all)))
}

func (k *kernel) Get(trait string) any {
	return unmark(k.p.Run(fmt.Sprintf(`return plain(state.%s.model.kernel[%q])`, k.w, trait)))
}

func (k *kernel) Messages() ([]map[string]any, [][][]byte) {
	var more []struct {
		Content map[string]any
		Buffers []any
	}
	k.p.Get(&more, fmt.Sprintf(`return plain(state.%s.model.messages.slice(%d))`, k.w, len(k.contents)))
	for _, m := range more {
		k.contents = append(k.contents, m.Content)
		buffers := [][]byte{}
		for _, b := range m.Buffers {
			buffers = append(buffers, unmark(b).([]byte))
		}
		k.buffers = append(k.buffers, buffers)
	}
	return k.contents, k.buffers
}

func (k *kernel) Errors() (texts []string) {
	k.p.Get(&texts, `return errors()`)
	return texts
}

func (k *kernel) Another(traits map[string]any) (string, hosttest.Kernel) {
	id := k.p.Run(fmt.Sprintf(`state.other = widget(null, revive(%s)); return state.other.id`, mark(k.t, traits)))
	return id.(string), &kernel{t: k.t, p: k.p, w: "other"}
}

func (k *kernel) Gap(traits map[string]any) {
	k.p.Run(fmt.Sprintf(`gap(() => Object.assign(state.%s.model.kernel, revive(%s)))`, k.w, mark(k.t, traits)))
}

func (k *kernel) Close() { k.p.Run(fmt.Sprintf(`state.%s.end()`, k.w)) }

func TestHost(t *testing.T) {
	hosttest.Run(t, func(t *testing.T, traits map[string]any) hosttest.Kernel {
		p := pagetest.Open(t, "afm-page.js")
		p.Run(fmt.Sprintf(`state.w = widget(afm.program(source("widgetprobe")), revive(%s))`, mark(t, traits)))
		return &kernel{t: t, p: p, w: "w"}
	})
}
