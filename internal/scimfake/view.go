package scimfake

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func (s *Server) show(w http.ResponseWriter, status int, in *[]*resource, x *resource, r *http.Request) {
	if s.Quirks.Versions {
		w.Header().Set("ETag", x.etag())
	}
	s.write(w, status, s.view(in == &s.users, x, r))
}

// view is a resource as it is sent.
func (s *Server) view(users bool, x *resource, r *http.Request) Object {
	o := clone(x.o)
	delete(o, "password")
	meta := Object{"resourceType": "Group"}
	if users {
		meta["resourceType"] = "User"
	}
	if s.Quirks.Versions {
		meta["version"] = x.etag()
	}
	o["meta"] = meta
	excluded := ""
	if r != nil {
		excluded = r.URL.Query().Get("excludedAttributes")
	}
	switch {
	case !users && (s.Quirks.HideMembers || strings.Contains(excluded, "members")):
		delete(o, "members")
	case users && s.Quirks.UserGroups:
		o["groups"] = s.groupsOf(x.id())
	}
	if users && s.Quirks.StringActive {
		o["active"] = map[bool]string{true: "True", false: "False"}[o["active"] == true]
	}
	if name, ok := o["name"].(Object); ok && s.Quirks.FlatNames {
		delete(o, "name")
		o["name.formatted"] = name["formatted"]
	}
	return o
}

func (s *Server) groupsOf(id string) []any {
	var out []any
	for _, g := range s.groups {
		if slices.ContainsFunc(elements(g.o["members"]), func(m any) bool { return part(m, "value") == id }) {
			e := Object{"value": g.id(), "display": g.o["displayName"], "type": "direct"}
			if s.Quirks.UserGroupIDs {
				delete(e, "display")
			}
			out = append(out, e)
		}
	}
	return out
}

func (s *Server) list(w http.ResponseWriter, r *http.Request, in []*resource) {
	q, users := r.URL.Query(), len(in) > 0 && find(s.users, in[0].id()) == in[0]
	var all []any
	for _, x := range in {
		ok, f := s.matches(x, q.Get("filter"))
		if f != nil {
			s.fail(w, f)
			return
		}
		if ok {
			all = append(all, s.view(users, x, r))
		}
	}
	if s.lists++; s.Quirks.Shuffled && q.Get("sortBy") != "id" && len(all) > 0 {
		at := s.lists * 7 % len(all)
		all = slices.Concat(all[at:], all[:at])
	}
	answer := Object{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:ListResponse"}, "totalResults": len(all)}
	count, err := strconv.Atoi(q.Get("count"))
	most := s.Quirks.MaxPage
	if most == 0 {
		most = 1000
	}
	if err != nil || count > most {
		count = most
	}
	start, _ := strconv.Atoi(q.Get("startIndex"))
	start = max(start, 1)
	if s.Quirks.Cursor {
		if q.Has("startIndex") {
			s.fail(w, bad("invalidValue"))
			return
		}
		n, _ := strconv.Atoi(q.Get("cursor"))
		start = n + 1
	}
	page := all[min(start-1, len(all)):min(start-1+count, len(all))]
	if s.Quirks.Unpaged {
		page = all
	}
	if s.Quirks.Cursor && start-1+len(page) < len(all) {
		answer["nextCursor"] = strconv.Itoa(start - 1 + len(page))
	}
	if s.Quirks.PageSums {
		answer["totalResults"] = len(page)
	}
	answer["itemsPerPage"], answer["startIndex"] = len(page), start
	if len(page) > 0 {
		answer["Resources"] = page
	}
	s.write(w, http.StatusOK, answer)
}
