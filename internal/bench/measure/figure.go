package measure

import (
	"fmt"
	"strconv"
)

// A Figure is something that is measured and the value that it must not miss.
type Figure struct {
	Name string
	// Most says that the value must be at most Goal, otherwise at least.
	Most bool
	Goal float64
	// About says what is measured, for people.
	About string
}

// Line is one line of the table: NAME VALUE GOAL, then "ok" or "short".
func (f Figure) Line(value float64) string {
	verdict, sign := "ok", ">="
	if f.Most {
		sign = "<="
	}
	if f.Most && !(value <= f.Goal) || !f.Most && !(value >= f.Goal) { // NaN is short
		verdict = "short"
	}
	return fmt.Sprintf("%s %s %s%v %s", f.Name, digits(value), sign, f.Goal, verdict)
}

// digits writes three significant digits without an exponent.
func digits(value float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(value, 'e', 2, 64), 64)
	if err != nil {
		return "NaN"
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
