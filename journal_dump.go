package provision

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// stateDump is a state as JSON. A field of state or targetState that is not in here, and
// in dump and state below, is lost by a compaction; TestEveryFieldOfStateIsInTheDump
// finds it. What is sorted is so for equal states to have equal bytes.
type stateDump struct {
	Position  uint64                `json:"position"`
	Epoch     uint64                `json:"epoch,omitempty"`
	Lease     Lease                 `json:"lease,omitzero"`
	MaskedBy  string                `json:"maskedBy,omitempty"`
	Decisions map[string]Decision   `json:"decisions,omitempty"`
	Releases  []reconcile.Release   `json:"releases,omitempty"`
	Targets   map[string]targetDump `json:"targets,omitempty"`

	Departures departuresDump         `json:"departures,omitzero"`
	Leaving    map[string]leavingDump `json:"leaving,omitempty"`
	Gifts      map[string][]string    `json:"gifts,omitempty"`

	Links []pair[SourceRow, string] `json:"links,omitempty"`
}

// targetDump is a targetState as JSON.
type targetDump struct {
	Runs      int       `json:"runs,omitempty"`
	People    int       `json:"people,omitempty"`
	Managed   int       `json:"managed,omitempty"`
	LastRead  time.Time `json:"lastRead,omitzero"`
	MissedAt  time.Time `json:"missedAt,omitzero"`
	LastAlone time.Time `json:"lastAlone,omitzero"`
	Doubted   uint64    `json:"doubted,omitempty"`
	WholeEnd  uint64    `json:"wholeEnd,omitempty"`
	Heard     aloneDump `json:"heard,omitzero"`

	Open     []pair[matter, openCall]            `json:"open,omitempty"`
	Accounts map[target.Key]reconcile.Past       `json:"accounts,omitempty"`
	IDs      map[target.Key]string               `json:"ids,omitempty"`
	Owners   map[string]target.Key               `json:"owners,omitempty"`
	Missing  []target.Key                        `json:"missing,omitempty"`
	Owed     []reconcile.Obligation              `json:"owed,omitempty"`
	Retained map[target.Key]time.Time            `json:"retained,omitempty"`
	Spent    map[string]uint64                   `json:"spent,omitempty"`
	Recent   map[reconcile.Action][]recentDump   `json:"recent,omitempty"`
	Pending  map[string]Pending                  `json:"pending,omitempty"`
	Losing   []pair[reconcile.Loss, time.Time]   `json:"losing,omitempty"`
	LosingBy []pair[reconcile.Loss, string]      `json:"losingBy,omitempty"`
	Reserved []pair[reconcile.Name, reservation] `json:"reserved,omitempty"`
	Names    map[target.Key][]reconcile.Name     `json:"names,omitempty"`
	Parted   []pair[reconcile.Name, time.Time]   `json:"parted,omitempty"`
	Granted  []grantDump                         `json:"granted,omitempty"`
	Forgot   uint64                              `json:"forgot,omitempty"`

	Protected map[target.Key]protectionDump `json:"protected,omitempty"`
	Undone    map[string]undoneDump         `json:"undone,omitempty"`
	Redos     map[string]string             `json:"redos,omitempty"`
	Guarding  guardingDump                  `json:"guarding,omitzero"`
	Troubles  map[target.Key]troubleDump    `json:"troubles,omitempty"`

	patienceDump
}

type reservation = reconcile.Reservation

// pair is an entry of a map whose keys are no texts.
type pair[K, V any] struct {
	Of K `json:"of"`
	Is V `json:"is"`
}

type recentDump struct {
	Key target.Key `json:"key"`
	At  time.Time  `json:"at"`
}

type grantDump struct {
	Position    uint64             `json:"position"`
	Key         target.Key         `json:"key"`
	Entitlement target.Entitlement `json:"entitlement"`
}

type protectionDump struct {
	Rules    []string `json:"rules,omitempty"`
	Position uint64   `json:"position"`
}

type undoneDump struct {
	Key   target.Key `json:"key"`
	By    string     `json:"by"`
	Actor string     `json:"actor,omitempty"`
	At    time.Time  `json:"at"`
}

func (s *state) dump() stateDump {
	d := stateDump{
		Position: s.position, Epoch: s.epoch, Lease: s.lease, MaskedBy: s.maskedBy, Decisions: s.decisions, Releases: s.releases,
		Targets: make(map[string]targetDump, len(s.targets)), Departures: s.departures.dump(),
		Gifts: s.gifts, Leaving: dumpLeaving(s.leaving), Links: pairs(s.links, compareRows),
	}
	for name, t := range s.targets {
		d.Targets[name] = t.dump()
	}
	return d
}

func (d *stateDump) state() *state {
	s := newState()
	s.position, s.epoch, s.lease, s.releases = d.Position, d.Epoch, d.Lease, d.Releases
	s.maskedBy = d.MaskedBy
	maps.Copy(s.decisions, d.Decisions)
	d.Departures.fill(&s.departures)
	maps.Copy(s.gifts, d.Gifts)
	unpair(s.links, d.Links)
	for id, l := range d.Leaving {
		s.leaving[id] = leaving{l.Position, l.Run}
	}
	for name, t := range d.Targets {
		t.fill(s.of(name))
	}
	return s
}

