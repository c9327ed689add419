// Package peers holds tests of this project against other people's libraries for SCIM
// servers in Go, which nobody but these tests need: a module of its own keeps them out of
// the others. What is run by Node.js is in the package above.
//
// github.com/elimity-com/scim leaves to its user where resources are kept and how a PATCH
// is applied. It is run with two stores: one that does what RFC 7644 demands, and one that
// does what the example in the library's own tests does, which many will have begun with.
package peers
