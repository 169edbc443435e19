package commhost_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/jsonmsg"
	"gocomm/internal/hosttest"
	"gocomm/internal/widgetprobe"
	"gocomm/widget/widgettest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// kernel is a [hosttest.Kernel].
type kernel struct {
	t *testing.T
	w *widgettest.Widget
}

func (k kernel) Set(traits map[string]any)           { k.w.Set(traits) }
func (k kernel) Send(content any, buffers ...[]byte) { k.w.Send(content, buffers...) }
func (k kernel) Get(trait string) any                { return k.w.Get(trait) }
func (k kernel) Close()                              { k.w.Close() }

func (k kernel) Gap(traits map[string]any) {
	k.w.Kernel.Drop()
	k.w.Set(traits)
	k.w.Kernel.Flush()
	k.w.Kernel.Reconnect(1)
}

func (k kernel) Messages() (contents []map[string]any, buffers [][][]byte) {
	for _, m := range k.w.Messages() {
		contents, buffers = append(contents, m.Content.(map[string]any)), append(buffers, m.Buffers)
	}
	return contents, buffers
}

func (k kernel) Errors() (texts []string) {
	for _, err := range k.w.Errors() {
		texts = append(texts, err.Error())
	}
	return texts
}

func (k kernel) Another(traits map[string]any) (string, hosttest.Kernel) {
	w := k.w.Another(traits)
	return w.ID(), kernel{k.t, w}
}

func TestHost(t *testing.T) {
	for name, prepare := range map[string]func(*widgettest.Widget){
		"Echo":   func(*widgettest.Widget) {},
		"NoEcho": (*widgettest.Widget).NoEcho,
	} {
		t.Run(name, func(t *testing.T) {
			hosttest.Run(t, func(t *testing.T, traits map[string]any) hosttest.Kernel {
				w := widgettest.New(t, traits)
				prepare(w)
				widgetprobe.Run(widgettest.Bind[widgetprobe.State](w))
				return kernel{t, w}
			})
		})
	}
}

// message is a comm_msg of the kernel's, that comes at once.
func message(t *testing.T, id string, data any) *commmgr.Message { return reply(t, id, "", data) }

// reply is a message with a request as its parent.
func reply(t *testing.T, id, parent string, data any) *commmgr.Message {
	text, err := json.Marshal(map[string]any{
		"header": map[string]any{"msg_type": "comm_msg"}, "parent_header": map[string]any{"msg_id": parent}, "metadata": map[string]any{},
		"content": map[string]any{"comm_id": id, "data": data},
	})
	require.NoError(t, err)
	return jsonmsg.Parse(text, nil, commmgrtest.Session)
}
