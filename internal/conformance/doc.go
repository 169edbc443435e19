// Package conformance has the cases that hold the kernel in memory, package
// commmgr/commmgrtest, to what a real one does. The same cases run on both: the kernel's
// side of each is here, and is told what to do through a [Driver]; the client's, package
// front, is Go handlers, in the test's process or in a program on a notebook's page.
package conformance
