package excerpt_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/internal/excerpt"
)

func TestOf(t *testing.T) {
	assert.Empty(t, excerpt.Of(""))
	assert.Equal(t, strings.Repeat("a", 40), excerpt.Of(strings.Repeat("a", 40)))
	assert.Equal(t, strings.Repeat("a", 40)+"…", excerpt.Of(strings.Repeat("a", 41)))
	assert.Equal(t, strings.Repeat("a", 39)+"…", excerpt.Of(strings.Repeat("a", 39)+"ä"), "no half of a character")
	assert.Equal(t, "…", excerpt.Of(strings.Repeat("\xa8", 50)), "nowhere does a character begin")
}
