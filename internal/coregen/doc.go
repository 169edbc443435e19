// Command coregen writes the types of package widget/core from the schemas of ipywidgets 7 and 8 (folder schema).
//
//	go generate ./widget/core
package main
