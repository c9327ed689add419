package rules

import (
	"strings"

	"github.com/provision-go/provision/rules/internal/mapping"
)

// countryCode reports whether a country of a person can be compared with a text:
// source.Identity holds two capital letters.
func countryCode(o op, text string) bool {
	switch o {
	case opEqualFold:
		text = mapping.Upper(text)
	case opEq, opIn:
	default:
		return true // a part of one
	}
	return len(text) == 2 && 'A' <= text[0] && text[0] <= 'Z' && 'A' <= text[1] && text[1] <= 'Z'
}

// countryMeant is the code that was most likely meant, or "".
func countryMeant(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	if upper := mapping.Upper(text); countryCode(opEq, upper) {
		return upper
	}
	if code := mapping.Country2(text); code != "" {
		return code
	}
	return map[string]string{
		"australia": "AU", "austria": "AT", "belgium": "BE", "brazil": "BR", "canada": "CA", "china": "CN", "czechia": "CZ", "denmark": "DK",
		"deutschland": "DE", "england": "GB", "finland": "FI", "france": "FR", "germany": "DE", "great britain": "GB", "greece": "GR",
		"hungary": "HU", "india": "IN", "ireland": "IE", "israel": "IL", "italy": "IT", "japan": "JP", "mexico": "MX", "netherlands": "NL",
		"norway": "NO", "österreich": "AT", "poland": "PL", "portugal": "PT", "romania": "RO", "schweiz": "CH", "singapore": "SG",
		"spain": "ES", "sweden": "SE", "switzerland": "CH", "turkey": "TR", "ukraine": "UA", "united kingdom": "GB", "united states": "US",
	}[text]
}
