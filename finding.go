package provision

import (
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// add joins the plan of one target.
func (p *Plan) add(tp *reconcile.Plan, noticed []target.Finding) {
	p.Targets = append(p.Targets, tp)
	for _, f := range noticed {
		p.Findings = append(p.Findings, Finding{
			Origin: "target " + f.Target, Code: f.Code, Identity: f.Key.Identity, Key: f.Key,
			Account: f.Account, Field: f.Field, Message: f.Message,
		})
	}
	for _, f := range tp.Findings {
		p.Findings = append(p.Findings, Finding{
			Origin: "plan " + tp.Target, Code: f.Code, Identity: f.Key.Identity, Key: f.Key,
			Account: f.Account, Field: f.Field, Count: f.Count, Message: f.Message,
		})
	}
}

func sourceFindings(noticed []source.Finding) []Finding {
	out := make([]Finding, 0, len(noticed))
	for _, f := range noticed {
		out = append(out, Finding{
			Origin: "source " + f.Source, Code: f.Code, Identity: f.Identity, Field: f.Field,
			Line: f.Line, Column: f.Column, Message: f.Message,
		})
	}
	return out
}
