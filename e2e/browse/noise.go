package browse

import "strings"

// noise lists what the pages of the hosts print at error level by themselves,
// whichever comm manager they have. Nothing about comms belongs here: stock's
// "Comm promise not found for comm id …", which it prints for other tabs'
// comms, is an error wherever gocomm is in charge.
var noise = []struct{ source, text, url string }{
	// A kernel that was shut down and is started again: classic deletes the old session once more.
	{"network", "status of 404", "/api/sessions/"},
	// ipywidgets on a classic page, which attaches a view whose parent is not there yet, or any more: a cell is rendered anew.
	{"", "Error: Host is not attached.\n    at ", "/jupyter-js-widgets/extension.js"},
	// Notebook 7.6, of its own settings, on each page.
	{"", "Cannot read properties of undefined (reading 'schema')\n    at ", ""},
	{"", "can't access property \"schema\", ", "/static/notebook/"}, // in Firefox's words
}

func isNoise(m Message) bool {
	for _, n := range noise {
		if m.Source == n.source && strings.Contains(m.Text, n.text) && strings.Contains(m.URL, n.url) {
			return true
		}
	}
	return false
}
