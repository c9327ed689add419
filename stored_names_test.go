package provision_test

import (
	"encoding"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
)

// TestStoredNamesAreChosen: what is stored has names that a rename in Go does not
// change.
func TestStoredNamesAreChosen(t *testing.T) {
	seen := map[reflect.Type]bool{}
	for _, root := range []reflect.Type{
		reflect.TypeFor[provision.Entry](), reflect.TypeFor[provision.Finding](), reflect.TypeFor[reconcile.Plan](),
	} {
		checkNames(t, root, seen)
	}
	assert.True(t, seen[reflect.TypeFor[reconcile.FieldChange]()], "the walk came as far as the leaves")
}

func checkNames(t *testing.T, of reflect.Type, seen map[reflect.Type]bool) {
	t.Helper()
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice || of.Kind() == reflect.Map {
		of = of.Elem()
	}
	text := reflect.TypeFor[encoding.TextMarshaler]()
	if of.Kind() != reflect.Struct || seen[of] || of.Implements(text) {
		return
	}
	seen[of] = true
	lowerCamel := regexp.MustCompile(`^[a-z][a-zA-Z]*$`)
	for field := range of.Fields() {
		if !field.IsExported() {
			continue // never stored
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		assert.Regexp(t, lowerCamel, name, "%s.%s", of, field.Name)
		checkNames(t, field.Type, seen)
	}
}
