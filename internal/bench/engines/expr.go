package engines

import (
	"errors"
	"fmt"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"github.com/provision-go/provision/source"
)

var errNoTruth = errors.New("the answer is no truth value")

// Expr is a list of conditions compiled by github.com/expr-lang/expr. It is not
// safe for concurrent use: one virtual machine runs them all, without making
// another for each, which its authors measure as the fastest.
type Expr struct {
	programs []*vm.Program
	machine  vm.VM
}

// ExprPerson is a person as expr sees one: a struct that is in an interface
// already, so that reading a field copies nothing.
type ExprPerson struct{ vars any }

// variables are what conditions can ask for.
type variables struct {
	AsOf           int      `expr:"as_of"`
	CostCenter     string   `expr:"cost_center"`
	City           string   `expr:"city"`
	Country        string   `expr:"country"`
	Department     string   `expr:"department"`
	EmploymentType string   `expr:"employment_type"`
	EndDate        int      `expr:"end_date"`
	Grade          int      `expr:"grade"`
	Groups         []string `expr:"groups"`
	JobTitle       string   `expr:"job_title"`
	Level          int      `expr:"level"`
	Remote         bool     `expr:"remote"`
	Site           string   `expr:"site"`
	Start          int      `expr:"start"`
	Status         string   `expr:"status"`
}

func variablesOf(i *source.Identity, asOf source.Date) variables {
	return variables{
		AsOf: DayNumber(asOf), CostCenter: i.CostCenter.Name, City: i.Location.City, Country: i.Location.Country, Department: i.Department.Name,
		EmploymentType: i.EmploymentType.String(), EndDate: DayNumber(i.End()), Grade: number(i, "grade"), Groups: groups(i),
		JobTitle: i.JobTitle, Level: number(i, "level"), Remote: custom(i, "remote") == "true", Site: custom(i, "site"),
		Start: DayNumber(i.Start()), Status: i.Status.String(),
	}
}

// NewExprPerson makes a person's variables.
func NewExprPerson(i *source.Identity, asOf source.Date) ExprPerson {
	return ExprPerson{variablesOf(i, asOf)}
}

// CompileExpr compiles conditions.
func CompileExpr(conditions ...string) (*Expr, error) {
	e := &Expr{}
	for _, text := range conditions {
		program, err := expr.Compile(text, expr.Env(variables{}), expr.AsBool())
		if err != nil {
			return nil, fmt.Errorf("expr: %s: %w", text, err)
		}
		e.programs = append(e.programs, program)
	}
	return e, nil
}

// Evaluate calls yield with the number of each condition that is true.
func (e *Expr) Evaluate(p ExprPerson, yield func(int)) error {
	for n, program := range e.programs {
		out, err := e.machine.Run(program, p.vars)
		if err != nil {
			return err
		}
		yes, ok := out.(bool)
		if !ok {
			return errNoTruth
		}
		if yes {
			yield(n)
		}
	}
	return nil
}
