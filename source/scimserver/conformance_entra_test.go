package scimserver_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// What Microsoft's validator does to a user: it writes an empty text, and then null, to
// every attribute that it maps, and expects each to be empty or gone.
func TestEntraEmptiesAttributes(t *testing.T) {
	const start = `{"userName":"ana","displayName":"A","title":"t","nickName":"n","preferredLanguage":"en","locale":"en-US","timezone":"UTC","userType":"u","profileUrl":"https://a.example/",
		"name":{"givenName":"G","familyName":"F","formatted":"GF","middleName":"M","honorificPrefix":"P","honorificSuffix":"S"},
		"emails":[{"value":"w@a.example","type":"work","primary":true},{"value":"h@a.example","type":"home"}],
		"phoneNumbers":[{"value":"1","type":"work"},{"value":"2","type":"mobile"},{"value":"3","type":"fax"}],
		"addresses":[{"type":"work","streetAddress":"street","locality":"l","region":"r","postalCode":"p","country":"US","formatted":"f"}],
		"` + enterpriseURN + `":{"employeeNumber":"seven","department":"quux","division":"v","costCenter":"c","organization":"o"}}`
	var paths []string
	for path := range strings.FieldsSeq(`displayName title nickName preferredLanguage locale timezone userType profileUrl
		name.givenName name.familyName name.formatted name.middleName name.honorificPrefix name.honorificSuffix`) {
		paths = append(paths, path)
	}
	for path := range strings.FieldsSeq(`emails[work].value emails[home].value phoneNumbers[work].value phoneNumbers[mobile].value phoneNumbers[fax].value
		addresses[work].streetAddress addresses[work].locality addresses[work].region addresses[work].postalCode addresses[work].country addresses[work].formatted
		addresses[other].formatted emails[other].value`) {
		paths = append(paths, strings.NewReplacer("[", `[type eq "`, "]", `"]`).Replace(path))
	}
	for name := range strings.FieldsSeq("employeeNumber department division costCenter organization") {
		paths = append(paths, enterpriseURN+":"+name)
	}
	for _, value := range []string{`""`, "null"} {
		var verbose, members []string
		for _, path := range paths {
			verbose = append(verbose, fmt.Sprintf(`{"op":"replace","path":%q,"value":%s}`, path, value))
			members = append(members, fmt.Sprintf(`%q:%s`, path, value))
		}
		for _, operations := range []string{strings.Join(verbose, ","), `{"op":"replace","value":{` + strings.Join(members, ",") + `}}`} {
			c := newClient(t, nil)
			id := c.must(201, "POST", "/Users", start).id()
			c.must(200, "PATCH", "/Users/"+id, patch(operations))
			a := c.must(200, "GET", "/Users/"+id, "")
			for _, left := range []string{"@a.example", "//a.example", "GF", "street", "seven", "quux", "en-US", "UTC"} {
				assert.NotContains(t, strings.ReplaceAll(a.text, "streetAddress", ""), left)
			}
			assert.Equal(t, "ana", a.str("userName"))
			c.must(200, "PUT", "/Users/"+id, a.text)
		}
	}
}
