package fetch

import (
	"net/http"
	"strings"
)

// NextLink returns the address of the next page that the Link headers name, as
// RFC 8288 has them, or "". It looks at all lines and ignores what it cannot
// read.
func NextLink(h http.Header) string {
	for _, line := range h.Values("Link") {
		for line != "" {
			_, rest, found := strings.Cut(line, "<")
			if !found {
				break
			}
			address, params, found := strings.Cut(rest, ">")
			if !found {
				break
			}
			var next bool
			if next, line = relNext(params); next {
				return strings.TrimSpace(address)
			}
		}
	}
	return ""
}

// relNext reads the parameters of one link, up to the comma that ends them, and
// returns what follows.
func relNext(params string) (bool, string) {
	next, seen := false, false // only the first rel counts
	for {
		params = strings.TrimLeft(params, " \t")
		if params == "" || params[0] == ',' {
			return next, strings.TrimPrefix(params, ",")
		}
		params = strings.TrimLeft(params, "; \t")
		end := strings.IndexAny(params, "=;,")
		if end < 0 || params[end] != '=' {
			params = params[max(end, 0):]
			if end < 0 {
				return next, ""
			}
			continue
		}
		name, value := strings.TrimSpace(params[:end]), ""
		value, params = paramValue(strings.TrimLeft(params[end+1:], " \t"))
		if strings.EqualFold(name, "rel") && !seen {
			seen = true
			for relation := range strings.FieldsSeq(value) {
				next = next || strings.EqualFold(relation, "next")
			}
		}
	}
}

// paramValue splits a token or quoted string from what follows it.
func paramValue(s string) (string, string) {
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexAny(s, ";,")
		if end < 0 {
			end = len(s)
		}
		return strings.TrimSpace(s[:end]), s[end:]
	}
	var out strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return out.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		out.WriteByte(s[i])
	}
	return out.String(), ""
}
