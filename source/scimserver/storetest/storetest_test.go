package storetest

import (
	"testing"

	"github.com/provision-go/provision/source/scimserver"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	// One store for all checks of a run, as with a real database.
	m := scimserver.NewMemory()
	Run(t, func(*testing.T) scimserver.Store { return m })
}
