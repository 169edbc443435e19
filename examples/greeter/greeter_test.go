package main

import (
	"testing"

	"gocomm/commmgr/commmgrtest"
)

func TestGreeter(t *testing.T) {
	k := commmgrtest.New(t, nil)
	if err := register(k.Manager, func() string { return "a test" }); err != nil {
		t.Fatal(err)
	}
	c := k.Open("greeter", map[string]string{"name": "Ann"}) // in Python: Greeter("Ann")
	c.Send(map[string]string{"name": "Bob"})
	for i, got := range c.Await(2) {
		want := []string{`{"greeting":"hello, Ann","page":"a test"}`, `{"greeting":"hello, Bob","page":"a test"}`}[i]
		if string(got.Data) != want {
			t.Errorf("message %d is %s, not %s", i, got.Data, want)
		}
	}
	if errs := k.Errors(); len(errs) > 0 {
		t.Error(errs)
	}
}
