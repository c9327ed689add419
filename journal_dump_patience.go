package provision

import (
	"maps"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// patienceDump is what a targetState remembers of what failed, as JSON.
type patienceDump struct {
	HeldAt     map[string]uint64            `json:"heldAt,omitempty"`
	Failed     map[string]reconcile.Failure `json:"failed,omitempty"`
	FailedIn   map[string]string            `json:"failedIn,omitempty"`
	Written    map[target.Key][]writtenDump `json:"written,omitempty"`
	NotKept    map[string]bool              `json:"notKept,omitempty"`
	Quarantine *quarantineDump              `json:"quarantine,omitempty"`
	Alone      map[string]aloneDump         `json:"alone,omitempty"`
}

type writtenDump struct {
	Field   string    `json:"field"`
	Imprint string    `json:"imprint"`
	Times   int       `json:"times"`
	At      time.Time `json:"at"`
}

type aloneDump struct {
	Position uint64    `json:"position"`
	At       time.Time `json:"at"`
	Whole    bool      `json:"whole,omitempty"`
}

func dumpAlone(r readAlone) aloneDump { return aloneDump{r.position, r.at, r.whole} }

func (d aloneDump) alone() readAlone { return readAlone{d.Position, d.At, d.Whole} }

type quarantineDump struct {
	Shown Quarantined `json:"shown"`
	Over  string      `json:"over,omitempty"`
}

type leavingDump struct {
	Position uint64 `json:"position"`
	Run      string `json:"run,omitempty"`
}

func dumpLeaving(list map[string]leaving) map[string]leavingDump {
	out := make(map[string]leavingDump, len(list))
	for id, l := range list {
		out[id] = leavingDump{l.position, l.run}
	}
	return out
}

func (t *targetState) dumpPatience() patienceDump {
	d := patienceDump{
		HeldAt: t.heldAt, Failed: t.failed, FailedIn: t.failedIn, NotKept: t.notKept,
		Written: make(map[target.Key][]writtenDump, len(t.written)), Alone: make(map[string]aloneDump, len(t.alone)),
	}
	for id, r := range t.alone {
		d.Alone[id] = dumpAlone(r)
	}
	for key, list := range t.written {
		for _, w := range list {
			d.Written[key] = append(d.Written[key], writtenDump{w.field, w.imprint, w.times, w.at})
		}
	}
	if t.quarantine != nil {
		d.Quarantine = &quarantineDump{t.quarantine.shown, t.quarantine.over}
	}
	return d
}

func (d *patienceDump) fillPatience(t *targetState) {
	maps.Copy(t.heldAt, d.HeldAt)
	maps.Copy(t.failed, d.Failed)
	maps.Copy(t.failedIn, d.FailedIn)
	maps.Copy(t.notKept, d.NotKept)
	for id, r := range d.Alone {
		t.alone[id] = r.alone()
	}
	for key, list := range d.Written {
		for _, w := range list {
			t.written[key] = append(t.written[key], writtenField{w.Field, w.Imprint, w.Times, w.At})
		}
	}
	if q := d.Quarantine; q != nil {
		t.quarantine = &quarantine{q.Shown, q.Over}
	}
}
