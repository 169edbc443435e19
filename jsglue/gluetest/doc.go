// Package gluetest tests on a page of a browser how Go code reads the page's values: messages by the plans of
// their types, JavaScript values by package jsglue/page, the options of attach, and that both sides refuse the same
// names. The tests are apart from package jsglue since a program that links it starts only on a page that provides
// its imports, which a test's page does not.
//
// Each test has a page of its own (package pagetest), onto which it loads the built programs. What is JavaScript is
// tested in JavaScript, in internal/js/test.
package gluetest
