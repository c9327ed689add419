package provision_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// A delete whose answer is lost is found to be so already, and the account is as gone as
// after one that was answered: whoever comes back has another, and that is what others refer to.
func TestDeleteThatIsSoAlreadyForgetsTheAccount(t *testing.T) {
	w := newWorld(t, nil)
	ana, bo := person("ana", "Sales", "Boss"), person("bo", "Sales", "Seller")
	bo.HireDate = day(2026, 2, 1)
	w.people.Set(ana, bo)
	w.sync()
	was := w.account("ana")
	ana.Status = source.Terminated
	ana.LastDay = day(2026, 2, 28)
	w.people.Put(ana)
	w.sync()
	w.app.Inject(memtarget.Fault{Method: "Delete", AfterCommit: true, Times: 1, Err: target.Fail(target.Transient, errDown)})
	found := 0 // that it was deleted already
	for range 5 {
		w.pass(7 * oneDay) // after more the clock would be doubted
		found += w.sync().Counts()[provision.AlreadySo]
	}
	require.Equal(t, 1, found)

	ana.Status, ana.LastDay, ana.HireDate = source.Active, source.Date{}, day(2026, 4, 1)
	w.people.Put(ana)
	again := w.app.Put(target.Account{
		Key: target.Key{Identity: "ana"}, State: target.Enabled, Attributes: was.Attributes, Entitlements: was.Entitlements,
	}) // by another tool, and as we would have
	require.NotEqual(t, was.ID, again)
	w.sync()

	bo.Manager = source.Manager{ID: "ana"}
	w.people.Put(bo)
	w.run()
	assert.Equal(t, again, w.account("bo").Attributes.Get("manager"))
}
