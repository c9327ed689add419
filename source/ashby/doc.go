// Package ashby reads x.
package ashby
