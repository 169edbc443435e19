package jsglue

import "gocomm/commmgr"

const (
	levelLog   = 0
	levelWarn  = 1
	levelError = 2
)

// Log writes a line to the page's console: the text, the message's data as JSON,
// and the message itself, to be unfolded there. msg may be nil.
func Log(text string, msg *commmgr.Message) {
	at := int32(-1)
	if msg != nil {
		data, err := msg.JSON(commmgr.Data)
		if err != nil {
			data = []byte(err.Error())
		} else {
			at = slotOf(msg)
		}
		text += " " + string(data)
	}
	console(levelLog, text, at)
}
