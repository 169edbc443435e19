// Package jupyter starts the notebook servers that gocomm is tested, measured and shown on.
//
// A server runs isolated: it has its own configuration, data, runtime and IPython folders, listens on 127.0.0.1 only, and
// leaves nothing behind when it is stopped.
//
//	server, err := jupyter.Start(ctx, jupyter.Config{
//		Host: jupyter.H1, Env: ".envs/h1", Dir: "examples/cookbook",
//		Nbextensions: "dist/nbextension", Enable: []string{"gocomm/main"},
//	})
//	defer server.Stop()
//	open(server.NotebookURL("cookbook.ipynb"))
package jupyter
