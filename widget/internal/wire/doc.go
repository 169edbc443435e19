// Package wire is how a widget's state and messages travel: JSON, and beside it
// binary buffers, each with the path of the place that it belongs to (Jupyter widgets
// 2.1, "buffer_paths").
//
// It is apart from encoding/json since that makes a program on a page a fifth larger,
// knows of no buffers, and cannot name the trait that does not fit.
package wire
