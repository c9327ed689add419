package engines

import (
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"github.com/provision-go/provision/source"
)

// CEL is a list of conditions compiled by cel.dev/cel-go with what depends on
// constants alone computed ahead, such as the sets that in looks into.
type CEL struct{ programs []cel.Program }

// CELPerson is a person as CEL sees one: an activation that all conditions share,
// whose values are of CEL's own types already, so that none is converted.
type CELPerson struct{ vars cel.Activation }

// NewCELPerson makes a person's variables.
func NewCELPerson(i *source.Identity, asOf source.Date) (CELPerson, error) {
	v := variablesOf(i, asOf)
	vars, err := cel.NewActivation(map[string]any{
		"as_of": types.Int(v.AsOf), "cost_center": types.String(v.CostCenter), "city": types.String(v.City), "country": types.String(v.Country),
		"department": types.String(v.Department), "employment_type": types.String(v.EmploymentType), "end_date": types.Int(v.EndDate),
		"grade": types.Int(v.Grade), "groups": types.NewStringList(types.DefaultTypeAdapter, v.Groups),
		"job_title": types.String(v.JobTitle), "level": types.Int(v.Level), "remote": types.Bool(v.Remote), "site": types.String(v.Site),
		"start": types.Int(v.Start), "status": types.String(v.Status),
	})
	return CELPerson{vars}, err
}

func declarations() []cel.EnvOption {
	return []cel.EnvOption{
		cel.Variable("as_of", cel.IntType), cel.Variable("cost_center", cel.StringType), cel.Variable("city", cel.StringType), cel.Variable("country", cel.StringType),
		cel.Variable("department", cel.StringType), cel.Variable("employment_type", cel.StringType), cel.Variable("end_date", cel.IntType),
		cel.Variable("grade", cel.IntType), cel.Variable("groups", cel.ListType(cel.StringType)),
		cel.Variable("job_title", cel.StringType), cel.Variable("level", cel.IntType), cel.Variable("remote", cel.BoolType),
		cel.Variable("site", cel.StringType), cel.Variable("start", cel.IntType), cel.Variable("status", cel.StringType),
	}
}

// CompileCEL compiles conditions.
func CompileCEL(conditions ...string) (*CEL, error) {
	env, err := cel.NewEnv(declarations()...)
	if err != nil {
		return nil, err
	}
	c := &CEL{}
	for _, text := range conditions {
		tree, issues := env.Compile(text)
		if err := issues.Err(); err != nil {
			return nil, fmt.Errorf("cel: %s: %w", text, err)
		}
		program, err := env.Program(tree, cel.EvalOptions(cel.OptOptimize))
		if err != nil {
			return nil, fmt.Errorf("cel: %s: %w", text, err)
		}
		c.programs = append(c.programs, program)
	}
	return c, nil
}

// Evaluate calls yield with the number of each condition that is true.
func (c *CEL) Evaluate(p CELPerson, yield func(int)) error {
	for n, program := range c.programs {
		out, _, err := program.Eval(p.vars)
		if err != nil {
			return err
		}
		yes, ok := out.(types.Bool)
		if !ok {
			return errNoTruth
		}
		if yes {
			yield(n)
		}
	}
	return nil
}
