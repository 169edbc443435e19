package main

import (
	"hash/crc32"
	"strconv"
	"syscall/js"
	"unsafe"

	"gocomm/view"
	"gocomm/widget"
)

// A plot draws the newest frame that has come, when the page draws next.
type plot struct {
	m      *widget.Model[State]
	v      *view.View
	canvas js.Value
	status js.Value
	draws  js.Func

	samples []float32
	frame   int  // the number of samples' frame
	shown   int  // the number of the last frame that was drawn
	asked   bool // draw will be called

	// What is drawn on; pixels is copied into image, which has array.
	width, height         int
	columns               []span
	pixels                []byte
	context, array, image js.Value
	color                 string // of the text around, as the page names it
	inked                 rgba   // the same for pixels

	times []float64 // when frames were drawn, within a second
	said  float64   // when the status was written
}

// The drawing's height, in CSS pixels; its width is the cell's.
const tall = 240

func newPlot(m *widget.Model[State], v *view.View) *plot {
	p := &plot{m: m, v: v, canvas: v.Append("canvas"), status: v.Append("output")}
	p.canvas.Get("style").Set("cssText", "display: block; box-sizing: border-box; width: 100%; height: "+strconv.Itoa(tall)+
		"px; border: 1px solid color-mix(in srgb, currentColor 30%, transparent); touch-action: none; cursor: grab;")
	p.canvas.Set("tabIndex", 0)
	p.canvas.Call("setAttribute", "role", "img")
	p.canvas.Call("setAttribute", "aria-label", "samples; arrow keys move, + and - zoom, 0 shows all")
	p.canvas.Set("title", "drag: move, wheel: zoom; arrow keys, + and -, 0: all")
	p.context = p.canvas.Call("getContext", "2d")
	p.draws = js.FuncOf(func(js.Value, []js.Value) any { p.draw(); return nil })
	resized := js.FuncOf(func(js.Value, []js.Value) any { p.redraw(); return nil })
	observer := js.Global().Get("ResizeObserver").New(resized)
	observer.Call("observe", p.canvas)
	v.Defer(func() {
		observer.Call("disconnect")
		resized.Release()
		if !p.asked { // else by the last draw
			p.draws.Release()
		}
	})
	return p
}

// hear takes what Python sends: a frame, or the question for the checksum of the last one.
func (p *plot) hear(msg *widget.Msg) error {
	var said struct {
		Frame int
		Sum   bool
	}
	if err := msg.Decode(&said); err != nil {
		return err
	}
	if said.Sum {
		return p.m.Send(struct{ Frame, Sum uint32 }{uint32(p.frame), crc32.ChecksumIEEE(bytesOf(p.samples))})
	}
	samples, err := widget.Numbers[float32](msg, 0)
	if err != nil {
		return err
	}
	p.samples, p.frame = samples, said.Frame
	p.redraw()
	return nil
}

func bytesOf(samples []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(samples))), 4*len(samples))
}

// redraw has the page draw when it draws next. Frames that come until then take each other's place.
func (p *plot) redraw() {
	if !p.asked && p.v.Err() == nil {
		p.asked = true
		js.Global().Call("requestAnimationFrame", p.draws)
	}
}

func (p *plot) draw() {
	p.asked = false
	if p.v.Err() != nil {
		p.draws.Release()
		return
	}
	if len(p.samples) == 0 || !p.resize() {
		return
	}
	s := p.m.Get()
	spans(p.columns, p.samples, s.Start, s.Stop)
	paint(p.pixels, p.columns, p.height, s.Low, s.High, p.ink())
	js.CopyBytesToJS(p.array, p.pixels)
	p.context.Call("putImageData", p.image, 0, 0)
	if p.frame == p.shown {
		return
	}
	p.shown = p.frame
	p.count()
	// The next frame is on its way already; this one makes room for another.
	_ = p.m.Send(map[string]int{"shown": p.frame}) // it fails when the widget has ended, and then nobody waits
}

// resize adapts what is drawn on to the canvas, in the screen's pixels. It is false when there is nothing to draw on.
func (p *plot) resize() bool {
	ratio := js.Global().Get("devicePixelRatio").Float()
	width, height := int(p.canvas.Get("clientWidth").Float()*ratio), int(p.canvas.Get("clientHeight").Float()*ratio)
	if width <= 0 || height <= 0 {
		return false
	}
	if width != p.width || height != p.height {
		p.width, p.height = width, height
		p.canvas.Set("width", width)
		p.canvas.Set("height", height)
		p.columns, p.pixels = make([]span, width), make([]byte, 4*width*height)
		p.array = js.Global().Get("Uint8ClampedArray").New(len(p.pixels))
		p.image = js.Global().Get("ImageData").New(p.array, width, height)
	}
	return true
}

// ink is the colour of the text around, dark on light or light on dark. It may be of any colour space: the canvas converts it.
func (p *plot) ink() rgba {
	color := js.Global().Call("getComputedStyle", p.v.Root).Get("color").String()
	if color != p.color {
		p.color = color
		p.context.Call("clearRect", 0, 0, 1, 1)
		p.context.Set("fillStyle", color)
		p.context.Call("fillRect", 0, 0, 1, 1)
		js.CopyBytesToGo(p.inked[:], p.context.Call("getImageData", 0, 0, 1, 1).Get("data"))
	}
	return p.inked
}

// count keeps the rate at which frames are drawn, and shows it.
func (p *plot) count() {
	now := js.Global().Get("performance").Call("now").Float()
	for len(p.times) > 0 && p.times[0] < now-1000 {
		p.times = p.times[1:]
	}
	p.times = append(p.times, now)
	if now-p.said > 250 {
		p.said = now
		p.say(float64(len(p.times)))
	}
}
