package provision_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/target/memtarget"
)

// What is kept readable of one target is masked of another.
func TestPlainOnOneTargetIsMaskedOnAnother(t *testing.T) {
	spec := companyRules()
	second := spec.Targets[0]
	second.Target = "crm"
	spec.Targets = append(spec.Targets, second)
	w := newWorld(t, func(c *provision.Config) {
		masked(c)
		c.Targets = append(c.Targets, memtarget.New("crm", nil))
		c.Rules, c.KeepValues = build(t, spec), true
		c.Masking = &provision.Masking{Plain: []string{"crm/title"}}
	})
	w.people.Set(person("E1", "Sales", "Clerk"))
	w.sync()
	w.now = w.now.Add(time.Hour)
	w.people.Set(person("E1", "Sales", "Zookeeper"))
	w.sync()
	for _, e := range entries(t, w.config.Journal, 0) {
		if e.Target == "app" {
			text, err := json.Marshal(e)
			require.NoError(t, err)
			assert.NotContains(t, string(text), "Zookeeper")
		}
	}
}
