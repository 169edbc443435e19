// Package gluetest tests package jsglue and web/gocomm.js together, on a page of a
// browser. The tests are apart from package jsglue since a program that links it
// starts only on a page that provides its imports, which a test's page does not.
//
// Each test has a page of its own: a frame, with a fake of classic Notebook's
// kernel object (testdata/kernel.js), onto which it loads the built programs.
package gluetest
