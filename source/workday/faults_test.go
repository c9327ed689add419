package workday_test

import (
	"fmt"
	"regexp"

	"github.com/provision-go/provision/source/workday/workdaytest"
)

// replace alters an answer by a regular expression, and fails loudly if it finds
// nothing to alter: a fault that does not occur proves nothing.
func replace(pattern, by string) func([]byte) []byte {
	expression := regexp.MustCompile(pattern)
	return func(body []byte) []byte {
		if !expression.Match(body) {
			panic(fmt.Sprintf("%s does not occur in %s", pattern, body))
		}
		return expression.ReplaceAll(body, []byte(by))
	}
}

// faults are what may happen to the second of the pages. After each of them there is
// no list.
func faults() map[string]workdaytest.Fault {
	second := func(s workdaytest.Spoil) workdaytest.Fault { return workdaytest.Fault{Page: 2, List: true, Spoil: s} }
	alter := func(f func([]byte) []byte) workdaytest.Fault { return second(workdaytest.Spoil{Alter: f}) }
	xml := map[string]string{"Content-Type": "text/xml"}
	answer := func(body string) workdaytest.Fault {
		return second(workdaytest.Spoil{Status: 200, Header: xml, Body: body})
	}
	const envelope = `<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Body>`
	accepted := workdaytest.SOAPFault("Server.processingError", "try later")
	accepted.Status = 200
	return map[string]workdaytest.Fault{
		"401":                                 second(workdaytest.Spoil{Status: 401}),
		"403":                                 second(workdaytest.Spoil{Status: 403}),
		"404":                                 second(workdaytest.Spoil{Status: 404}),
		"204":                                 second(workdaytest.Spoil{Status: 204}),
		"validation fault":                    second(workdaytest.SOAPFault("Client.validationError", "Invalid page")),
		"authentication fault":                second(workdaytest.SOAPFault("Client.authenticationError", "invalid username or password")),
		"permission fault":                    second(workdaytest.SOAPFault("Server.processingError", "Processing error occurred. The task submitted is not authorized.")),
		"a fault with 200":                    second(accepted),
		"a fault and no status":               answer(envelope + `<env:Fault/></env:Body></env:Envelope>`),
		"empty 200":                           answer(""),
		"HTML":                                second(workdaytest.Spoil{Status: 200, Header: map[string]string{"Content-Type": "text/html"}, Body: "<!doctype html>"}),
		"HTML that says it is XML":            answer("<!doctype html><title>Log in</title>"),
		"JSON":                                second(workdaytest.Spoil{Status: 200, Header: map[string]string{"Content-Type": "application/json"}, Body: "{}"}),
		"another document":                    answer(`<a/>`),
		"an empty envelope":                   answer(envelope + `</env:Body></env:Envelope>`),
		"an answer to something else":         answer(envelope + `<wd:Get_Locations_Response xmlns:wd="urn:com.workday/bsvc"/></env:Body></env:Envelope>`),
		"an empty answer":                     answer(envelope + `<wd:Get_Workers_Response xmlns:wd="urn:com.workday/bsvc"/></env:Body></env:Envelope>`),
		"half a body that claims to be whole": alter(func(body []byte) []byte { return body[:len(body)/2] }),
		"two answers in one":                  alter(func(body []byte) []byte { return append(body, body...) }),
		"a document type":                     alter(replace(`^<\?xml[^>]*>`, `<!DOCTYPE a [<!ENTITY b "c">]>`)),
		"an unknown entity":                   alter(replace(`<wd:Worker_Descriptor>`, `<wd:Worker_Descriptor>&b;`)),
		"another encoding":                    alter(replace(`encoding='UTF-8'`, `encoding='ISO-8859-1'`)),
		"no people on the page":               alter(replace(`(?s)<wd:Response_Data>.*</wd:Response_Data>`, ``)),
		"one person too few":                  alter(replace(`(?s)<wd:Response_Data><wd:Worker>.*?</wd:Worker>(<wd:Worker>)`, `<wd:Response_Data>$1`)),
		"no results":                          alter(replace(`(?s)<wd:Response_Results>.*</wd:Response_Results>`, ``)),
		"no total":                            alter(replace(`<wd:Total_Results>\d+</wd:Total_Results>`, ``)),
		"the total is a word":                 alter(replace(`<wd:Total_Results>\d+`, `<wd:Total_Results>many`)),
		"the total is negative":               alter(replace(`<wd:Total_Results>\d+`, `<wd:Total_Results>-1`)),
		"the company shrank":                  alter(replace(`<wd:Total_Results>\d+`, `<wd:Total_Results>3`)),
		"the company grew":                    alter(replace(`<wd:Total_Results>\d+`, `<wd:Total_Results>9`)),
		"another page came":                   alter(replace(`<wd:Page>2`, `<wd:Page>1`)),
		"another namespace":                   alter(replace(`urn:com.workday/bsvc`, `urn:com.workday/other`)),
		// The numbers are right, and one person was never seen.
		"one person twice": alter(replace(bo, ada)),
	}
}
