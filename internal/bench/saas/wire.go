package saas

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

type user struct {
	Schemas     []string   `json:"schemas"`
	ExternalID  string     `json:"externalId"`
	UserName    string     `json:"userName"`
	DisplayName string     `json:"displayName"`
	Active      bool       `json:"active"`
	Title       string     `json:"title"`
	Name        name       `json:"name"`
	Emails      []email    `json:"emails"`
	Enterprise  department `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`
}

type name struct {
	Given  string `json:"givenName"`
	Family string `json:"familyName"`
}

type email struct {
	Value string `json:"value"`
	Type  string `json:"type"`
}

type department struct {
	Department string `json:"department"`
}

type group struct {
	Schemas     []string `json:"schemas"`
	DisplayName string   `json:"displayName"`
}

type patch struct {
	Schemas    []string    `json:"schemas"`
	Operations []operation `json:"Operations"` //nolint:tagliatelle // its name in RFC 7644
}

type operation struct {
	Op    string   `json:"op"`
	Path  string   `json:"path"`
	Value []member `json:"value"`
}

type member struct {
	Value string `json:"value"`
}
