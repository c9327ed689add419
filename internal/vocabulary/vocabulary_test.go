package vocabulary_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/internal/vocabulary"
)

func TestVocabulary(t *testing.T) {
	usual := vocabulary.Of(map[int]string{1: "active  working", 2: "left", 3: ""})
	assert.Equal(t, map[string]int{"active": 1, "working": 1, "left": 2}, usual)

	for range 20 { // in any order of the lists
		torn := vocabulary.Of(map[int]string{1: "leave active active", 2: "leave left", 3: "garden leave"})
		assert.Equal(t, map[string]int{"active": 1, "left": 2, "garden": 3}, torn)
	}

	own := map[string]int{"LEFT": 1, "gone": 2, "Gone": 3}
	all := vocabulary.With(usual, own, strings.ToLower)
	assert.Equal(t, map[string]int{"active": 1, "working": 1, "left": 1, "gone": 2}, all, "Gone comes before gone")
	assert.Equal(t, 2, usual["left"], "the usual words stay as they are")
	assert.Empty(t, vocabulary.With[int](nil, nil, strings.ToLower))
}
