package fetch

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// credentials returns what was added to the headers and the query of a request,
// and the parts that it is made of.
func credentials(before, after *http.Request) []string {
	var all []string
	for name, values := range after.Header {
		for _, v := range values {
			if !slices.Contains(before.Header[name], v) {
				all = append(all, parts(v)...)
			}
		}
	}
	if after.URL.RawQuery != before.URL.RawQuery {
		had := before.URL.Query()
		for name, values := range after.URL.Query() {
			for _, v := range values {
				if !slices.Contains(had[name], v) {
					all = append(all, v, url.QueryEscape(v))
				}
			}
		}
	}
	const short = 6 // anything shorter is part of ordinary words
	return slices.DeleteFunc(all, func(s string) bool { return len(s) < short })
}

// parts returns the words of a header, and what is in those of basic
// authentication.
func parts(value string) []string {
	words := strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" ,;=\"", r) })
	all := append([]string{value}, words...)
	if scheme, encoded, _ := strings.Cut(value, " "); strings.EqualFold(scheme, "Basic") {
		all = append(all, encoded)
		if plain, err := base64.StdEncoding.DecodeString(encoded); err == nil {
			name, password, _ := strings.Cut(string(plain), ":")
			all = append(all, string(plain), name, password)
		}
	}
	return all
}

// leaks reports whether a text has a credential in it, also in the way that JSON
// may escape it.
func (x *exchange) leaks(text string) bool {
	plain := strings.ReplaceAll(text, `\`, "")
	return slices.ContainsFunc(x.secrets, func(s string) bool {
		return strings.Contains(text, s) || strings.Contains(plain, s)
	})
}
