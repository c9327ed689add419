package rules_test

import (
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
)

// A layer can be built again and again, also by several goroutines at once, and by
// itself as well as under another one.
func TestLayersAreNotChangedByBuilding(t *testing.T) {
	base, err := os.ReadFile("testdata/files/base.yaml")
	require.NoError(t, err)
	acme, err := os.ReadFile("testdata/files/acme.yaml")
	require.NoError(t, err)
	product, customer := rules.File("base.yaml", base), rules.File("acme.yaml", acme)
	alone, err := rules.Build(product)
	require.NoError(t, err)
	both, err := rules.Build(product, customer)
	require.NoError(t, err)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 5 {
				a, errA := rules.Build(product)
				b, errB := rules.Build(product, customer)
				if assert.NoError(t, errA) && assert.NoError(t, errB) {
					assert.Equal(t, alone.Hash(), a.Hash())
					assert.Equal(t, both.Hash(), b.Hash())
				}
			}
		})
	}
	all.Wait()
}
