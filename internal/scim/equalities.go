package scim

import "iter"

// Equalities yields what must be equal on every resource that f matches: the
// comparisons by eq that f demands by itself, by "and", or inside brackets. An index
// may use any of them to find candidates; f still has to be evaluated on those. In
// brackets the attribute is the whole one: emails.value for emails[value eq "x"]. "eq
// null" is left out.
func (f *Filter) Equalities() iter.Seq2[Attr, any] {
	return func(yield func(Attr, any) bool) { f.equalities(nil, yield) }
}

// equalities returns false if yield did. in is the attribute before the brackets.
func (f *Filter) equalities(in *Attr, yield func(Attr, any) bool) bool {
	switch f.Op {
	case And, Has:
		if f.Op == Has {
			in = &f.Attr
		}
		for _, term := range f.Terms {
			if !term.equalities(in, yield) {
				return false
			}
		}
	case Equal:
		attr := f.Attr
		if in != nil {
			attr = *in
			if f.Attr.Attribute != in.Attribute {
				attr.Sub = f.Attr.Attribute
			}
		}
		if f.Value != nil {
			return yield(attr, f.Value)
		}
	}
	return true
}
