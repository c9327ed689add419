package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/provision-go/provision/internal/bench/engines"
	"github.com/provision-go/provision/internal/bench/fifty"
	"github.com/provision-go/provision/internal/bench/measure"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

var errDiffer = errors.New("the sides come to different entitlements")

const (
	decided = 1000 // people
	passes  = 5    // over all of them in one run
	steady  = 31   // rounds: runs are short, and a busy machine disturbs some
)

// deciding is fifty rules in every form, and people for whom they are decided.
type deciding struct {
	people   []source.Identity
	rules    []fifty.Rule
	decider  *rules.Decider
	closures []fifty.Closure
	expr     *engines.Expr
	asExpr   []engines.ExprPerson
	cel      *engines.CEL
	asCEL    []engines.CELPerson
	total    int // entitlements of everybody
	holds    []target.Entitlement
}

func newDeciding(size int) (*deciding, error) {
	set, err := fifty.Set()
	if err != nil {
		return nil, err
	}
	list, err := fifty.Rules()
	if err != nil {
		return nil, err
	}
	d := &deciding{people: fifty.People(size), rules: list, decider: set.Decider(), closures: fifty.Closures(fifty.Today())}
	var asExpr, asCEL []string
	for _, r := range list {
		asExpr, asCEL = append(asExpr, r.Expr()), append(asCEL, r.CEL())
	}
	if d.expr, err = engines.CompileExpr(asExpr...); err != nil {
		return nil, err
	}
	if d.cel, err = engines.CompileCEL(asCEL...); err != nil {
		return nil, err
	}
	for n := range d.people {
		p, err := engines.NewCELPerson(&d.people[n], fifty.Today())
		if err != nil {
			return nil, err
		}
		d.asExpr, d.asCEL = append(d.asExpr, engines.NewExprPerson(&d.people[n], fifty.Today())), append(d.asCEL, p)
	}
	return d, d.agree()
}

// agree compares what all sides give to each person.
func (d *deciding) agree() error {
	for n := range d.people {
		ours := slices.Clone(d.ours(n))
		slices.SortFunc(ours, target.Entitlement.Compare)
		for _, side := range []func(int) error{d.byHand, d.byExpr, d.byCEL} {
			if err := side(n); err != nil {
				return err
			}
			slices.SortFunc(d.holds, target.Entitlement.Compare)
			if !slices.Equal(ours, d.holds) {
				return fmt.Errorf("%w: %s", errDiffer, d.people[n].ID)
			}
		}
		d.total += len(ours)
	}
	return nil
}

// ours decides for the person with a number: the account, its state, what is
// undecided, what will change and when, and the entitlements.
func (d *deciding) ours(n int) []target.Entitlement {
	decision := d.decider.Decide(rules.Person{Identity: &d.people[n]}, fifty.Noon())
	return decision.Accounts[0].Desired.Entitlements
}

func (d *deciding) byOurs(n int) error {
	d.holds = d.ours(n)
	return nil
}

func (d *deciding) byHand(n int) error {
	d.holds = d.holds[:0]
	for k, applies := range d.closures {
		if applies(&d.people[n]) {
			d.holds = append(d.holds, d.rules[k].Give)
		}
	}
	return nil
}

func (d *deciding) give(k int) { d.holds = append(d.holds, d.rules[k].Give) }

func (d *deciding) byExpr(n int) error {
	d.holds = d.holds[:0]
	return d.expr.Evaluate(d.asExpr[n], d.give)
}

func (d *deciding) byCEL(n int) error {
	d.holds = d.holds[:0]
	return d.cel.Evaluate(d.asCEL[n], d.give)
}

// everybody is a side that decides for everybody, several times.
func (d *deciding) everybody(name string, decide func(n int) error) measure.Side {
	return measure.Side{Name: name, Run: func() error {
		d.holds = nil // the lists of the side before are not ours to write
		given := 0
		for range passes {
			for n := range d.people {
				if err := decide(n); err != nil {
					return err
				}
				given += len(d.holds)
			}
		}
		if given != passes*d.total {
			return fmt.Errorf("%w: %d of %d", errDiffer, given, passes*d.total)
		}
		return nil
	}}
}

// decide measures Decider.Decide with fifty rules from a file for one person after
// the other. Ours is the whole decision. The other sides evaluate the fifty
// conditions and nothing else, and the values of expr and CEL are ready before.
// What counts is CPU time: all sides use one core.
func decide(_ context.Context, r *results) error {
	d, err := newDeciding(decided)
	if err != nil {
		return err
	}
	sides := []measure.Side{
		d.everybody("decide", d.byOurs), d.everybody("closures", d.byHand),
		d.everybody("expr", d.byExpr), d.everybody("cel", d.byCEL),
	}
	times, err := measure.Rounds(steady, sides...)
	if err != nil {
		return err
	}
	r.each(times, passes*decided, sides)
	r.set("decide-50-rules", ratio(times[0].CPU, times[1].CPU))
	r.set("decide-vs-expr", ratio(times[2].CPU, times[0].CPU))
	r.set("decide-vs-cel", ratio(times[3].CPU, times[0].CPU))
	return nil
}
