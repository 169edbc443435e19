// Package nametest has the names to which tests hold both checks of comm ids and target names: that of package
// commmgr and that of web/comms/names.js.
package nametest

import (
	_ "embed"
	"encoding/json"
)

// JSON is the table as JSON text: a list of [Case].
//
//go:embed names.json
var JSON string

// A Case is a name, and what is wrong with it: "" for nothing.
type Case struct{ Name, Fault string }

// Cases gives the table.
func Cases() (cases []Case) {
	if err := json.Unmarshal([]byte(JSON), &cases); err != nil {
		panic(err)
	}
	return cases
}
