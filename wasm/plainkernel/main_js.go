// Command plainkernel is a kernel in memory on a page without Jupyter, for tests: that of package commmgrtest,
// with a widget. The page is the client. It gets the widget's comm by plainPage.opened(comm, data, buffers), sends
// by comm.send(data, buffers), which gives the msg_id, and is sent to by comm.receive(data, buffers, parent msg_id).
// What somebody would do in the kernel is done by plainKernel.
package main

import (
	"encoding/json"
	"fmt"
	"syscall/js"
	"testing"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/widget/commhost"
	"gocomm/widget/widgettest"
)

// traits are those of package widgetprobe's State.
var traits = map[string]any{
	"value": 0, "text": "", "list": []int{1, 2}, "frame": []byte{0, 0, 128, 63}, "bytes": []byte{0, 255},
	"deep": map[string]any{"a": []any{1, "x", []byte{7}}}, "child": "",
}

func main() {
	k := commmgrtest.New(page{}, nil)
	if _, err := k.Manager.RegisterTarget(commhost.Target, opened, nil); err != nil {
		panic(err)
	}
	w := widgettest.NewOn(page{}, k, traits)
	js.Global().Set("plainKernel", map[string]any{
		"set": function(func(args []js.Value) any {
			var traits map[string]any
			must(json.Unmarshal([]byte(args[0].String()), &traits))
			w.Set(traits)
			return nil
		}),
		"send":     function(func(args []js.Value) any { w.Send(json.RawMessage(args[0].String())); return nil }),
		"get":      function(func(args []js.Value) any { return text(w.Get(args[0].String())) }),
		"messages": function(func([]js.Value) any { return text(w.Messages()) }),
		"sent":     function(func([]js.Value) any { return len(k.Sent()) }),
		"errors":   function(func([]js.Value) any { return fmt.Sprint(w.Errors()) }),
	})
	select {}
}

// opened hands the page the client's end of a comm.
func opened(c *commmgr.Comm, open *commmgr.Message) error {
	comm := js.ValueOf(map[string]any{
		"send": function(func(args []js.Value) any {
			id, err := c.Send(&commmgr.Payload{Data: []byte(args[0].String()), Buffers: bytes(args[1])})
			must(err)
			return id
		}),
	})
	c.OnMsg(func(msg *commmgr.Message) error {
		return hand(msg, func(data string, buffers js.Value) { comm.Call("receive", data, buffers, parent(msg)) })
	})
	return hand(open, func(data string, buffers js.Value) { js.Global().Get("plainPage").Call("opened", comm, data, buffers) })
}

// hand gives what a message carries.
func hand(msg *commmgr.Message, f func(data string, buffers js.Value)) error {
	data, err := msg.JSON(commmgr.Data)
	if err != nil {
		return err
	}
	all, err := msg.Buffers()
	if err != nil {
		return err
	}
	buffers := js.Global().Get("Array").New()
	for _, b := range all {
		array := js.Global().Get("Uint8Array").New(len(b))
		js.CopyBytesToJS(array, b)
		buffers.Call("push", array.Get("buffer"))
	}
	f(string(data), buffers)
	return nil
}

// parent is the msg_id of the client's request that a message answers.
func parent(msg *commmgr.Message) string {
	var header struct {
		ID string `json:"msg_id"`
	}
	text, err := msg.JSON(commmgr.ParentHeader)
	must(err)
	must(json.Unmarshal(text, &header))
	return header.ID
}

// bytes copies the binary values of an array: ArrayBuffers or views.
func bytes(array js.Value) (all [][]byte) {
	for i := range array.Length() {
		v, of := array.Index(i), js.Global().Get("Uint8Array")
		if v.Get("buffer").IsUndefined() {
			v = of.New(v)
		} else {
			v = of.New(v.Get("buffer"), v.Get("byteOffset"), v.Get("byteLength"))
		}
		b := make([]byte, v.Length())
		js.CopyBytesToGo(b, v)
		all = append(all, b)
	}
	return all
}

// function is a function of the page, for as long as the page lives.
func function(f func(args []js.Value) any) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any { return f(args) })
}

func text(v any) string {
	b, err := json.Marshal(v)
	must(err)
	return string(b)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// page is the test that the kernel belongs to: it lasts as long as the page, whose console has what has failed.
type page struct{ testing.TB }

func (page) Helper()        {}
func (page) Cleanup(func()) {}
func (page) Errorf(format string, args ...any) {
	js.Global().Get("console").Call("error", fmt.Sprintf(format, args...))
}
func (p page) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (p page) Fatal(args ...any)                 { panic(fmt.Sprint(args...)) }
