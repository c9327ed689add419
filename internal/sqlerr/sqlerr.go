// Package sqlerr reads what database drivers say in their errors, without importing
// the drivers.
package sqlerr

import "reflect"

// Plain takes control characters out of a text.
func Plain(text string) string {
	out := []rune(text)
	for i, c := range out {
		if c < ' ' || c == 0x7f {
			out[i] = ' '
		}
	}
	return string(out)
}

// Text returns the first text that some error in the chain has under one of
// the names, as a method or as a field: drivers have them, and importing them all
// is no choice.
func Text(err error, names ...string) string {
	for v := range coded(err, names) {
		if v.Kind() == reflect.String && v.Len() > 0 {
			return v.String()
		}
	}
	return ""
}

// Number does the same for numbers.
func Number(err error, names ...string) (int64, bool) {
	for v := range coded(err, names) {
		switch {
		case v.CanInt():
			return v.Int(), true
		case v.CanUint():
			return int64(v.Uint()), true
		}
	}
	return 0, false
}

// coded yields what the errors of a chain have under the names.
func coded(err error, names []string) func(yield func(reflect.Value) bool) {
	return func(yield func(reflect.Value) bool) {
		for _, name := range names {
			if !walk(err, name, yield) {
				return
			}
		}
	}
}

func walk(err error, name string, yield func(reflect.Value) bool) bool {
	if err == nil {
		return true
	}
	if v := member(reflect.ValueOf(err), name); v.IsValid() && !yield(v) {
		return false
	}
	switch e := err.(type) { //nolint:errorlint // this is the walk along the chain
	case interface{ Unwrap() error }:
		return walk(e.Unwrap(), name, yield)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			if !walk(inner, name, yield) {
				return false
			}
		}
	}
	return true
}

// member calls a method without parameters, or reads a field.
func member(v reflect.Value, name string) reflect.Value {
	if m := v.MethodByName(name); m.IsValid() {
		if t := m.Type(); t.NumIn() == 0 && t.NumOut() == 1 {
			return m.Call(nil)[0]
		}
		return reflect.Value{}
	}
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	if f, ok := v.Type().FieldByName(name); !ok || !f.IsExported() {
		return reflect.Value{}
	}
	return v.FieldByName(name)
}
