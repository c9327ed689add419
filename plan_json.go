package provision

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/provision-go/provision/reconcile"
)

// planFormat is the version of a stored plan.
const planFormat = 1

var errPlanFormat = errors.New("unknown format")

type planJSON struct {
	Format   int               `json:"format"`
	Identity string            `json:"identity,omitempty"`
	Targets  []*reconcile.Plan `json:"targets"`
	Findings []Finding         `json:"findings,omitempty"`
	Unread   []unreadJSON      `json:"unread,omitempty"`
	// Quarantined is for people: an Apply asks the journal.
	Quarantined []Quarantined `json:"quarantined,omitempty"`
}

type unreadJSON struct {
	Target string `json:"target"`
	Error  string `json:"error"`
}

// MarshalJSON writes the plan complete, so that another process can apply it. It
// holds personal data; see [Plan.Redacted].
func (p *Plan) MarshalJSON() ([]byte, error) {
	out := planJSON{Format: planFormat, Identity: p.Identity, Targets: p.Targets, Findings: p.Findings, Quarantined: p.Quarantined}
	if out.Targets == nil {
		out.Targets = []*reconcile.Plan{}
	}
	for _, u := range p.Unread {
		out.Unread = append(out.Unread, unreadJSON{u.Target, u.Err.Error()})
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads a stored plan. It refuses a format that it does not know.
// On error the plan stays as it was.
func (p *Plan) UnmarshalJSON(b []byte) error {
	var in planJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return fmt.Errorf("stored plan: %w", err)
	}
	if in.Format != planFormat {
		return fmt.Errorf("stored plan: %w: %d", errPlanFormat, in.Format)
	}
	for i, tp := range in.Targets {
		if tp == nil {
			return fmt.Errorf("stored plan: %w: target %d is null", errPlanFormat, i)
		}
	}
	*p = Plan{Identity: in.Identity, Targets: in.Targets, Findings: in.Findings, Quarantined: in.Quarantined}
	for _, u := range in.Unread {
		p.Unread = append(p.Unread, Unread{Target: u.Target, Err: errors.New(u.Error)})
	}
	return nil
}
