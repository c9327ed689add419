package adp

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/jsonscan"
)

// A refusal is what ADP says about a request that failed, without its sentences: those
// are written for the user of a form and repeat what was entered.
type refusal struct{ codes []string }

// fault keeps of an error the codes in it.
func fault(e *fetch.Error, _ http.Header, body []byte) {
	var r refusal
	s := jsonscan.New(body)
	_ = r.read(&s, 0) // a gateway answers with something else, and then the status has to do
	e.Message = strings.Join(r.codes, ", ")
}

// after returns the codes for the end of a sentence.
func (r *refusal) after() string {
	if len(r.codes) == 0 {
		return ""
	}
	return ": ADP says " + strings.Join(r.codes, ", ")
}

// read collects codes from a confirmMessage, with or without the object around it, from
// the applicationCode of the gateway, and from the error of an OAuth server (RFC 6749,
// section 5.2). Messages lie at most this deep:
// confirmMessage.resourceMessages[].processMessages[].userMessage.
func (r *refusal) read(s *jsonscan.Scanner, depth int) error {
	const deepest = 8
	if depth > deepest {
		return s.Skip()
	}
	switch s.Peek() {
	case '[':
		return s.Elements(func() error { return r.read(s, depth+1) })
	case '{':
		return s.Members(func(key []byte) error {
			switch string(key) {
			case "confirmMessage", "response", "processMessages", "resourceMessages", "userMessage", "applicationCode",
				"protocolStatusCode", "requestStatusCode", "resourceStatusCode", "messageTypeCode", "exceptionMessages":
				return r.read(s, depth+1)
			case "codeValue", "code", "error":
				v, err := s.Value()
				if err == nil {
					r.add(v)
				}
				return err
			}
			return s.Skip()
		})
	}
	return s.Skip()
}

// add takes a code, if it looks like one: a word, or a number too short to belong to a
// person.
func (r *refusal) add(v jsonscan.Value) {
	const most = 6
	code := v.Text()
	if (v.Kind == jsonscan.Text || v.Kind == jsonscan.Number) && len(r.codes) < most && !slices.Contains(r.codes, code) &&
		regexp.MustCompile(`^([A-Za-z][A-Za-z_-]{0,39}|[A-Z]{1,8}[-_]?\d{1,4}|\d{1,5})$`).MatchString(code) {
		r.codes = append(r.codes, code)
	}
}
