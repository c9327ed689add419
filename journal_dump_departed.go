package provision

import (
	"maps"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// departuresDump is departures as JSON.
type departuresDump struct {
	Terminated map[string]reconcile.Termination `json:"terminated,omitempty"`
	Left       map[string]time.Time             `json:"left,omitempty"`
	Closed     map[string][]closingDump         `json:"closed,omitempty"`
	Returned   map[string]uint64                `json:"returned,omitempty"`
}

type closingDump struct {
	Target     string     `json:"target"`
	Key        target.Key `json:"key"`
	Account    string     `json:"account,omitempty"`
	At         time.Time  `json:"at"`
	Deleted    bool       `json:"deleted,omitempty"`
	HandedOver bool       `json:"handedOver,omitempty"`
	TakenBack  bool       `json:"takenBack,omitempty"`
}

func (s *departures) dump() departuresDump {
	d := departuresDump{
		Terminated: s.terminated, Left: s.left, Returned: s.returned, Closed: make(map[string][]closingDump, len(s.closed)),
	}
	for id, list := range s.closed {
		for _, c := range list {
			d.Closed[id] = append(d.Closed[id], closingDump{c.target, c.key, c.account, c.at, c.deleted, c.handedOver, c.takenBack})
		}
	}
	return d
}

func (d *departuresDump) fill(s *departures) {
	maps.Copy(s.terminated, d.Terminated)
	maps.Copy(s.left, d.Left)
	maps.Copy(s.returned, d.Returned)
	for id, list := range d.Closed {
		for _, c := range list {
			s.closed[id] = append(s.closed[id], closing{c.Target, c.Key, c.Account, c.At, c.Deleted, c.HandedOver, c.TakenBack})
		}
	}
}

// troubleDump is a trouble as JSON.
type troubleDump struct {
	Action  reconcile.Action `json:"action"`
	Outcome Outcome          `json:"outcome"`
	Text    string           `json:"text,omitempty"`
	At      time.Time        `json:"at"`
}
