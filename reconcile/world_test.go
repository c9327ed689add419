package reconcile_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/provision-go/provision/internal/proof"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// world is everything that a plan depends on, and a target that plans are
// applied to.
type world struct {
	desired   []target.Desired
	accounts  []target.Account
	catalogue []target.Held
	// references were looked up, in a world of one person.
	references map[target.Key]bool
	can        target.Capabilities
	owned      target.Owned
	evidence   proof.Complete
	history    reconcile.History
	policy     reconcile.Policy
	at         time.Time
	one        bool
	// candidates are names, by key.
	candidates map[target.Key][]string
	taken      map[reconcile.Name]bool
	filled     map[string]int
	made       int
	failing    *rand.Rand // what failed before is drawn from it; nil: nothing did
}

// dice makes random worlds. They are small, so that everything clashes.
type dice struct{ *rand.Rand }

func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

func pick[T any](d dice, list ...T) T { return list[d.IntN(len(list))] }

func (d dice) key() target.Key {
	k := target.Key{Identity: fmt.Sprintf("E%d", d.IntN(9))}
	if d.chance(15) {
		k.Slot = "admin"
	}
	return k
}

func (d dice) attributes() target.Attributes {
	values := map[string][]string{}
	if d.chance(70) {
		values["userName"] = []string{pick(d, "ana", "ANA", "bo", "cy", "dee", "eva", "fay", "gus", "ᴋim")}
	}
	if d.chance(50) {
		values["title"] = []string{pick(d, "Engineer", "engineer", "Lead")}
	}
	if d.chance(60) {
		values["manager"] = []string{pick(d, d.key().String(), d.key().String(), "E99", "E1~a~b", "~u9")}
	}
	if d.chance(30) {
		values["aliases"] = []string{"a", pick(d, "b", "c")}
	}
	for range d.IntN(3) * d.IntN(2) {
		values["emails"] = append(values["emails"], fmt.Sprintf("m%d@x", d.IntN(12)))
	}
	if d.chance(20) {
		values["phone"] = []string{pick(d, "+1 555", "+2 666")}
	}
	if d.chance(10) {
		values["created"] = []string{"2020"}
	}
	if d.chance(10) {
		values["pin"] = []string{"1234"}
	}
	if d.chance(5) {
		values["department"] = []string{"x", "y"}
	}
	if d.chance(5) {
		values["unheard"] = []string{"x"}
	}
	return target.AttrsOf(values)
}

func (d dice) entitlements(most int) []target.Entitlement {
	var out []target.Entitlement
	for range d.IntN(most + 1) {
		out = append(out, d.entitlement())
	}
	return out
}

func (d dice) entitlement() target.Entitlement {
	return pick(d,
		target.Entitlement{Kind: "group", Name: "all"},
		target.Entitlement{Kind: "group", Name: "engineering"},
		target.Entitlement{Kind: "group", Name: "finance"},
		target.Entitlement{Kind: "group", Name: "night-watch"},
		target.Entitlement{Kind: "group", Name: "not-made"},
		target.Entitlement{Kind: "role", Name: "admin"},
		target.Entitlement{Kind: "badge", Name: "blue"},
	)
}

