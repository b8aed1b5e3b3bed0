// Package lint holds the rules of the house that no general linter knows, as
// tests over the source tree: which package may import which, what pure
// packages may not touch, how long a file may be, that no test sleeps, that
// the documentation names things which exist, and that both languages of the
// console say the same. It has no code of its own.
//
// The one place to change when a package is added is the table edges.
package lint
