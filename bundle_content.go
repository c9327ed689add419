package provision

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/provision-go/provision/internal/proof"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// bundleContent is what a bundle holds, as JSON.
type bundleContent struct {
	Module   string          `json:"module,omitempty"`
	Redacted bool            `json:"redacted,omitempty"`
	Identity string          `json:"identity,omitempty"` // of a plan for one person
	Rules    rulesJSON       `json:"rules"`
	People   []identityJSON  `json:"people,omitempty"`
	Targets  []targetInput   `json:"targets"` // in the order of the plan
	Plan     json.RawMessage `json:"plan"`

	Run      string          `json:"run,omitempty"`
	Started  time.Time       `json:"started,omitzero"`
	Finished time.Time       `json:"finished,omitzero"`
	Results  []BundledResult `json:"results,omitempty"`
}

type rulesJSON struct {
	Name   string     `json:"name,omitempty"`
	Hash   string     `json:"hash"`
	File   string     `json:"file,omitempty"`
	Zones  []zoneJSON `json:"zones,omitempty"`
	Tenant string     `json:"tenant,omitempty"`
}

type zoneJSON struct {
	Name string `json:"name"`
	Zone string `json:"zone"`
}

// identityJSON is a person, with the zones by name.
type identityJSON struct {
	source.Identity
	Zone  string   `json:"zone,omitempty"`
	Zones []string `json:"zones,omitempty"` // of Employments
	// Decided: what is wanted of them is as recorded, because somebody decided it.
	Decided bool `json:"decided,omitempty"`
}

func newIdentityJSON(i *source.Identity) identityJSON {
	out := identityJSON{Identity: *i, Zone: zoneName(i.Location.Zone)}
	out.Location.Zone = nil
	if len(i.Employments) == 0 {
		return out
	}
	out.Employments = slices.Clone(i.Employments)
	out.Zones = make([]string, len(out.Employments))
	for n := range out.Employments {
		out.Zones[n] = zoneName(out.Employments[n].Location.Zone)
		out.Employments[n].Location.Zone = nil
	}
	return out
}

func zoneName(zone *time.Location) string {
	if zone == nil {
		return ""
	}
	return zone.String()
}

// identity makes the person again.
func (i *identityJSON) identity() (*source.Identity, error) {
	out := i.Identity
	zone, err := zoneNamed(i.Zone)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", out.ID, err)
	}
	out.Location.Zone = zone
	out.Employments = slices.Clone(out.Employments)
	for n := range out.Employments {
		if n < len(i.Zones) {
			if out.Employments[n].Location.Zone, err = zoneNamed(i.Zones[n]); err != nil {
				return nil, fmt.Errorf("%s: %w", out.ID, err)
			}
		}
	}
	return &out, nil
}

func zoneNamed(name string) (*time.Location, error) {
	if name == "" {
		return nil, nil //nolint:nilnil // no zone is known
	}
	return time.LoadLocation(name)
}

// targetInput is a reconcile.Input, without what the rules say.
type targetInput struct {
	Target       string               `json:"target"`
	At           time.Time            `json:"at"`
	Capabilities target.Capabilities  `json:"capabilities"`
	Owned        target.Owned         `json:"owned"`
	Policy       reconcile.Policy     `json:"policy"`
	History      historyJSON          `json:"history"`
	Approvals    []reconcile.Approval `json:"approvals,omitempty"`
	Releases     []reconcile.Release  `json:"releases,omitempty"`
	Taken        []takenJSON          `json:"taken,omitempty"`
	Filled       map[string]int       `json:"filled,omitempty"`
	Candidates   []candidateJSON      `json:"candidates,omitempty"` // of a redacted bundle
	Undo         *reconcile.Undoing   `json:"undo,omitempty"`
	Whole        bool                 `json:"whole,omitempty"`
	Evidence     proof.Complete       `json:"evidence,omitzero"`
	Desired      []target.Desired     `json:"desired"`
	Accounts     []target.Account     `json:"accounts"`
	Catalogue    []target.Held        `json:"catalogue"` // null: not known
	References   map[target.Key]bool  `json:"references,omitempty"`
	Looked       bool                 `json:"looked,omitempty"` // References are known
	Masks        reconcile.Masks      `json:"masks,omitzero"`
	MaskKey      []byte               `json:"maskKey,omitempty"` // of Masks: a replay computes IDs with it
}

// historyJSON is a history, with lists for what JSON has no maps for.
type historyJSON struct {
	reconcile.History
	Losing   []losingJSON   `json:"Losing,omitempty"`
	Reserved []reservedJSON `json:"Reserved,omitempty"`
}

