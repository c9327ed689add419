package successfactors

import (
	"slices"
	"strings"
)

// part is what a property says of a field.
type part uint8

const (
	whole    part = iota
	refCode       // the external code of a foundation object
	refName       // its name
	refPlain      // its external code, beside the navigation
)

// A fill is a field that a property fills.
type fill struct {
	mapping int
	part    part
}

// A node is a property, or a navigation with what lies behind it.
type node struct {
	children map[string]*node
	fills    []fill
	special  special
}

// special says what a property means beyond the fields that it fills.
type special uint8

const (
	none special = iota
	personID
	personUUID
	personModified
	personalNav
	emailNav
	employmentNav
	sliceStart
	sliceEnd
	emailAddress
	emailPrimary
	emailType
	emailTypeCode
	employmentUser
	employmentClass
	userNav
	userStatus
	jobNav
	jobSequence
	jobStatus
	jobStatusCode
)

func specials() map[string]special {
	return map[string]special{
		"personIdExternal": personID, "perPersonUuid": personUUID, "lastModifiedDateTime": personModified,
		"personalInfoNav": personalNav, "personalInfoNav/startDate": sliceStart, "personalInfoNav/endDate": sliceEnd,
		"emailNav": emailNav, "emailNav/emailAddress": emailAddress, "emailNav/isPrimary": emailPrimary,
		"emailNav/emailType": emailType, "emailNav/emailTypeNav/externalCode": emailTypeCode,
		"employmentNav": employmentNav, work + "userId": employmentUser, work + "assignmentClass": employmentClass,
		"employmentNav/userNav": userNav, user + "status": userStatus,
		"employmentNav/jobInfoNav": jobNav, job + "startDate": sliceStart, job + "endDate": sliceEnd, job + "seqNumber": jobSequence,
		job + "emplStatus": jobStatus, job + "emplStatusNav/externalCode": jobStatusCode,
	}
}

// A layout is what is asked for, and where in the answer it is.
type layout struct {
	root           *node
	selects, nexts []string // $select and $expand, sorted
}

// layoutOf lays out the question for a configuration.
func layoutOf(cfg *Config, mappings []mapping) layout {
	l := layout{root: &node{}}
	for _, path := range always() {
		l.add(path)
	}
	emails := len(cfg.WorkEmailTypes)+len(cfg.PersonalEmailTypes) > 0 || cfg.PrimaryEmail
	if emails {
		for _, path := range emailPaths() {
			l.add(path)
		}
	}
	for n := range mappings {
		l.place(cfg, n, mappings[n].path)
	}
	slices.Sort(l.selects)
	slices.Sort(l.nexts)
	return l
}

// place adds a mapping. The navigation of a foundation object gives its code and its
// name; its code alone stands beside the navigation, which may be null for want of
// permissions.
func (l *layout) place(cfg *Config, n int, path string) {
	before, last, nested := cutLast(path)
	if !isNavigation(last) {
		l.add(path).fills = append(l.add(path).fills, fill{n, whole})
		return
	}
	code := l.add(path + "/externalCode")
	code.fills = append(code.fills, fill{n, refCode})
	if name := cfg.nameOf(last); name != "" {
		at := l.add(path + "/" + name)
		at.fills = append(at.fills, fill{n, refName})
	}
	if plain, ok := strings.CutSuffix(last, "Nav"); ok {
		if nested {
			plain = before + "/" + plain
		}
		at := l.add(plain)
		at.fills = append(at.fills, fill{n, refPlain})
	}
}

func cutLast(path string) (before, last string, found bool) {
	n := strings.LastIndexByte(path, '/')
	if n < 0 {
		return "", path, false
	}
	return path[:n], path[n+1:], true
}

// nameOf returns the property that holds the name of a foundation object. Names of
// locations are not translated.
func (cfg Config) nameOf(nav string) string {
	if name, set := cfg.Names[nav]; set {
		return name
	}
	if nav == "locationNav" {
		return "name"
	}
	return "name_localized"
}

// add asks for a property, and returns where it is.
func (l *layout) add(path string) *node {
	if !slices.Contains(l.selects, path) {
		l.selects = append(l.selects, path)
	}
	at, so := l.root, ""
	parts := strings.Split(path, "/")
	for n, name := range parts {
		if so += name; n < len(parts)-1 && !slices.Contains(l.nexts, so) {
			l.nexts = append(l.nexts, so)
		}
		if at.children == nil {
			at.children = map[string]*node{}
		}
		next := at.children[name]
		if next == nil {
			next = &node{special: specials()[so]}
			at.children[name] = next
		}
		at, so = next, so+"/"
	}
	return at
}
