// Package workday reads people from Workday.
package workday
