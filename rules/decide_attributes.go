package rules

import (
	"slices"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func (r *round) attributes(a *account, v view, d *target.Desired, lacking *missingFields) {
	for i := range a.attributes {
		x := &a.attributes[i]
		if x.when != nil {
			if t := v.truth(x.when); t != Yes {
				if t == Undecided {
					v.undecided(x.when, lacking)
				}
				continue
			}
		}
		to := x.to
		if x.choices != nil {
			var of choosing
			if to, of = choose(v, x.choices); of != chosen {
				r.unchosen(x, of, v, d, lacking)
				continue
			}
		}
		switch {
		case x.secret:
			d.Secrets = append(d.Secrets, x.name)
		case to == nil: // unique: chosen when the account is made
		case to.op == opField && to.ref.kind != source.FieldList:
			// The usual case, without a slice for one text.
			if text := v.text(to); text != "" {
				r.attrs.Add(x.name, text)
			} else if x.ifMissing == Clear {
				d.Clear = append(d.Clear, x.name)
			}
		default:
			texts, known := v.values(to)
			r.attrs.Add(x.name, texts...)
			if !known && x.ifMissing == Clear || known && !slices.ContainsFunc(texts, notEmpty) {
				d.Clear = append(d.Clear, x.name)
			}
		}
	}
	d.Attributes = r.attrs.Build()
}

func notEmpty(text string) bool { return text != "" }

// unchosen reacts to choices of which none gives a value: it is missing if none
// applies, and left alone if nobody can tell which does.
func (r *round) unchosen(x *attribute, of choosing, v view, d *target.Desired, lacking *missingFields) {
	switch {
	case of == conflicting:
		note(d, CodeConflict, x.id, "two choices of the same rank apply")
	case of == unsure:
		x.lacking(v, lacking)
	case x.ifMissing == Clear:
		d.Clear = append(d.Clear, x.name)
	}
}

// choosing is how a choice among several values came out.
type choosing uint8

const (
	noChoice    choosing = iota // none applies
	chosen                      // one does
	unsure                      // nobody can tell which
	conflicting                 // two of one rank do, with different values
)

// choose returns the value of the choice with the highest rank that is yes; nil if
// another one of that rank or a higher one may be yes as well. Two of one rank
// with different values are a conflict.
func choose(v view, choices []choice) (to *node, of choosing) {
	open, conflict := false, false
	for i := range choices {
		x := &choices[i]
		if i > 0 && x.rank < choices[i-1].rank && (open || to != nil) {
			break
		}
		switch v.truth(x.when) {
		case Undecided:
			open = true
		case Yes:
			conflict = conflict || to != nil && !sameValue(v, to, x.to)
			to = x.to
		default:
		}
	}
	switch {
	case conflict:
		return nil, conflicting
	case open:
		return nil, unsure
	case to == nil:
		return nil, noChoice
	}
	return to, chosen
}

func sameValue(v view, a, b *node) bool {
	x, known := v.values(a)
	y, also := v.values(b)
	return known == also && slices.Equal(x, y)
}