func (d dice) desired(k target.Key) target.Desired {
	w := target.Desired{
		Key: k, Label: "p-" + k.String(), Attributes: d.attributes(), Entitlements: d.entitlements(3),
	}
	switch d.IntN(10) {
	case 0:
		w.State, w.Missing = target.Undecided, []string{"department"}
	case 1:
		w.State, w.Phase = target.None, pick(d, target.Future, target.Active, target.Left)
	case 2:
		w.State, w.Phase = target.Deleted, target.Left
	case 3, 4:
		w.State, w.Phase = target.Disabled, pick(d, target.Left, target.OnLeave, target.PreHire, target.Future)
		w.EndSessions = d.chance(50)
		if d.chance(40) {
			w.Handover = d.key()
		}
		if w.Phase == target.Left {
			w.Entitlements = nil
		}
	default:
		w.State, w.Phase = target.Enabled, target.Active
	}
	if d.chance(15) {
		w.Clear = []string{pick(d, "title", "phone", "created")}
	}
	if d.chance(20) {
		w.Ask = []target.Ask{{Entitlement: d.entitlement(), By: pick(d, "manager", ""), Days: d.IntN(4)}}
		if d.chance(20) {
			w.Ask = append(w.Ask, target.Ask{Entitlement: w.Ask[0].Entitlement, By: "owner", Days: d.IntN(4)})
		}
	}
	if d.chance(20) {
		w.Undecided = d.entitlements(2)
		w.Missing = append(w.Missing, "level")
	}
	if d.chance(20) {
		w.Next = target.Upcoming{
			At:    day.Add(time.Duration(d.IntN(200)-20) * time.Hour),
			State: pick(d, target.Enabled, target.Disabled, target.None, target.Deleted),
		}
	}
	if d.chance(20) {
		w.Secrets = []string{"password"}
	}
	return w
}

func (d dice) world() *world {
	w := &world{
		can: able(), owned: owning(), catalogue: listed(), at: day,
		history: reconcile.History{
			Runs: pick(d, 0, 5, 5, 5), Managed: 20, Accounts: map[target.Key]reconcile.Past{}, Retained: map[target.Key]time.Time{},
			Recent: map[reconcile.Action]int{reconcile.Disable: d.IntN(3)},
		},
	}
	for n := d.IntN(10); n > 0; n-- {
		k := d.key()
		if !slices.ContainsFunc(w.desired, func(o target.Desired) bool { return o.Key == k }) {
			w.desired = append(w.desired, d.desired(k))
		}
	}
	for i := range d.IntN(12) {
		a := target.Account{
			ID: fmt.Sprintf("u%d", i), State: pick(d, target.Enabled, target.Enabled, target.Disabled),
			Attributes: d.attributes(), Entitlements: d.entitlements(3),
		}
		if d.chance(75) {
			a.Key = d.key()
		}
		if d.chance(80) && slices.ContainsFunc(w.accounts, func(o target.Account) bool { return o.Key == a.Key }) {
			a.Key = target.Key{}
		}
		w.accounts = append(w.accounts, a)
	}
	people := map[string]bool{}
	for _, p := range w.desired {
		people[p.Key.Identity] = true
	}
	w.evidence = proof.Complete{Source: "hr", People: len(people), Read: d.chance(90), Lost: pick(d, 0, 0, 0, 1)}
	w.history.People = len(people) + pick(d, 0, 0, 0, 30)
	if d.chance(20) {
		w.owned.Attributes = append(w.owned.Attributes, target.OwnedAttribute{Name: pick(d, "created", "unheard")})
	}
	for i := range w.owned.Attributes {
		w.owned.Attributes[i].Strength = pick(d, target.Always, target.Always, target.Always, target.CreateOnly, target.IfEmpty)
	}
	if d.chance(50) {
		w.references = map[target.Key]bool{}
		for range d.IntN(9) {
			w.references[d.key()] = d.chance(50)
		}
	}
	if d.chance(10) {
		w.catalogue = append(w.catalogue, target.Held{Entitlement: w.catalogue[d.IntN(3)].Entitlement, ID: "g-twin"})
	}
	d.remember(w)
	d.restrict(w)
	w.policy = d.policy()
	d.rules(w)
	if d.chance(40) {
		w.failing = rand.New(rand.NewPCG(d.Uint64(), 9))
	}
	d.doubts(w)
	w.retain()
	return w
}

// retain remembers of most people since when they are known to have left. It draws
// nothing from the dice of the world.
func (w *world) retain() {
	d := dice{rand.New(rand.NewPCG(uint64(len(w.accounts)), uint64(len(w.desired))))}
	for i := range w.desired {
		if d.chance(70) {
			w.history.Retained[w.desired[i].Key] = day.Add(-time.Duration(d.IntN(60)) * time.Hour)
		}
	}
}

