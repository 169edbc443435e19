package commhost_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/widget"
	"gocomm/widget/widgettest"
)

// TestAHandlerSeesTheEnd has a handler wait for the widget's end, by each way in which it ends.
func TestAHandlerSeesTheEnd(t *testing.T) {
	for name, end := range map[string]func(w *widgettest.Widget, m *widget.Model[state]){
		"Closed":    func(w *widgettest.Widget, _ *widget.Model[state]) { w.Close() },
		"Kernel":    func(w *widgettest.Widget, _ *widget.Model[state]) { w.Kernel.Restart() },
		"Reload":    func(w *widgettest.Widget, _ *widget.Model[state]) { w.Kernel.Reload() },
		"ClosedBy":  func(w *widgettest.Widget, _ *widget.Model[state]) { _ = w.Kernel.Manager.Comm(w.ID()).Close(nil) },
		"Forgotten": func(_ *widgettest.Widget, m *widget.Model[state]) { m.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			w := widgettest.New(t, map[string]any{"value": 1, "text": "t"})
			m := widgettest.Bind[state](w)
			waits, why := make(chan bool, 1), make(chan error, 1)
			m.ObserveMsg(func(*widget.Msg) error {
				waits <- true
				select {
				case <-m.Done():
					why <- m.Err()
				case <-time.After(5 * time.Second):
					why <- errors.New("it does not see the end")
				}
				return nil
			})
			w.Send("wait")
			receive(t, waits, "the handler")
			end(w, m)
			err := receive(t, why, "the handler's end")
			require.Error(t, err)
			require.NotContains(t, err.Error(), "does not see the end")
			require.ErrorIs(t, m.Update(func(s *state) { s.Value = 2 }), widget.ErrEnded)
			require.ErrorIs(t, m.Send(nil), widget.ErrEnded)
			w.Await("the host to be gone", func() bool { return name == "Forgotten" || w.Widgets.Host(w.ID()) == nil })
		})
	}
}

// TestWhatCameBeforeTheEndIsHandled: what the widget sent before its end, handlers get.
func TestWhatCameBeforeTheEndIsHandled(t *testing.T) {
	w := widgettest.New(t, map[string]any{"value": 1, "text": "t"})
	m := widgettest.Bind[state](w)
	goOn, heard, changed := make(chan bool), make(chan string, 10), make(chan int, 10)
	m.Observe(func(_, now state) { changed <- now.Value })
	m.ObserveMsg(func(msg *widget.Msg) error {
		heard <- string(msg.JSON())
		<-goOn
		return nil
	})
	w.Send(1)
	require.Equal(t, "1", receive(t, heard, "the first message"))
	w.Set(map[string]any{"value": 2})
	w.Send(2)
	w.Close()
	receive(t, m.Done(), "the end")
	require.ErrorIs(t, m.Err(), commmgr.ErrClosedByKernel)
	close(goOn)
	require.Equal(t, 2, receive(t, changed, "the change"))
	require.Equal(t, "2", receive(t, heard, "the second message"))
	require.Equal(t, 2, m.Get().Value)
	require.Empty(t, w.Errors())
}
