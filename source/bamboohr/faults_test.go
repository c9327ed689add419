package bamboohr_test

import (
	"bytes"
	"fmt"
	"regexp"

	"github.com/provision-go/provision/source/bamboohr"
	"github.com/provision-go/provision/source/bamboohr/bambootest"
)

// replace alters an answer by a regular expression, and fails loudly if it finds
// nothing to alter: a fault that does not occur proves nothing.
func replace(pattern, by string) func([]byte) []byte {
	return func(body []byte) []byte {
		expression := regexp.MustCompile(pattern)
		if !expression.Match(body) {
			panic(fmt.Sprintf("%s does not occur in %s", pattern, body))
		}
		return expression.ReplaceAll(body, []byte(by))
	}
}

// lostPage makes the second page the last one, although people are missing.
func lostPage(strategy bamboohr.Strategy) bambootest.Fault {
	alter := replace(`"nextCursor":"[^"]*"(.*),"next":\{[^}]*\}`, `"nextCursor":null$1`)
	if strategy == bamboohr.Dataset {
		alter = func(body []byte) []byte {
			body = replace(`,?"next":"[^"]*"`, "")(body)
			return replace(`"totalPages":3`, `"totalPages":2`)(body)
		}
	}
	return bambootest.Fault{Page: 2, Spoil: bambootest.Spoil{Alter: alter}}
}

// faults are what may happen to the second of three pages. After each of them there
// is no list.
func faults(strategy bamboohr.Strategy) map[string]bambootest.Fault {
	second := func(s bambootest.Spoil) bambootest.Fault { return bambootest.Fault{Page: 2, Spoil: s} }
	alter := func(f func([]byte) []byte) bambootest.Fault { return second(bambootest.Spoil{Alter: f}) }
	all := map[string]bambootest.Fault{
		"401, the key was revoked": second(bambootest.Spoil{Status: 401}),
		"403":                      second(bambootest.Spoil{Status: 403, Header: map[string]string{"X-BambooHR-Error-Message": "no access"}}),
		"404":                      second(bambootest.Spoil{Status: 404}),
		"413":                      second(bambootest.Spoil{Status: 413}),
		"204":                      second(bambootest.Spoil{Status: 204}),
		"empty 200":                second(bambootest.Spoil{Status: 200, Header: map[string]string{"Content-Type": "application/json"}}),
		"HTML with 200": second(bambootest.Spoil{
			Status: 200, Header: map[string]string{"Content-Type": "text/html"}, Body: "<!doctype html><title>Log in</title>",
		}),
		"HTML that says it is JSON": second(bambootest.Spoil{
			Status: 200, Header: map[string]string{"Content-Type": "application/json"}, Body: "<!doctype html><title>Log in</title>",
		}),
		"XML": second(bambootest.Spoil{
			Status: 200, Header: map[string]string{"Content-Type": "application/xml"}, Body: `<?xml version="1.0"?><employees/>`,
		}),
		"a redirect elsewhere": second(bambootest.Spoil{Status: 302, Header: map[string]string{"Location": "https://elsewhere.invalid/login"}}),
		"null":                 alter(func([]byte) []byte { return []byte("null") }),
		"an empty object":      alter(func([]byte) []byte { return []byte("{}") }),
		"another object":       alter(func([]byte) []byte { return []byte(`{"error":{"code":"Oops","message":"try later"}}`) }),
		"null for the people":  alter(replace(`"data":\[.*\],`, `"data":null,`)),
		"an object for the people": alter(func(body []byte) []byte {
			return replace(`"data":\[(\{.*\})\],`, `"data":{"0":$1},`)(bytes.ReplaceAll(body, []byte("},{"), []byte(`},"1":{`)))
		}),
		"half a body that claims to be whole": alter(func(body []byte) []byte { return body[:len(body)/2] }),
		"two answers in one":                  alter(func(body []byte) []byte { return append(body, body...) }),
		"no people on the page":               alter(replace(`"data":\[.*\],`, `"data":[],`)),
		"no meta":                             alter(replace(`"meta":`, `"meat":`)),
		"a person is a text":                  alter(replace(`"data":\[`, `"data":["42",`)),
		"a field is gone":                     alter(replace(`"hireDate":`, `"firstDay":`)),
		"the status is gone":                  alter(replace(`"status":`, `"state":`)),
	}
	if strategy == bamboohr.Dataset {
		all["another page came"] = alter(replace(`"page":2`, `"page":1`))
		all["the pages shrank"] = alter(replace(`"pageSize":2`, `"pageSize":1`))
		all["the company shrank"] = alter(replace(`"totalItems":5`, `"totalItems":4`))
		all["no total"] = alter(replace(`,"totalItems":5`, ``))
		all["the total is a text"] = alter(replace(`"totalItems":5`, `"totalItems":"5"`))
		all["one person too few"] = alter(replace(`"data":\[\{"fields":\{[^}]*\}\},`, `"data":[`))
		return all
	}
	all["the cursor comes again"] = bambootest.Fault{Spoil: bambootest.Spoil{Alter: func(body []byte) []byte {
		return regexp.MustCompile(`"nextCursor":("[^"]*"|null)`).ReplaceAll(body, []byte(`"nextCursor":"Mjo0Mw"`))
	}}}
	all["BadPage"] = second(bambootest.Spoil{Status: 400, Body: `{"error":{"code":"BadPage","message":"the cursor points at nobody"}}`})
	all["no cursor, but a link"] = alter(replace(`"nextCursor":"[^"]*"`, `"nextCursor":null`))
	all["no total"] = alter(replace(`"total":5,`, ``))
	all["one page twice"] = bambootest.Fault{Page: 3, Spoil: bambootest.Spoil{
		// The third page says again what the second said: the numbers are right, and
		// one person was never seen.
		Alter: replace(`"employeeId":"1009"`, `"employeeId":"108"`),
	}}
	return all
}