// remember gives the world a past.
func (d dice) remember(w *world) {
	for range d.IntN(6) {
		past := reconcile.Past{
			Phase:   pick(d, target.Active, target.Left, target.OnLeave, target.PreHire, target.PhaseUnknown),
			Granted: d.entitlements(2), Doubted: d.chance(15),
		}
		if d.chance(30) {
			past.ClosedAt = day.Add(-time.Duration(d.IntN(60)) * time.Hour)
		}
		if d.chance(50) {
			past.MissingSince, past.MissingReads = day.Add(-time.Duration(d.IntN(120))*time.Hour), d.IntN(4)
		}
		w.history.Accounts[d.key()] = past
	}
	for range d.IntN(3) {
		o := reconcile.Obligation{
			Key: d.key(), Account: fmt.Sprintf("u%d", d.IntN(12)), Action: reconcile.EndSessions, Since: day.Add(-time.Hour),
		}
		if d.chance(50) {
			o.Action, o.To = reconcile.Handover, d.key()
		}
		w.history.Owed = append(w.history.Owed, o)
	}
}

// restrict takes abilities from the target.
func (d dice) restrict(w *world) {
	if d.chance(60) {
		return
	}
	for _, able := range []*bool{
		&w.can.Create, &w.can.Update, &w.can.Disable, &w.can.Enable, &w.can.Delete,
		&w.can.CreateDisabled, &w.can.EndSessions, &w.can.Handover, &w.can.SetKey, &w.can.Keys,
	} {
		*able = d.chance(80)
	}
	w.can.Entitlements[0].Ensure = d.chance(50)
	w.can.Entitlements[1].Revoke = d.chance(50)
}

func (d dice) policy() reconcile.Policy {
	react := func() reconcile.Reaction {
		return pick(d, reconcile.Default, reconcile.HoldIt, reconcile.DoIt, reconcile.LetIt)
	}
	p := reconcile.Policy{
		Mode:        pick(d, reconcile.Full, reconcile.Full, reconcile.Full, reconcile.Upsert, reconcile.CreateOnly, reconcile.Observe),
		Unqualified: react(), Vanished: react(), Drift: react(),
		CreateEntitlements: d.chance(50), Limits: map[reconcile.Action]reconcile.Limit{},
	}
	if d.chance(50) {
		p.Adopt = pick(d, []string{"userName"}, []string{"phone", "userName"}, []string{"aliases"})
	}
	if d.chance(20) {
		p.Protect = []string{d.key().Identity}
	}
	if d.chance(30) {
		p.Privileged = []target.Entitlement{{Kind: "role", Name: "admin"}}
	}
	if d.chance(30) {
		p.Approve = []reconcile.ApprovalRule{{
			Action: pick(d, reconcile.Create, reconcile.Disable, reconcile.Update, reconcile.Revoke), By: "dana",
		}}
	}
	for a := reconcile.Disable; a <= reconcile.Delete; a++ {
		if d.chance(30) {
			p.Limits[a] = reconcile.Limit{Count: d.IntN(4)}
		}
	}
	return p
}

// snapshot lists the accounts with the references as the core writes them; the
// worlds' targets store them so.
func (w *world) input(t testing.TB) reconcile.Input {
	t.Helper()
	w.fail(t)
	in := reconcile.Input{
		Target: "app", Capabilities: w.can, Owned: w.owned, Rules: "r1",
		Policy: w.policy, History: w.history, At: w.at,
		Candidates: func(k target.Key, _ string) []string { return w.candidates[k] }, Taken: w.taken, Filled: w.filled,
	}
	if w.one {
		in.Scope = reconcile.One(w.desired, w.accounts, w.catalogue, w.references)
		return in
	}
	can := w.can
	can.Attributes = slices.Clone(can.Attributes)
	for i := range can.Attributes {
		can.Attributes[i].Ref = false // no translation
	}
	in.Scope = reconcile.Whole(w.desired, w.evidence, collect(t, can, w.accounts, w.catalogue))
	return in
}
