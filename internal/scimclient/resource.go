package scimclient

import (
	"net/http"

	"github.com/provision-go/provision/internal/scim"
)

// A Resource is a user, a group or the like, as the service provider sent it.
type Resource struct {
	ID         string
	ExternalID string
	// Version is the ETag header, or meta.version, or "".
	Version string
	// Object is what [scim.Read] makes of the answer: canonical names and values where
	// the resource type knows the attribute; what it does not know is kept as it came.
	Object scim.Object
	// Odd names the attributes whose values are not what the schema says, such as
	// "active" for {"active": "perhaps"}. They are not in Object.
	Odd []string
}

// read makes a resource of an object.
func read(t *scim.ResourceType, raw scim.Object) Resource {
	o, odd := scim.Read(t, raw)
	r := Resource{Object: o, Odd: odd}
	r.ID, _ = o["id"].(string)
	r.ExternalID, _ = o["externalId"].(string)
	if meta, ok := o["meta"].(scim.Object); ok {
		r.Version, _ = meta["version"].(string)
	}
	return r
}

// tagged takes the version of an answer's header, if it has one.
func (r *Resource) tagged(h http.Header) {
	if tag := h.Get("ETag"); tag != "" {
		r.Version = tag
	}
}
