package commhost

import (
	"errors"

	"gocomm/commmgr"
	"gocomm/internal/codec"
	"gocomm/widget"
	"gocomm/widget/host"
)

// A data is the data of a widget's message.
type data struct {
	method  string
	values  host.Values
	content []byte // of a custom message
	states  []byte // of update_states
}

// parse reads a message's data. Its buffers stay in the message.
func parse(msg *commmgr.Message) (data, error) {
	var d data
	text, err := msg.JSON(commmgr.Data)
	if err != nil {
		return d, err
	}
	d.values = host.Values{Traits: []byte("{}"), Buffers: msg.Body}
	err = codec.Members(text, func(key string, value []byte) (err error) {
		switch key {
		case "method":
			d.method, err = codec.Text(value)
		case "state":
			d.values.Traits = value
		case "buffer_paths":
			d.values.Paths = value
		case "content":
			d.content = value
		case "states":
			d.states = value
		}
		return err
	})
	if err != nil {
		return d, malformed(err)
	}
	return d, nil
}

func malformed(err error) error { return errors.Join(widget.ErrMessage, err) }

// checkVersion refuses widgets of another protocol than 2.
func checkVersion(msg *commmgr.Message) error {
	version, err := field(msg, commmgr.Metadata, "version")
	if err == nil && version != "" && version[0] != '2' {
		err = malformed(errors.New("the widget is of protocol version " + version + "; version 2 is known here"))
	}
	return err
}

// parentID gives the msg_id of the request that caused a message.
func parentID(msg *commmgr.Message) (string, error) {
	return field(msg, commmgr.ParentHeader, "msg_id")
}

// field gives a text in a part of a message, or "".
func field(msg *commmgr.Message, part commmgr.Part, name string) (text string, err error) {
	all, err := msg.JSON(part)
	if err != nil {
		return "", err
	}
	err = codec.Members(all, func(key string, value []byte) (err error) {
		if key == name {
			text, err = codec.Text(value)
		}
		return err
	})
	if err != nil {
		err = malformed(err)
	}
	return text, err
}

// names gives the names of the traits that values have.
func names(v host.Values) (all []string, err error) {
	err = codec.Members(v.Traits, func(key string, _ []byte) error { all = append(all, key); return nil })
	if err == nil && len(v.Paths) > 0 {
		err = codec.Elements(v.Paths, func(_ int, path []byte) error {
			return codec.Elements(path, func(i int, step []byte) error {
				if i > 0 {
					return nil
				}
				name, err := codec.Text(step)
				all = append(all, name)
				return err
			})
		})
	}
	if err != nil {
		err = malformed(err)
	}
	return all, err
}
