package provision

import (
	"maps"

	"github.com/provision-go/provision/target"
)

// guardingDump is a guarding as JSON: see stateDump.
type guardingDump struct {
	Rules    string                              `json:"rules,omitempty"`
	Filled   map[string]int                      `json:"filled,omitempty"`
	Members  map[target.Entitlement]int          `json:"members,omitempty"`
	Alarm    *Alarm                              `json:"alarm,omitempty"`
	Accepted map[string]uint64                   `json:"accepted,omitempty"`
	Kept     map[string]bool                     `json:"kept,omitempty"`
	Lost     map[target.Entitlement][]recentDump `json:"lost,omitempty"`
	Permits  map[string]permitDump               `json:"permits,omitempty"`
}

type permitDump struct {
	By       Decision   `json:"by"`
	Key      target.Key `json:"key"`
	Position uint64     `json:"position"`
}

func (t *guarding) dump() guardingDump {
	d := guardingDump{
		Rules: t.rules, Filled: t.filled, Members: t.members, Alarm: t.alarm, Accepted: t.accepted,
		Kept: t.kept, Lost: make(map[target.Entitlement][]recentDump, len(t.lost)),
		Permits: make(map[string]permitDump, len(t.permits)),
	}
	for e, r := range t.lost {
		d.Lost[e] = r.dump()
	}
	for change, p := range t.permits {
		d.Permits[change] = permitDump{p.by, p.key, p.position}
	}
	return d
}

func (d *guardingDump) fill(t *guarding) {
	t.rules, t.alarm = d.Rules, d.Alarm
	t.filled, t.members = maps.Clone(d.Filled), maps.Clone(d.Members)
	if t.filled == nil {
		t.filled = map[string]int{}
	}
	maps.Copy(t.accepted, d.Accepted)
	maps.Copy(t.kept, d.Kept)
	for e, list := range d.Lost {
		t.lost[e] = &recentKeys{}
		for _, one := range list {
			t.lost[e].note(one.Key, one.At)
		}
	}
	for change, p := range d.Permits {
		t.permits[change] = permit{p.By, p.Key, p.Position}
	}
}
