package rulestest

import (
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/rules/internal/document"
)

// closed refuses keys that a mapping does not have.
func (r *caseReader) closed(v *document.Value, what string, keys []string) {
	for i := range v.Pairs {
		if k := &v.Pairs[i].Key; !slices.Contains(keys, k.Text) {
			r.fail(k, "unknown key %q in %s; there are %s", k.Text, what, strings.Join(keys, ", "))
		}
	}
}

func get(v *document.Value, key string) *document.Value {
	for i := range v.Pairs {
		if v.Pairs[i].Key.Text == key {
			return v.Pairs[i].Value
		}
	}
	return nil
}

// is checks what sort of value stands somewhere.
func (r *caseReader) is(v *document.Value, kind document.Kind, name, want string) bool {
	if v.Kind != kind {
		r.fail(v, "%s has to be %s", name, want)
		return false
	}
	return true
}

func (r *caseReader) text(v *document.Value, name string) string {
	if !r.is(v, document.Scalar, name, "a text") {
		return ""
	}
	return v.Text
}

// texts reads a list of texts; one text is a list of one.
func (r *caseReader) texts(v *document.Value, name string) []string {
	if v.Kind == document.Scalar {
		return []string{v.Text}
	}
	if !r.is(v, document.Sequence, name, "a list such as [a, b]; write [] if there is nothing") {
		return nil
	}
	out := make([]string, 0, len(v.Items))
	for _, item := range v.Items {
		out = append(out, r.text(item, name))
	}
	return out
}

// roles reads a list of roles.
func (r *caseReader) roles(v *document.Value, name string) []role {
	items := v.Items
	if v.Kind == document.Scalar {
		items = []*document.Value{v}
	} else if !r.is(v, document.Sequence, name, "a list of roles such as [app/group:developer]; write [] if there is nothing") {
		return nil
	}
	var out []role
	for _, item := range items {
		x, err := r.set.role(r.text(item, name))
		if err != nil {
			r.fail(item, "%s: %v", name, err)
			continue
		}
		out = append(out, x)
	}
	return out
}

func (r *caseReader) instant(v *document.Value, name string) time.Time {
	at, err := instant(r.text(v, name), r.zone)
	if err != nil {
		r.fail(v, "%s: %v", name, err)
	}
	return at
}