func (t *targetState) dump() targetDump {
	d := targetDump{
		Runs: t.runs, People: t.people, Managed: t.managed, LastRead: t.lastRead, MissedAt: t.missedAt, LastAlone: t.lastAlone, Heard: dumpAlone(t.heard), WholeEnd: t.wholeEnd, Doubted: t.doubted,
		Accounts: t.accounts, IDs: t.ids, Owners: t.owners, Missing: slices.SortedFunc(maps.Keys(t.missing), target.Key.Compare),
		Open: pairs(t.open, compareMatters), Owed: t.owed, Retained: t.retained, Spent: t.spent, Pending: t.pending, Names: t.names, Forgot: t.forgot,
		Losing: pairs(t.losing, compareLoss), LosingBy: pairs(t.losingBy, compareLoss),
		Reserved: pairs(t.reserved, compareName), Parted: pairs(t.parted, compareName),
		Recent:  make(map[reconcile.Action][]recentDump, len(t.recent)),
		Granted: make([]grantDump, 0, len(t.granted)), Protected: make(map[target.Key]protectionDump, len(t.protected)),
		Undone: make(map[string]undoneDump, len(t.undone)), Redos: t.redos,
		Guarding: t.guarding.dump(),
		Troubles: make(map[target.Key]troubleDump, len(t.troubles)),
	}
	for redo, u := range t.undone {
		d.Undone[redo] = undoneDump{u.key, u.by, u.actor, u.at}
	}
	for key, x := range t.troubles {
		d.Troubles[key] = troubleDump{x.action, x.outcome, x.text, x.at}
	}
	d.patienceDump = t.dumpPatience()
	for key, p := range t.protected {
		d.Protected[key] = protectionDump{p.rules, p.position}
	}
	for action, r := range t.recent {
		d.Recent[action] = r.dump()
	}
	for _, g := range t.granted {
		d.Granted = append(d.Granted, grantDump{g.position, g.key, g.entitlement})
	}
	return d
}

func (d *targetDump) fill(t *targetState) {
	t.runs, t.people, t.managed, t.lastRead, t.wholeEnd = d.Runs, d.People, d.Managed, d.LastRead, d.WholeEnd
	t.lastAlone, t.missedAt, t.doubted, t.heard = d.LastAlone, d.MissedAt, d.Doubted, d.Heard.alone()
	t.owed, t.forgot = d.Owed, d.Forgot
	d.Guarding.fill(&t.guarding)
	d.fillPatience(t)
	maps.Copy(t.accounts, d.Accounts)
	maps.Copy(t.ids, d.IDs)
	maps.Copy(t.owners, d.Owners)
	maps.Copy(t.retained, d.Retained)
	maps.Copy(t.spent, d.Spent)
	maps.Copy(t.pending, d.Pending)
	maps.Copy(t.names, d.Names)
	unpair(t.open, d.Open)
	unpair(t.losing, d.Losing)
	unpair(t.losingBy, d.LosingBy)
	unpair(t.reserved, d.Reserved)
	unpair(t.parted, d.Parted)
	for _, k := range d.Missing {
		t.missing[k] = struct{}{}
	}
	for action, list := range d.Recent {
		t.recent[action] = &recentKeys{}
		for _, one := range list {
			t.recent[action].note(one.Key, one.At)
		}
	}
	for key, x := range d.Troubles {
		t.troubles[key] = trouble{x.Action, x.Outcome, x.Text, x.At}
	}
	for key, p := range d.Protected {
		t.protected[key] = protection{p.Rules, p.Position}
	}
	maps.Copy(t.redos, d.Redos)
	for redo, u := range d.Undone {
		t.undone[redo] = undone{u.Key, u.By, u.Actor, u.At}
	}
	for _, g := range d.Granted {
		t.granted = append(t.granted, pastGrant{g.Position, g.Key, g.Entitlement})
	}
}

// dump lists what is not over, in the order in which it was done.
func (r *recentKeys) dump() []recentDump {
	out := make([]recentDump, 0, len(r.last))
	for key, d := range r.last {
		out = append(out, recentDump{key, time.Unix(0, d.at).UTC()})
	}
	slices.SortFunc(out, func(a, b recentDump) int {
		x, y := r.last[a.Key], r.last[b.Key]
		return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.seq, y.seq))
	})
	return out
}

func pairs[K comparable, V any](m map[K]V, compare func(a, b K) int) []pair[K, V] {
	out := make([]pair[K, V], 0, len(m))
	for _, k := range slices.SortedFunc(maps.Keys(m), compare) {
		out = append(out, pair[K, V]{k, m[k]})
	}
	return out
}

func unpair[K comparable, V any](m map[K]V, list []pair[K, V]) {
	for _, p := range list {
		m[p.Of] = p.Is
	}
}

func compareLoss(a, b reconcile.Loss) int {
	return cmp.Or(a.Key.Compare(b.Key), a.Entitlement.Compare(b.Entitlement))
}

func compareName(a, b reconcile.Name) int {
	return cmp.Or(cmp.Compare(a.Attribute, b.Attribute), cmp.Compare(a.Value, b.Value))
}
