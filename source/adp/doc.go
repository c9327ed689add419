// Package adp reads people from ADP.
package adp
