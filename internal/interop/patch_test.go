//go:build !race

package interop_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
)

// result is what an operation makes of a resource: plain, without schemas, of which
// scim-patch knows nothing, and without what is not assigned (RFC 7643, section 2.5);
// or the scimType of the error.
type result struct {
	resource scim.Object
	fails    string
	text     string // of the error
}

// same says whether two results are, the reason of an error aside.
func (r result) same(other result) bool {
	if r.fails != "" || other.fails != "" {
		return r.fails != "" && other.fails != ""
	}
	return scim.Same(r.resource, other.resource)
}

// step is an operation on a resource, and what came of it.
type step struct {
	of           *scim.ResourceType
	before       scim.Object
	op           scim.Object
	kind         string // add, remove or replace
	attr         string // of the path; "" without one
	filter       string // what is in brackets
	sub          string
	ours, theirs result
}

// patchRules are those of the RFC, where scim-patch follows it: an operation whose path
// has a filter that matches nothing adds an element or removes none (RFC 7644 says
// noTarget, in section 3.12, and nothing in sections 3.5.2.1 and 3.5.2.2).
func patchRules() scim.Rules {
	r := scim.Strict()
	r.AddMissingTarget, r.RemoveMissingTarget = true, true
	return r
}

func newStep(of *scim.ResourceType, before, op scim.Object) *step {
	s := &step{of: of, before: before, op: op, kind: strings.ToLower(op["op"].(string))}
	path, _ := op["path"].(string)
	path = strings.TrimPrefix(strings.TrimPrefix(path, scim.UserURN+":"), scim.GroupURN+":")
	if rest, ok := strings.CutPrefix(path, scim.EnterpriseURN); ok {
		s.attr = scim.EnterpriseURN
		s.sub = strings.TrimPrefix(rest, ":")
		return s
	}
	s.attr = path
	if from, to := strings.IndexByte(path, '['), strings.LastIndexByte(path, ']'); from >= 0 {
		s.attr, s.filter, s.sub = path[:from], path[from+1:to], strings.TrimPrefix(path[to+1:], ".")
	} else if name, sub, ok := strings.Cut(path, "."); ok {
		s.attr, s.sub = name, sub
	}
	return s
}

// value is what the operation says about an attribute, with or without a path.
func (s *step) value(name string) any {
	if s.op["path"] != nil {
		if s.attr != name || s.sub != "" {
			return nil
		}
		return s.op["value"]
	}
	o, _ := s.op["value"].(scim.Object)
	return o[name]
}

// elements are those of a multi-valued attribute before.
func (s *step) elements(name string) []any {
	list, _ := s.before[name].([]any)
	return list
}

// take asks both.
func (s *step) take(ask *script) scim.Object {
	after, ours := patched(s.of, s.before, s.op)
	s.ours = ours
	s.theirs = scimPatch(ask, s.before, s.op)
	return after
}

func patched(of *scim.ResourceType, before scim.Object, ops ...any) (scim.Object, result) {
	request, err := scim.ParsePatch(of, scim.Object{"schemas": []any{scim.PatchURN}, "Operations": ops}, patchRules(), scim.Limits{})
	var after scim.Object
	if err == nil {
		after, _, err = scim.Patch(of, before, request, patchRules())
	}
	if err == nil {
		o, _ := assigned(after).(scim.Object)
		return after, result{resource: o}
	}
	e, ok := errors.AsType[*scim.Error](err)
	if !ok {
		return nil, result{fails: "not an error of SCIM", text: err.Error()}
	}
	return nil, result{fails: e.Type, text: err.Error()}
}

func scimPatch(ask *script, before scim.Object, ops ...any) result {
	var said struct {
		OK    json.RawMessage
		Error *struct{ Type, Message string }
	}
	ask.ask(scim.Object{"patch": scim.Object{"resource": before, "operations": ops}}, &said)
	if said.Error != nil {
		return result{fails: said.Error.Type, text: said.Error.Message}
	}
	after, err := scim.Decode(said.OK)
	require.NoError(ask.t, err)
	o, _ := assigned(after).(scim.Object)
	return result{resource: o}
}

// assigned is a value without what is not assigned, and without schemas.
func assigned(v any) any {
	switch v := v.(type) {
	case scim.Object:
		out := scim.Object{}
		for name, x := range v {
			if x = assigned(x); x != nil && name != "schemas" {
				out[name] = x
			}
		}
		if len(out) > 0 {
			return out
		}
		return nil
	case []any:
		var out []any
		for _, x := range v {
			if x = assigned(x); x != nil {
				out = append(out, x)
			}
		}
		if out == nil {
			return nil
		}
		return out
	}
	return v
}

// TestPatchAsScimPatch: operations make of resources what scim-patch makes of them,
// its deviations aside: one by one, and all in one request.
func TestPatchAsScimPatch(t *testing.T) {
	t.Parallel()
	const seed = 11
	rounds := 2000
	if os.Getenv("PROVISION_STORM") != "" {
		rounds = 20_000
	}
	ask := node(t, "oracle.mjs")
	w := newWriter(seed)
	met := map[string]int{}
	agreed, whole := 0, 0
	for n := range rounds {
		of, group := w.user, w.IntN(4) == 0
		if group {
			of = w.group
		}
		start := w.resource(group)
		now, all, ops := start, true, []any(nil)
		for range 1 + w.IntN(4) {
			s := newStep(of, now, w.operation(group))
			after := s.take(ask)
			if s.ours.same(s.theirs) {
				agreed++
			} else {
				all = false
				excuse := s.excused()
				if !assert.NotEmpty(t, excuse, "seed %d, round %d: %s", seed, n, s) {
					return
				}
				for _, name := range excuse {
					met[name]++
				}
			}
			if s.ours.fails != "" {
				all = false
				continue
			}
			now, ops = after, append(ops, s.op)
		}
		_, once := patched(of, start, ops...)
		if len(ops) > 0 {
			o, _ := assigned(now).(scim.Object)
			require.True(t, once.same(result{resource: o}), "seed %d, round %d: operations in one request are something else: %v", seed, n, once)
		}
		if all && len(ops) > 1 {
			whole++
			require.True(t, once.same(scimPatch(ask, start, ops...)), "seed %d, round %d", seed, n)
		}
	}
	for _, d := range deviations() {
		assert.NotZero(t, met[d.name], "this deviation was not met: %s", d.name)
	}
	assert.Greater(t, agreed, rounds, "too few steps are the same for the test to say much")
	assert.Greater(t, whole, rounds/5)
	t.Logf("%d steps and %d requests are the same, deviations: %v", agreed, whole, met)
}

// String writes all of a step.
func (s *step) String() string {
	text := func(v any) string {
		out, err := json.Marshal(v)
		if err != nil {
			return err.Error()
		}
		return string(out)
	}
	return "\nbefore " + text(s.before) + "\nop     " + text(s.op) +
		"\nours   " + text(s.ours.resource) + s.ours.fails + " " + s.ours.text +
		"\ntheirs " + text(s.theirs.resource) + s.theirs.fails + " " + s.theirs.text
}
