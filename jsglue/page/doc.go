// Package page passes values between Go and the page's own objects: a program's
// options, what a function of the page returns, what one is to be given. Structs
// are matched by their fields' names, or by a tag: `js:"name"`.
//
// It is for what is rare. It rests on reflection, which programs that do not import
// it need not carry, and each value costs tens of microseconds.
package page
