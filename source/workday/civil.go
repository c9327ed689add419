package workday

import (
	"time"

	"github.com/provision-go/provision/source"
)

// validWID reports whether a text can be a Workday ID. In all tenants seen they are
// 32 hexadecimal digits; that they are, the documentation does not promise.
func validWID(id string) bool {
	const longest = 64
	if id == "" || len(id) > longest {
		return false
	}
	for n := range len(id) {
		if c := id[n]; !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-') {
			return false
		}
	}
	return true
}

// civil returns the day that an xsd:date or xsd:dateTime states. The offset that may
// follow says where the server is and nothing about the person: a day is the day that
// is written. A layout is for reports, whose days look as their author wants them to.
func civil(text, layout string) (source.Date, bool) {
	if source.NoDate(text) {
		return source.Date{}, true
	}
	if layout != "" {
		t, err := time.Parse(layout, text)
		return source.DateOf(t), err == nil
	}
	const length = len("2006-01-02")
	if len(text) < length || !trailer(text[length:]) {
		return source.Date{}, false
	}
	day, err := source.ParseDate(text[:length])
	return day, err == nil
}

// trailer reports whether what follows a day is an offset or a time of that day.
func trailer(text string) bool {
	if text == "" {
		return true
	}
	for _, layout := range []string{"Z07:00", "T15:04:05", "T15:04:05Z07:00"} {
		if _, err := time.Parse("2006-01-02"+layout, "2006-01-02"+text); err == nil {
			return true
		}
	}
	return false
}

func validCountry(code string) bool {
	return len(code) == 2 && code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' && code[1] <= 'Z'
}
