package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"runtime"
	"strings"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
)

// failing are the targets whose handlers fail, each in its way, which is contained.
var failing = map[string]commmgr.OpenFunc{
	"nil":     onMsg(func(*commmgr.Comm, *commmgr.Message) error { panic((*os.PathError)(nil)) }), // an error whose methods panic
	"panics":  onMsg(func(*commmgr.Comm, *commmgr.Message) error { panic("the probe was told to") }),
	"goexit":  onMsg(func(*commmgr.Comm, *commmgr.Message) error { runtime.Goexit(); return nil }),
	"forever": onMsg(func(*commmgr.Comm, *commmgr.Message) error { select {} }),
}

// digest answers with the SHA-256 of each buffer; ignore leaves them where they are.
func digest(c *commmgr.Comm, msg *commmgr.Message) error {
	buffers, err := msg.Buffers()
	if err != nil {
		return err
	}
	var sums []string
	for _, b := range buffers {
		sum := sha256.Sum256(b)
		sums = append(sums, hex.EncodeToString(sum[:]))
	}
	return typed.Send(c, strings.Join(sums, " "))
}

func ignore(c *commmgr.Comm, msg *commmgr.Message) error { return typed.Send(c, msg.NumBuffers()) }
