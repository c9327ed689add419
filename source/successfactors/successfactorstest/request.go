package successfactorstest

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const mostPage = 1000

// A request is what PerPerson was asked.
type request struct {
	selects, expands []string
	filter           filter
	ids              []string // of the people whom it names, nil for all
	statuses         bool     // the filter says something of users' statuses
	pageSize         int
	snapshot, count  bool
	asOf, from, to   string
}

// readQuery reads the parameters of a list. Whatever is not documented is refused, and
// so is $skip, with which rows are lost.
func (s *Server) readQuery(query url.Values) (request, http.Handler) {
	asked := request{pageSize: mostPage}
	for name, values := range query {
		if len(values) != 1 {
			return asked, invalid("COE_BAD_REQUEST", name+" is given more than once")
		}
		if refusal := s.readParameter(&asked, name, values[0]); refusal != nil {
			return asked, refusal
		}
	}
	switch {
	case query.Get("$format") != "json":
		return asked, invalid("COE_UNSUPPORTED_FEATURE", "[COE0018]this fake writes JSON only")
	case asked.asOf != "" && asked.from+asked.to != "":
		return asked, invalid("COE_BAD_REQUEST", "[COE0033]asOfDate and fromDate/toDate exclude each other")
	case len(asked.selects) == 0:
		return asked, invalid("COE_BAD_REQUEST", "this fake wants $select, so that nobody asks for everything")
	}
	refusal := s.checkPaths(&asked)
	return asked, refusal
}

func (s *Server) readParameter(asked *request, name, value string) http.Handler {
	switch name {
	case "$format":
	case "$select":
		asked.selects = strings.Split(value, ",")
	case "$expand":
		asked.expands = strings.Split(value, ",")
	case "$filter":
		f, ids, err := parseFilter(value, s.schema)
		if err != nil {
			return invalid("COE_INVALID_FILTER", "[COE0009]"+err.Error())
		}
		asked.filter, asked.ids, asked.statuses = f, ids, strings.Contains(value, "userNav/status")
	case "customPageSize":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > mostPage {
			return invalid("COE_BAD_REQUEST", "customPageSize must be between 1 and 1000")
		}
		asked.pageSize = n
	case "paging":
		if value != "snapshot" {
			return invalid("COE_BAD_REQUEST", "this fake pages by snapshots only")
		}
		asked.snapshot = true
	case "$inlinecount":
		if value != "allpages" {
			return invalid("COE_BAD_REQUEST", "want $inlinecount=allpages")
		}
		asked.count = true
	case "asOfDate", "fromDate", "toDate":
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return invalid("COE_BAD_REQUEST", name+" is no day")
		}
		switch name {
		case "asOfDate":
			asked.asOf = value
		case "fromDate":
			asked.from = value
		default:
			asked.to = value
		}
	default:
		return invalid("COE_BAD_REQUEST", "unknown parameter "+name)
	}
	return nil
}

// checkPaths wants every property to exist, and every navigation before it to be
// expanded.
func (s *Server) checkPaths(asked *request) http.Handler {
	for _, path := range asked.expands {
		if nav, ok := s.walk(path); !ok || !nav {
			return invalid("COE_PROPERTY_NOT_FOUND", "[COE0021]Invalid property names: PerPerson/"+path)
		}
	}
	for _, path := range asked.selects {
		if nav, ok := s.walk(path); !ok || nav {
			return invalid("COE_PROPERTY_NOT_FOUND", "[COE0021]Invalid property names: PerPerson/"+path)
		}
		if n := strings.LastIndexByte(path, '/'); n >= 0 && !slices.Contains(asked.expands, path[:n]) {
			return invalid("COE_BAD_REQUEST", "$select has "+path+", which is not expanded")
		}
	}
	return nil
}

// walk says what a path leads to.
func (s *Server) walk(path string) (nav, ok bool) {
	k := s.schema["PerPerson"]
	parts := strings.Split(path, "/")
	for n, name := range parts {
		next, isNav := k.navs[name]
		switch {
		case isNav:
			k, nav = s.schema[strings.TrimPrefix(next, "*")], true
		case n == len(parts)-1 && slices.Contains(k.properties, name):
			return false, true
		default:
			return false, false
		}
	}
	return nav, true
}

// list answers a request for people.
func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	if refusal := s.tokenIsGood(r); refusal != nil {
		refusal.ServeHTTP(w, r)
		return
	}
	if r.Method != http.MethodGet {
		refused(http.StatusMethodNotAllowed, "COE_METHOD_NOT_ALLOWED", "want GET").ServeHTTP(w, r)
		return
	}
	session := s.session(w, r)
	query := r.URL.Query()
	number, first := 0, 0
	if token := query.Get("$skiptoken"); token != "" {
		var ok bool
		if number, first, ok = s.readToken(token); !ok || s.snapshots[number].session != session {
			invalid("COE_BAD_REQUEST", "[COE0029]the snapshot of the $skiptoken is not there in this session").ServeHTTP(w, r)
			return
		}
	} else {
		asked, refusal := s.readQuery(query)
		if refusal != nil {
			refusal.ServeHTTP(w, r)
			return
		}
		number = len(s.snapshots)
		s.snapshots = append(s.snapshots, snapshot{session: session, asked: asked, ids: s.matching(&asked)})
	}
	shot := &s.snapshots[number]
	last := min(first+shot.asked.pageSize, len(shot.ids))
	people := make([]any, 0, last-first)
	for _, id := range shot.ids[first:last] {
		if p := s.people[id]; p != nil { // deleted meanwhile
			people = append(people, s.write(&shot.asked, p, "http://"+r.Host))
		}
	}
	d := map[string]any{"results": people}
	if shot.asked.count && !s.cfg.NoCount {
		d["__count"] = strconv.Itoa(len(shot.ids))
	}
	if last < len(shot.ids) {
		token := base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(number) + ":" + strconv.Itoa(last)))
		d["__next"] = "http://" + r.Host + "/odata/v2/PerPerson?$format=json&$skiptoken=" + url.QueryEscape(token)
		if r.URL.Scheme == "https" || r.TLS != nil {
			d["__next"] = strings.Replace(d["__next"].(string), "http://"+r.Host, "https://"+r.Host+":443", 1)
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"d": d})
}

func (s *Server) readToken(token string) (number, first int, ok bool) {
	text, err := base64.StdEncoding.DecodeString(token)
	a, b, found := strings.Cut(string(text), ":")
	number, wrong := strconv.Atoi(a)
	first, alsoWrong := strconv.Atoi(b)
	return number, first, err == nil && found && wrong == nil && alsoWrong == nil && number >= 0 && number < len(s.snapshots) &&
		first >= 0 && first <= len(s.snapshots[number].ids)
}

// matching returns the keys of the people who are meant by a request. Without a word on
// users' statuses only active users count (SAP note 2166571).
func (s *Server) matching(asked *request) []string {
	var ids []string
	among := s.ids
	if asked.ids != nil {
		among = asked.ids
	}
	for _, id := range among {
		p := s.people[id]
		if s.hidden[id] || p == nil {
			continue
		}
		e := s.entityOf(p, asked, true)
		active := asked.statuses || filter(func(e entity) bool {
			return anyAt(e, []string{"employmentNav", "userNav", "status"}, func(v any) bool { return v == "t" })
		})(e)
		if active && (asked.filter == nil || asked.filter(e)) {
			ids = append(ids, id)
		}
	}
	return ids
}
