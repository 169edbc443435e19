// Command commmgr is the drop-in: a comm manager for the page's JavaScript, with
// no targets of its own. nbextension/main.js loads it in classic Notebook, where
// it takes the place of the stock comm manager.
package main

import (
	"gocomm/commmgr"
	"gocomm/jsglue"
)

func main() {
	jsglue.Run(func(*commmgr.Manager) error { return nil })
}
