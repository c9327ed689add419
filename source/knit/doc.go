// Package knit reads people from Knit.
package knit
