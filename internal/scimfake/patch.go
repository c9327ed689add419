package scimfake

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

var pathText = regexp.MustCompile(`^(?:(urn:.+):)?([\w$\-]+)(?:\[(.*)\])?(?:\.([\w$\-]+))?$`)

// patch applies a PATCH to a copy.
func (s *Server) patch(users bool, o Object, body []byte) (Object, *fault) {
	var request struct {
		Schemas    []string    `json:"schemas"`
		Operations []operation `json:"Operations"`
	}
	if err := json.Unmarshal(body, &request); err != nil || len(request.Operations) == 0 ||
		!slices.Contains(request.Schemas, "urn:ietf:params:scim:api:messages:2.0:PatchOp") {
		return nil, bad("invalidSyntax")
	}
	changes := 0
	for _, op := range request.Operations {
		if strings.HasPrefix(op.Path, "members") {
			changes += max(len(elements(op.Value)), 1)
		}
		if f := s.apply(users, o, op); f != nil {
			return nil, f
		}
	}
	if s.Quirks.MaxChanges > 0 && changes > s.Quirks.MaxChanges {
		return nil, bad("tooMany")
	}
	return o, nil
}

func (s *Server) apply(users bool, o Object, op operation) *fault {
	m := pathText.FindStringSubmatch(op.Path)
	if m == nil {
		return bad("invalidPath")
	}
	urn, name, filter, sub := m[1], m[2], m[3], m[4]
	if filter != "" && s.Quirks.NoFilterPaths && users {
		return bad("invalidPath")
	}
	in := o
	if urn != "" && urn != "urn:ietf:params:scim:schemas:core:2.0:User" {
		ext, ok := o[urn].(Object)
		if !ok {
			ext = Object{}
			o[urn] = ext
		}
		defer func() {
			if len(ext) == 0 {
				delete(o, urn)
			}
		}()
		in = ext
	}
	name = key(in, name) // names are equal whatever their case: RFC 7643, section 2.1
	if name == "id" || name == "meta" || name == "groups" {
		return bad("mutability")
	}
	switch {
	case op.Op == "remove":
		return s.removeAt(in, name, filter, sub, op.Value)
	case op.Op != "add" && op.Op != "replace" || op.Value == nil:
		return bad("invalidSyntax")
	case filter != "":
		return s.setElements(in, name, filter, sub, op)
	case multi(name):
		return s.setMulti(in, name, op)
	case sub != "":
		outer, ok := in[name].(Object)
		if !ok {
			if op.Op == "replace" && s.Quirks.NoReplaceMissing {
				return bad("noTarget")
			}
			outer = Object{}
			in[name] = outer
		}
		outer[key(outer, sub)] = op.Value
		return nil
	}
	if _, ok := in[name]; !ok && op.Op == "replace" && s.Quirks.NoReplaceMissing {
		return bad("noTarget")
	}
	in[name] = op.Value
	return nil
}

func (s *Server) setMulti(in Object, name string, op operation) *fault {
	if name == "members" && (s.Quirks.HideMembers && op.Op == "replace") {
		return bad("invalidValue")
	}
	var out []any
	if op.Op == "add" && (name != "members" || !s.Quirks.AddReplaces) {
		out = elements(in[name])
	}
	for _, v := range elements(op.Value) {
		same := func(e any) bool {
			if name == "members" {
				return part(e, "value") == part(v, "value")
			}
			return reflect.DeepEqual(e, v)
		}
		if !slices.ContainsFunc(out, same) || s.Quirks.DuplicateMembers && name == "members" {
			out = append(out, v)
		}
	}
	in[name] = out
	return nil
}

func (s *Server) setElements(in Object, name, filter, sub string, op operation) *fault {
	found := false
	for _, e := range elements(in[name]) {
		ok, f := s.all(e, filter, false)
		if f != nil {
			return f
		}
		if o, is := e.(Object); ok && is && sub != "" {
			found = true
			o[key(o, sub)] = op.Value
		}
	}
	if !found {
		return bad("noTarget")
	}
	return nil
}

func (s *Server) removeAt(in Object, name, filter, sub string, value any) *fault {
	if name == "members" && value != nil && filter == "" {
		return s.removeValues(in, value)
	}
	if filter != "" {
		if name == "members" && s.Quirks.RemoveByValue {
			return bad("invalidPath")
		}
		return s.removeElements(in, name, filter, sub)
	}
	if name == "members" && s.Quirks.HideMembers {
		return bad("invalidValue") // all of them: AWS refuses that
	}
	if _, ok := in[name]; !ok && s.Quirks.NoRemoveMissing {
		return bad("noTarget")
	}
	if sub == "" {
		delete(in, name)
		return nil
	}
	outer, _ := in[name].(Object)
	sub = key(outer, sub)
	if _, ok := outer[sub]; !ok && s.Quirks.NoRemoveMissing {
		return bad("noTarget")
	}
	delete(outer, sub)
	return nil
}

func (s *Server) removeValues(in Object, value any) *fault {
	if s.Quirks.WipeByValue {
		delete(in, "members")
		return nil
	}
	in["members"] = slices.DeleteFunc(elements(in["members"]), func(m any) bool {
		return slices.ContainsFunc(elements(value), func(v any) bool { return part(v, "value") == part(m, "value") })
	})
	return nil
}

func (s *Server) removeElements(in Object, name, filter, sub string) *fault {
	var out []any
	found := false
	for _, e := range elements(in[name]) {
		ok, f := s.all(e, filter, name == "members")
		if f != nil {
			return f
		}
		found = found || ok
		switch o, is := e.(Object); {
		case !ok:
			out = append(out, e)
		case sub != "" && is:
			delete(o, key(o, sub))
			out = append(out, o)
		}
	}
	if !found {
		return bad("noTarget")
	}
	in[name] = out
	return nil
}