type losingJSON struct {
	Key         target.Key         `json:"key"`
	Entitlement target.Entitlement `json:"entitlement"`
	Since       time.Time          `json:"since"`
}

type reservedJSON struct {
	Name reconcile.Name `json:"name"`
	Key  target.Key     `json:"key"`
	Gone time.Time      `json:"gone,omitzero"`
}

type takenJSON struct {
	Name  reconcile.Name `json:"name"`
	Taken bool           `json:"taken"`
}

type candidateJSON struct {
	Key       target.Key `json:"key"`
	Attribute string     `json:"attribute"`
	Values    []string   `json:"values"`
}

func newTargetInput(in *reconcile.Input, what *reconcile.Undoing) targetInput {
	parts := in.Scope.Parts()
	out := targetInput{
		Target: in.Target, At: in.At, Capabilities: in.Capabilities, Owned: in.Owned, Policy: in.Policy,
		History: historyJSON{History: in.History}, Approvals: slices.Clone(in.Approvals), Releases: slices.Clone(in.Releases),
		Filled: in.Filled, Undo: what, Whole: parts.Whole, Evidence: parts.Evidence, Desired: parts.Desired,
		Accounts: parts.Found, Catalogue: parts.Catalogue, References: parts.References, Looked: parts.References != nil, Masks: in.Masks, MaskKey: in.Masks.Key(),
	}
	if parts.Whole {
		out.Catalogue = parts.Actual.Catalogue()
		for a := range parts.Actual.All() {
			out.Accounts = append(out.Accounts, *a)
		}
	}
	slices.SortFunc(out.Approvals, func(a, b reconcile.Approval) int { return cmp.Compare(a.Change, b.Change) })
	for i := range out.Releases {
		out.Releases[i].Changes = slices.Sorted(slices.Values(out.Releases[i].Changes))
	}
	slices.SortFunc(out.Releases, func(a, b reconcile.Release) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Fingerprint, b.Fingerprint), slices.Compare(a.Changes, b.Changes))
	})
	for l, since := range in.History.Losing {
		out.History.Losing = append(out.History.Losing, losingJSON{Key: l.Key, Entitlement: l.Entitlement, Since: since})
	}
	slices.SortFunc(out.History.Losing, func(a, b losingJSON) int {
		return cmp.Or(a.Key.Compare(b.Key), a.Entitlement.Compare(b.Entitlement))
	})
	for n, r := range in.History.Reserved {
		out.History.Reserved = append(out.History.Reserved, reservedJSON{Name: n, Key: r.Key, Gone: r.Gone})
	}
	slices.SortFunc(out.History.Reserved, func(a, b reservedJSON) int { return compareName(a.Name, b.Name) })
	for n, is := range in.Taken {
		out.Taken = append(out.Taken, takenJSON{Name: n, Taken: is})
	}
	slices.SortFunc(out.Taken, func(a, b takenJSON) int { return compareName(a.Name, b.Name) })
	return out
}

// masks are the masks with their key.
func (t *targetInput) masks() reconcile.Masks {
	if t.MaskKey == nil {
		return t.Masks
	}
	return reconcile.NewMasks(t.MaskKey, t.Masks.Plain...)
}

// input makes the input again, with what is wanted as it is given.
func (t *targetInput) input(desired []target.Desired) (reconcile.Input, error) {
	in := reconcile.Input{
		Target: t.Target, At: t.At, Capabilities: t.Capabilities, Owned: t.Owned, Policy: t.Policy,
		History: t.History.History, Approvals: t.Approvals, Releases: t.Releases,
		Filled: t.Filled, Taken: map[reconcile.Name]bool{},
	}
	in.Masks = t.masks()
	in.History.Losing = map[reconcile.Loss]time.Time{}
	for _, l := range t.History.Losing {
		in.History.Losing[reconcile.Loss{Key: l.Key, Entitlement: l.Entitlement}] = l.Since
	}
	in.History.Reserved = map[reconcile.Name]reconcile.Reservation{}
	for _, r := range t.History.Reserved {
		in.History.Reserved[r.Name] = reconcile.Reservation{Key: r.Key, Gone: r.Gone}
	}
	for _, n := range t.Taken {
		in.Taken[n.Name] = n.Taken
	}
	if !t.Whole {
		references := t.References
		if t.Looked && references == nil {
			references = map[target.Key]bool{}
		}
		in.Scope = reconcile.One(desired, t.Accounts, t.Catalogue, references)
		return in, nil
	}
	snap, err := t.snapshot()
	if err != nil {
		return reconcile.Input{}, err
	}
	in.Scope = reconcile.Whole(desired, t.Evidence, snap)
	return in, nil
}
