package target_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"golang.org/x/time/rate"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
	"github.com/provision-go/provision/target/targettest"
)

// TestExampleConforms: what the documentation shows has to be right.
func TestExampleConforms(t *testing.T) {
	app := &intranet{}
	targettest.Run(t, func(*testing.T) targettest.Harness {
		return targettest.Harness{
			Target:  app,
			Missing: "9999",
			New: func(n int) target.CreateRequest {
				return target.CreateRequest{
					Key: key(fmt.Sprint("E", n)), State: target.Enabled,
					Attributes: target.Attrs(map[string]string{"login": fmt.Sprint("login", n), "name": "Ana"}),
				}
			},
		}
	})
}

// TestDecoratorsConform: a wrapped target behaves as the one inside.
func TestDecoratorsConform(t *testing.T) {
	m := memtarget.New("app", nil)
	m.AddEntitlements(group("staff"), group("engineering"))
	var calls atomic.Int64
	wrapped := target.Observed(target.RateLimited(m, rate.NewLimiter(rate.Inf, 0)), func(target.Call) { calls.Add(1) })
	targettest.Run(t, func(*testing.T) targettest.Harness {
		return targettest.Harness{
			Target: wrapped,
			New: func(n int) target.CreateRequest {
				return target.CreateRequest{
					Key: key(fmt.Sprint("E", n)), State: target.Enabled,
					Attributes: target.Attrs(map[string]string{"userName": fmt.Sprint("login", n), "title": "Engineer"}),
				}
			},
		}
	})
	if calls.Load() == 0 {
		t.Error("nothing was observed")
	}
	if _, err := target.Collect(context.Background(), wrapped); err != nil {
		t.Error(err)
	}
}
