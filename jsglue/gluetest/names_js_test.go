package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/internal/nametest"
	"gocomm/internal/pagetest"
)

// TestNames holds the names that JavaScript refuses to those that Go refuses.
func TestNames(t *testing.T) {
	p := pagetest.Open(t, "kernel-page.js")
	var wrong []string
	p.Get(&wrong, `
		const { nameFault } = await import(web + "/comms/names.js");
		return `+nametest.JSON+`.map(({ name, fault }) => [name, nameFault("it", name), fault && "bad name: it " + fault])
			.filter(([, got, want]) => got !== want).map(String);`)
	require.Empty(t, wrong)
}
