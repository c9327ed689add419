package words_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/internal/words"
)

type colour uint8

func list() []string { return []string{"", "red", "green"} }

func TestWords(t *testing.T) {
	for i, word := range list() {
		assert.Equal(t, word, words.String(colour(i), "Colour", list()))
		text, err := words.Marshal(colour(i), "colour", list())
		assert.NoError(t, err)
		assert.Equal(t, word, string(text))
		back := colour(9)
		assert.NoError(t, words.Unmarshal(&back, "colour", list(), text))
		assert.Equal(t, colour(i), back)
	}
}

func TestOutsideTheList(t *testing.T) {
	assert.Equal(t, "Colour(3)", words.String(colour(3), "Colour", list()))
	_, err := words.Marshal(colour(3), "colour", list())
	assert.EqualError(t, err, `colour 3 is not in the list ["" "red" "green"]`)
	kept := colour(1)
	assert.EqualError(t, words.Unmarshal(&kept, "colour", list(), []byte("blue")),
		`colour "blue" is not in the list ["" "red" "green"]`)
	assert.Equal(t, colour(1), kept)
}
