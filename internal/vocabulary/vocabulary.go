// Package vocabulary turns the words of a system of record into values of ours:
// "terminated", "inactive" and "ausgetreten" all say that somebody has left.
package vocabulary

import (
	"maps"
	"slices"
	"strings"
)

// Of makes a vocabulary of lists of words with blanks between them, each list for
// one value. The words are written as the caller folds them: with [Fold], "Garden
// leave" is written "gardenleave", and "garden leave" would be two words. A word that
// stands in the lists of two values means neither.
func Of[T comparable](lists map[T]string) map[string]T {
	words, torn := map[string]T{}, map[string]bool{}
	for value, list := range lists {
		for word := range strings.FieldsSeq(list) {
			if other, taken := words[word]; taken && other != value {
				torn[word] = true
			}
			words[word] = value
		}
	}
	maps.DeleteFunc(words, func(word string, _ T) bool { return torn[word] })
	return words
}

// With adds what a company says itself, folded, to the usual words, and wins over
// them. Two of its words that fold to the same are taken in their order, so that the
// result is always the same. Usual stays as it is.
func With[T any](usual, own map[string]T, fold func(string) string) map[string]T {
	all := make(map[string]T, len(usual)+len(own))
	maps.Copy(all, usual)
	for _, word := range slices.Sorted(maps.Keys(own)) {
		all[fold(word)] = own[word]
	}
	return all
}
