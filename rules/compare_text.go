package rules

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// String returns the word of the direction.
func (g Gain) String() string {
	switch {
	case g > 0:
		return "gains"
	case g < 0:
		return "loses"
	}
	return "alters"
}

// MarshalText returns the word of the direction.
func (g Gain) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText reads the word of the direction.
func (g *Gain) UnmarshalText(text []byte) error {
	for _, known := range []Gain{Loses, Alters, Gains} {
		if known.String() == string(text) {
			*g = known
			return nil
		}
	}
	return fmt.Errorf("direction %q: want gains, loses or alters", text)
}

// Format writes a table of the rules that are behind the differences, then the
// differences of at most so many people; 0 is only the table. What does not print
// is escaped. The only error is that of w.
func (d *Diff) Format(w io.Writer, most int) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s compared at %s, %d with differences\n",
		people(d.People), d.At.Format(time.RFC3339), len(d.Changed))
	if len(d.Rules) > 0 {
		b.WriteByte('\n')
		table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "rule\tpeople\tgains\tlosses\taltered")
		for _, r := range d.Rules {
			name := r.Rule
			if name == "" {
				name = "(no single rule)"
			}
			fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\n", printable(name), r.People, r.Gains, r.Losses, r.Alters)
		}
		_ = table.Flush() // a Builder takes everything
	}
	shown := d.Changed[:min(max(most, 0), len(d.Changed))]
	if len(shown) > 0 {
		b.WriteByte('\n')
		table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		for i := range shown {
			shown[i].format(table)
		}
		_ = table.Flush()
	}
	if rest := len(d.Changed) - len(shown); rest > 0 && most > 0 {
		fmt.Fprintf(&b, "and %s more\n", people(rest))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// String returns the text of Format with the differences of twenty people.
func (d *Diff) String() string {
	var b strings.Builder
	_ = d.Format(&b, 20) // a Builder takes everything
	return b.String()
}

func (p *PersonDiff) format(w *tabwriter.Writer) {
	for _, x := range p.Changes {
		sign := map[Gain]string{Gains: "+", Loses: "-", Alters: "~"}[x.Gain]
		rule := ""
		if x.Rule != "" {
			rule = "rule " + x.Rule
		}
		fmt.Fprintf(w, "%s %s\t%s\t%s\t%s\t%s → %s\t%s\n", sign, x.Gain, printable(p.Label), printable(p.Identity),
			printable(placeName(x.Target, x.Slot)+"/"+x.Subject), printable(x.Before), printable(x.After), printable(rule))
	}
}

// printable escapes what would not print, or would pretend to be something else.
func printable(text string) string {
	for _, r := range text {
		if r < 0x20 || 0x7f <= r && r < 0xa0 || 0x2028 <= r && r <= 0x202e || 0x2066 <= r && r <= 0x2069 || r == 0xfffd {
			quoted := fmt.Sprintf("%+q", text)
			return quoted[1 : len(quoted)-1]
		}
	}
	return text
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return itoa(n) + " people"
}
