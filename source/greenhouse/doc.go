// Package greenhouse reads x.
package greenhouse
