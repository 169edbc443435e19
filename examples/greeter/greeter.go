// Command greeter runs on the notebook's page, and answers comms that the kernel opens to the target "greeter".
package main

import (
	"context"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
)

// A Name is what the kernel sends: {"name": …}.
type Name struct {
	Name string
}

// A Greeting is the answer: {"greeting": …, "page": …}.
type Greeting struct {
	Greeting, Page string
}

// register has the target handled. page gives the title of the notebook's page.
func register(m *commmgr.Manager, page func() string) error {
	_, err := typed.Target(m, "greeter", func(_ context.Context, c *commmgr.Comm, first Name) error {
		greet := func(n Name) error { return typed.Send(c, Greeting{"hello, " + n.Name, page()}) }
		typed.On(c, func(_ context.Context, n Name, _ [][]byte) error { return greet(n) })
		return greet(first)
	}, nil)
	return err
}
