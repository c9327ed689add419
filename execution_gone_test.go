package provision

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// A target that denies once that an account exists is asked again before its owner is let
// go: they would keep their access, and the rest would be taken from an open account.
func TestExecutionAsksTwiceBeforeAnAccountIsGone(t *testing.T) {
	for _, c := range []struct {
		name  string
		times int // that it denies
		want  Outcome
		finds int
		state target.State
	}{
		{"denied once", 1, Done, 3, target.Disabled}, // read back, too
		{"gone", 9, AlreadySo, 2, target.Enabled},
	} {
		t.Run(c.name, func(t *testing.T) {
			at(t, func(t *testing.T) {
				b := newBench(t)
				b.fresh = false
				a := b.place("E1")
				app := &denying{Target: b.app, times: c.times}
				x := b.execution(on(a, change(reconcile.Disable, "E1")))
				x.target = app
				assert.Equal(t, []Outcome{c.want}, outcomes(x.do(t.Context())))
				assert.Equal(t, c.finds, app.finds)
				now, _ := b.app.Account(a.ID)
				assert.Equal(t, c.state, now.State)
			})
		})
	}
}

// denying says of accounts that they do not exist.
type denying struct {
	*memtarget.Target
	times, finds int
}

func (d *denying) Find(ctx context.Context, by target.Find) ([]target.Account, error) {
	if d.finds++; d.finds <= d.times {
		return nil, nil
	}
	return d.Target.Find(ctx, by)
}
