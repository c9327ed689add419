package reconcile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// format is the version of the stored form of a plan.
const format = 1

// wire is a Plan without its methods.
type wire Plan

type document struct {
	Format int `json:"format"`
	*wire
}

var (
	errFormat      = errors.New("unknown format of a plan")
	errNotItsID    = errors.New("content and ID do not belong together")
	errFingerprint = errors.New("changes and fingerprint do not belong together")
	errClaim       = errors.New("a claim names a budget that is not there")
	errGuarded     = errors.New("changes and what the guards hold do not belong together")
)

// MarshalJSON writes the whole plan, sensitive values included, with "format": 1
// first. Equal plans give equal bytes.
func (p *Plan) MarshalJSON() ([]byte, error) {
	return json.Marshal(document{format, (*wire)(p)})
}

// UnmarshalJSON reads what MarshalJSON wrote. It refuses another format, fields
// that it does not know (one may be a condition), and a plan whose changes do
// not match their IDs, its fingerprint or what its guards hold: approvals and releases
// bind to those.
// A masked plan is read without that last check, because it cannot be applied, and IDs that
// Plan.Masks were part of are checked by Unlock.
// On error the plan stays as it was.
func (p *Plan) UnmarshalJSON(b []byte) error {
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return fmt.Errorf("read plan: %w", err)
	}
	if head.Format != format {
		return fmt.Errorf("read plan: %w: %d, want %d", errFormat, head.Format, format)
	}
	var read Plan
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&document{wire: (*wire)(&read)}); err != nil {
		return fmt.Errorf("read plan: %w", err)
	}
	if err := read.verify(); err != nil {
		return fmt.Errorf("read plan: %w", err)
	}
	*p = read
	return nil
}

// verify checks that IDs and fingerprint belong to the content.
func (p *Plan) verify() error {
	if p.Masked {
		return nil
	}
	var wrong error
	rules := p.Masks.under(p.Rules)
	for c := range p.All() {
		if !p.Masks.Locked() && c.identify(rules) != c.ID { // see Unlock
			wrong = fmt.Errorf("%s %s: %w", c.Action, c.Key, errNotItsID)
			break
		}
	}
	if wrong == nil && p.fingerprint() != p.Fingerprint {
		wrong = errFingerprint
	}
	for _, c := range p.Claims {
		if wrong == nil && !p.valid(c) {
			wrong = fmt.Errorf("%s: %w", c.Change, errClaim)
		}
	}
	if wrong == nil && p.weigh(p.matters(), slices.Clone(p.Guards), decisions{}) != p.Guarded {
		wrong = errGuarded
	}
	return wrong
}
