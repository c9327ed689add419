package rules

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"github.com/provision-go/provision/target"
)

// An Explanation is why something is, or is not, wanted.
type Explanation struct {
	Key     target.Key
	Subject string // "account", "attribute title", "group:engineering"
	// Outcome is the state of the account ("enabled", "none", "undecided" …); the
	// value of the attribute, or "cleared", "undecided", "no opinion", "secret",
	// "chosen at the create"; "granted", "not granted", "undecided", "kept until
	// 2026-04-01" or "to be approved by manager".
	Outcome string
	// Sensitive: Outcome is a value that names or reaches a person.
	Sensitive bool
	// Causes are the rules that speak about it. For an account they are those
	// that decided.
	Causes []Cause
	// Next is when time alone alters Outcome; zero if never.
	Next time.Time

	given bool
	open  bool // an entitlement that its rules leave undecided
}

// Given reports whether the subject is there: an account that is enabled or
// disabled, a value or one that is made at the create, an entitlement that is
// granted. It is not meant for an Explanation that was made otherwise than by a
// [Set].
func (x *Explanation) Given() bool { return x.given }

// SubjectAccount is the subject of explanations about an account as a whole.
const SubjectAccount = "account"

// SubjectAttribute is the subject of explanations about an attribute. That of
// an entitlement is its text form.
func SubjectAttribute(name string) string { return attributePrefix + name }

const (
	attributePrefix = "attribute "
	noOpinion       = "no opinion"
	notGranted      = "not granted"
)

// Trace explains everything about one person on one target: the account, the life
// cycle, each attribute and each entitlement, also those that are not given. For
// each slot in the order of the Spec come the account, then the attributes by
// name, then the entitlements in order. It returns nil for a target that the
// set does not know and for a Person without an Identity.
//
// Values that reach a person are in it as they are: see [Explanation.Masked].
func (s *Set) Trace(p Person, at time.Time, name string) []Explanation {
	var out []Explanation
	for i := range s.accounts {
		if a := &s.accounts[i]; a.target == name && p.Identity != nil {
			out = append(out, s.traceAccount(a, p, at)...)
		}
	}
	return out
}

func (s *Set) traceAccount(a *account, p Person, at time.Time) []Explanation {
	out := s.explainAll(a, p, at, at)
	for _, t := range s.instants(p, at) {
		later := s.explainAll(a, p, t, at)
		for n := range out {
			if out[n].Next.IsZero() && out[n].Outcome != later[n].Outcome {
				out[n].Next = t.UTC()
			}
		}
	}
	return out
}

// explainAll explains everything about one account. What is lost now was lost by
// then.
func (s *Set) explainAll(a *account, p Person, at, lostBy time.Time) []Explanation {
	e := s.explainer(a, p, at, lostBy)
	defer e.close()
	out := []Explanation{e.account()}
	for n := range a.attributes {
		out = append(out, e.attribute(&a.attributes[n]))
	}
	for n := range a.gives {
		out = append(out, e.entitlement(&a.gives[n]))
	}
	return out
}

// instants are those at which time alone may alter the answer, in order.
func (s *Set) instants(p Person, at time.Time) []time.Time {
	d := s.Decider()
	d.now.begin(p, at)
	d.boundaries()
	return slices.CompactFunc(d.instants, time.Time.Equal)
}

// Why explains one subject on one target and slot, if it is given: see
// [Explanation.Given]. Subjects are [SubjectAccount], a [SubjectAttribute] or an
// entitlement as text, without its target: "group:sales". The second result is
// false if it is not given, or if the rules do not speak of it.
func (s *Set) Why(p Person, at time.Time, name, slot, subject string) (Explanation, bool) {
	x, ok := s.explain(p, at, name, slot, subject)
	if !ok || !x.Given() {
		return Explanation{}, false
	}
	return x, true
}

// WhyNot explains one subject that is not given, and what it would take: of each
// rule that could give it, the comparisons that are not yes, and those of the
// rules that forbid it. The second result is false if it is given, or if the rules
// do not speak of it.
func (s *Set) WhyNot(p Person, at time.Time, name, slot, subject string) (Explanation, bool) {
	x, ok := s.explain(p, at, name, slot, subject)
	if !ok || x.Given() {
		return Explanation{}, false
	}
	return x, true
}

func (s *Set) explain(p Person, at time.Time, name, slot, subject string) (Explanation, bool) {
	a := s.find(name, slot)
	if a == nil || p.Identity == nil {
		return Explanation{}, false
	}
	x, ok := s.explainOne(a, p, at, at, subject)
	if !ok {
		return Explanation{}, false
	}
	for _, t := range s.instants(p, at) {
		if later, _ := s.explainOne(a, p, t, at, subject); later.Outcome != x.Outcome {
			x.Next = t.UTC()
			break
		}
	}
	return x, true
}

// explainOne explains one subject. What is lost now was lost by then.
func (s *Set) explainOne(a *account, p Person, at, lostBy time.Time, subject string) (Explanation, bool) {
	e := s.explainer(a, p, at, lostBy)
	defer e.close()
	return e.subject(subject)
}

// Masked returns a copy in which a value that names or reaches a person stands as
// "#" and eight digits of its HMAC-SHA256 with a key: equal values can be
// recognised, and guessed by nobody without the key. Use one key for each tenant.
func (x *Explanation) Masked(key []byte) Explanation {
	out := *x
	if x.Sensitive {
		out.Outcome = mask(key, x.Outcome)
	}
	out.Causes = slices.Clone(x.Causes)
	for i := range out.Causes {
		c := &out.Causes[i]
		c.Atoms = slices.Clone(c.Atoms)
		for n := range c.Atoms {
			if a := &c.Atoms[n]; a.Sensitive && a.Value != "" {
				a.Value = mask(key, a.Value)
			}
		}
	}
	return out
}

func mask(key []byte, value string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(value))
	return "#" + hex.EncodeToString(h.Sum(nil))[:8]
}
