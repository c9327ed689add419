package successfactors

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/jsonscan"
)

// fault keeps of an error what cannot repeat anybody's data: its codes, and which of
// the properties that were asked for it names. An error of OData is
// {"error":{"code":…,"message":{"lang":…,"value":…}}}
// (https://www.odata.org/documentation/odata-version-2-0/json-format/), and the value
// begins with another code in brackets (SAP note 2524436); in XML the same.
func (s *Source) fault(e *fetch.Error, _ http.Header, body []byte) {
	code, text := errorOf(body)
	e.Message = strings.Join(slices.DeleteFunc([]string{code, bracketed(text), s.named(text)}, func(s string) bool { return s == "" }), " ")
	if e.Status == http.StatusForbidden && refusesToken(code+" "+bracketed(text)) {
		e.Kind = fetch.Unauthorized
	}
	if e.Kind == fetch.Throttled && e.RetryAfter == 0 {
		e.RetryAfter = s.cfg.ThrottleWait
	}
}

// refusesToken reports whether a code says that the token has expired or is not taken:
// SAP note 2524436 has these with the status 403, other answers come with 401.
func refusesToken(codes string) bool {
	for _, code := range []string{
		"LGN0005", "LGN0006", "LGN0007", "LGN0022", "OAUTH_TOKEN_FORMAT_INVALID", "INTERNAL_TOKEN_EXPIRED", "TOKEN_INVALID",
	} {
		if slices.Contains(strings.FieldsFunc(codes, func(r rune) bool { return strings.ContainsRune(" []/", r) }), code) {
			return true
		}
	}
	return false
}

// errorOf returns the code and the text of an error.
func errorOf(body []byte) (code, text string) {
	s := jsonscan.New(body)
	value := func(into *string) error {
		v, err := s.Value()
		if v.Kind == jsonscan.Text || v.Kind == jsonscan.Number {
			*into = v.Text()
		}
		return err
	}
	var member func(key []byte) error
	member = func(key []byte) error {
		switch name := string(key); {
		case name == "code":
			return value(&code)
		case (name == "error" || name == "message") && s.Peek() == '{':
			return s.Members(member)
		case name == "message" || name == "value" || name == "errorMessage":
			return value(&text)
		}
		return s.Skip()
	}
	if err := s.Members(member); err != nil {
		between := func(name string) string {
			_, rest, _ := strings.Cut(string(body), "<"+name)
			_, rest, _ = strings.Cut(rest, ">")
			inner, _, _ := strings.Cut(rest, "</"+name)
			return inner
		}
		code, text = between("code"), between("message")
	}
	if !regexp.MustCompile(`^[A-Z][A-Z0-9_/]{2,63}$`).MatchString(code) {
		code = ""
	}
	return code, text
}

// bracketed returns the code at the beginning of a text, such as [COE0021].
func bracketed(text string) string {
	return regexp.MustCompile(`^\s*(\[[A-Z]{2,5}\d{2,6}\])?`).FindStringSubmatch(text)[1]
}

// named returns the properties in a text that were asked for, by their last names.
func (s *Source) named(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	var all []string
	for _, path := range append(slices.Clone(s.layout.selects), s.layout.nexts...) {
		if _, last, _ := cutLast(path); slices.Contains(words, last) && !slices.Contains(all, last) {
			all = append(all, last)
		}
	}
	slices.Sort(all)
	return strings.Join(all[:min(len(all), 5)], ", ")
}
