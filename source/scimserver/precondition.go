package scimserver

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/provision-go/provision/internal/scim"
)

// precondition returns the entity tags of an If-Match or If-None-Match header, "*"
// among them if it stands there (RFC 9110, section 8.8.3 and 13.1); nil without one.
func precondition(headers []string) []string {
	var tags []string
	for _, header := range headers {
		for tag := range strings.SplitSeq(header, ",") {
			if tag = strings.TrimSpace(tag); tag != "" {
				tags = append(tags, tag)
			}
		}
	}
	return tags
}

// met reports whether a resource is at one of the versions that a client named. Tags
// are compared weakly: all of ours are weak, and clients drop the W/. Only what is
// stored counts, which is what the write is about.
func met(tags []string, r *Resource) error {
	if len(tags) == 0 || slices.Contains(tags, "*") {
		return nil
	}
	for _, tag := range tags {
		number, _, _ := strings.Cut(strings.Trim(strings.TrimPrefix(tag, "W/"), `"`), "-")
		if number == strconv.FormatInt(r.Version, 10) {
			return nil
		}
	}
	return refuse(http.StatusPreconditionFailed, "", "the resource has changed since it was read")
}

// unchanged reports whether a client that holds some versions has the present one.
func unchanged(tags []string, present string) bool {
	opaque := func(tag string) string { return strings.Trim(strings.TrimPrefix(tag, "W/"), `"`) }
	return slices.ContainsFunc(tags, func(tag string) bool { return tag == "*" || opaque(tag) == opaque(present) })
}

// maxNames is how many attributes a client may name. There are not half as many.
const maxNames = 500

// projection reads which attributes a client wants to see. Names that nobody knows are
// ignored: they name nothing that could be shown.
func (x *exchange) projection(t *resources, attributes, excluded []string) (wanted, error) {
	var v wanted
	count := 0
	for _, list := range slices.Concat(attributes, excluded) {
		count += 1 + strings.Count(list, ",")
	}
	if count > maxNames {
		return v, refuse(http.StatusBadRequest, scim.InvalidValue, "attributes and excludedAttributes name more than "+strconv.Itoa(maxNames))
	}
	parse := func(names []string) []scim.Path {
		var paths []scim.Path
		for _, list := range names {
			for name := range strings.SplitSeq(list, ",") {
				if p, err := scim.ParseAttribute(strings.TrimSpace(name), t.ResourceType); err == nil {
					paths = append(paths, p)
				}
			}
		}
		return paths
	}
	named := func(names []string) bool {
		return slices.ContainsFunc(names, func(s string) bool { return strings.Trim(s, " ,") != "" })
	}
	if named(attributes) && named(excluded) && x.client.Profile == RFC {
		return v, refuse(http.StatusBadRequest, scim.InvalidValue, "attributes and excludedAttributes exclude each other (RFC 7644, section 3.9)")
	}
	v.attributes, v.excluded = parse(attributes), parse(excluded)
	if named(attributes) {
		v.excluded = nil
		if len(v.attributes) == 0 { // they named what is not there: they get what is always there
			v.attributes = []scim.Path{{Attr: scim.Attr{Schema: t.Core, Attribute: t.Core.Attribute("id")}}}
		}
	}
	return v, nil
}

// queryProjection is that of the address of a request.
func (x *exchange) queryProjection(t *resources) (wanted, error) {
	if x.r.URL.RawQuery == "" {
		return wanted{}, nil
	}
	q, err := x.query()
	if err != nil {
		return wanted{}, err
	}
	return x.projection(t, q["attributes"], q["excludedAttributes"])
}
