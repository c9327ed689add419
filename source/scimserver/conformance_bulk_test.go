package scimserver_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimserver"
)

func bulkBody(operations ...string) string {
	return fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[%s]}`, strings.Join(operations, ","))
}

// The outcome of each operation of a bulk request (RFC 7644, section 3.7): its status,
// and where it is, also where it failed.
func TestBulkConforms(t *testing.T) {
	c := newClient(t, nil)
	ana, tag := c.user("ana"), `"version":"W/\"1\""`
	for _, row := range []struct {
		section   string
		operation string
		status    string
		scimType  string
		located   bool
	}{
		{"3.7", `{"method":"POST","path":"/Users","bulkId":"1","data":{"schemas":["` + userURN + `"],"userName":"bo"}}`, "201", "", true},
		{"3.7", `{"method":"POST","path":"/Users","bulkId":"2","data":{"userName":"ana"}}`, "409", "uniqueness", false},
		{"3.7", `{"method":"POST","path":"/Users","bulkId":"3","data":{}}`, "400", "invalidValue", false},
		{"3.7", `{"method":"POST","path":"/Devices","bulkId":"5","data":{}}`, "400", "invalidValue", false},
		{"3.7", `{"method":"POST","path":"/Users/` + ana + `","bulkId":"6","data":{}}`, "400", "invalidValue", false},
		{"3.7", `{"method":"PATCH","path":"/Users/` + ana + `",` + tag + `,"data":{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"title","value":"x"}]}}`, "200", "", true},
		{"3.7", `{"method":"PUT","path":"/Users/` + ana + `",` + tag + `,"data":{"userName":"ana"}}`, "412", "", true},
		{"3.7", `{"method":"PUT","path":"/Users/` + ana + `","data":{"userName":"ana"}}`, "200", "", true},
		{"3.7", `{"method":"DELETE","path":"/Users/nobody"}`, "404", "", true},
		{"3.7", `{"method":"DELETE","path":"/Users/` + ana + `"}`, "204", "", true},
	} {
		a := c.must(200, "POST", "/Bulk", bulkBody(row.operation))
		got := a.body["Operations"].([]any)[0].(map[string]any)
		assert.Equal(t, row.status, got["status"], row.operation)
		_, located := got["location"]
		assert.Equal(t, row.located, located, row.operation)
		response, _ := got["response"].(map[string]any)
		scimType, _ := response["scimType"].(string)
		assert.Equal(t, row.scimType, scimType, row.operation)
	}
}

// A request that is none is refused as a whole (RFC 7644, sections 3.7.3 and 3.7.4).
func TestBulkRefused(t *testing.T) {
	c := newClient(t, func(cfg *scimserver.Config) { cfg.Limits = scimserver.Limits{Bulk: 2, Body: 4000} })
	config := c.must(200, "GET", "/ServiceProviderConfig", "").body["bulk"].(map[string]any)
	assert.EqualValues(t, 2, config["maxOperations"])
	assert.EqualValues(t, 4000, config["maxPayloadSize"])
	del := `{"method":"DELETE","path":"/Users/x"}`
	c.must(200, "POST", "/Bulk", bulkBody(del, del))
	isError(t, c.send("POST", "/Bulk", bulkBody(del, del, del)), 413, "")
	isError(t, c.send("POST", "/Bulk", bulkBody(del)+strings.Repeat(" ", 4000)), 413, "")
	isError(t, c.send("POST", "/Bulk", bulkBody()), 400, "invalidSyntax")
	isError(t, c.send("POST", "/Bulk", `{"Operations":{}}`), 400, "invalidSyntax")
	isError(t, c.send("POST", "/Bulk", `{"failOnErrors":"x","Operations":[`+del+`]}`), 400, "invalidValue")
	isError(t, c.send("POST", "/Bulk", bulkBody(`{"method":"GET","path":"/Users/x"}`)), 400, "invalidSyntax")
	for _, wrong := range []string{
		`{"method":"POST","path":"/Users","data":{"userName":"x"}}`, `{"method":"POST","path":"/Users","bulkId":"1"}`,
		`{"method":"POST","bulkId":"1","data":{"userName":"x"}}`, `{"method":"PATCH","path":"/Users/x"}`, `{"path":"/Users/x"}`, `7`,
	} {
		isError(t, c.send("POST", "/Bulk", bulkBody(wrong)), 400, "invalidSyntax")
	}
}

// Two operations that make the same bulkId are told apart as long as nothing refers to
// it (RFC 7644, section 3.7, wants it unique, and suites exist that do not care).
func TestBulkIDTwice(t *testing.T) {
	one, two := `{"method":"POST","path":"/Users","bulkId":"1","data":{"userName":"x"}}`, `{"method":"POST","path":"/Groups","bulkId":"1","data":{"displayName":"g"}}`
	three := `{"method":"POST","path":"/Groups","bulkId":"2","data":{"displayName":"h","members":[{"value":"bulkId:1"}]}}`
	c := newClient(t, nil)
	isError(t, c.send("POST", "/Bulk", bulkBody(one, two, three)), 400, "invalidValue")
	for _, op := range c.must(200, "POST", "/Bulk", bulkBody(one, two)).body["Operations"].([]any) {
		assert.Equal(t, "201", op.(map[string]any)["status"])
	}
	c = newClient(t, func(cfg *scimserver.Config) { cfg.Profile = scimserver.RFC })
	isError(t, c.send("POST", "/Bulk", bulkBody(one, two)), 400, "invalidValue")
}

// A bulkId stands for what is made, in members and in the manager, wherever the POST
// stands (RFC 7644, section 3.7.2); those in a circle are refused (section 3.7.1).
func TestBulkReferences(t *testing.T) {
	c := newClient(t, nil)
	a := c.must(200, "POST", "/Bulk", bulkBody(
		`{"method":"POST","path":"/Users","bulkId":"bo","data":{"userName":"bo","`+enterpriseURN+`":{"manager":{"value":"bulkId:cy"}}}}`,
		`{"method":"POST","path":"/Users","bulkId":"cy","data":{"userName":"cy"}}`,
		`{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"g"}}`,
		`{"method":"PATCH","path":"/Groups/bulkId:g","data":{"Operations":[{"op":"add","path":"members","value":[{"value":"bulkId:bo"}]}]}}`,
		`{"method":"PUT","path":"/Users/bulkId:nobody","data":{"userName":"x"}}`))
	list := a.body["Operations"].([]any)
	require.Len(t, list, 5)
	for n, status := range []string{"201", "201", "201", "200", "409"} {
		assert.Equal(t, status, list[n].(map[string]any)["status"], n)
	}
	at := func(n int) string {
		return strings.TrimPrefix(list[n].(map[string]any)["location"].(string), "https://app.example/scim/v2")
	}
	cy := strings.TrimPrefix(at(1), "/Users/")
	bo := c.must(200, "GET", at(0), "")
	assert.Equal(t, map[string]any{"value": cy}, bo.body[enterpriseURN].(map[string]any)["manager"])
	assert.Equal(t, at(2), at(3))
	assert.Len(t, c.must(200, "GET", at(2), "").body["members"], 1)
	circle := c.must(200, "POST", "/Bulk", bulkBody(
		`{"method":"POST","path":"/Groups","bulkId":"a","data":{"displayName":"a","members":[{"value":"bulkId:b"}]}}`,
		`{"method":"POST","path":"/Groups","bulkId":"b","data":{"displayName":"b","members":[{"value":"bulkId:a"}]}}`))
	for _, one := range circle.body["Operations"].([]any) {
		assert.Equal(t, "409", one.(map[string]any)["status"])
	}
}
