// Package wire is how a widget's state and messages travel: JSON, and beside it
// binary buffers, each with the path of the place that it belongs to (Jupyter widgets
// 2.1, "buffer_paths").
//
// It is not encoding/json, since that adds 245 KB, compressed, to a program on a page,
// and knows of no buffers.
package wire
