package jsglue

import (
	"gocomm/commmgr"
	"gocomm/internal/border"
)

// Log, Warn and Error write a line to the page's console, by console.log, console.warn or
// console.error: the text, the message's data as JSON, and the message itself, to be
// unfolded there. Where msg is nil, the line is the text alone.
func Log(text string, msg *commmgr.Message) { write(border.Log, text, msg) }

// Warn is like [Log], for what is unusual but no failure.
func Warn(text string, msg *commmgr.Message) { write(border.Warn, text, msg) }

// Error is like [Log], for failures.
func Error(text string, msg *commmgr.Message) { write(border.Error, text, msg) }

func write(level border.Level, text string, msg *commmgr.Message) {
	at := border.None
	if msg != nil {
		data, err := msg.JSON(commmgr.Data)
		if err != nil {
			data = []byte(err.Error())
		} else {
			at = slotOf(msg)
		}
		text += " " + string(data)
	}
	border.Console(level, text, at)
}
