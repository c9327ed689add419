package bamboohr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/source"
)

// fill gives a field its value and returns what is wrong with it.
func (r *reading) fill(i *source.Identity, c *column, v jsonscan.Value) string {
	switch v.Kind {
	case jsonscan.Null:
		return ""
	case jsonscan.Object:
		return "it is no text"
	case jsonscan.List:
		texts, ok := r.texts(v, c.shared)
		switch {
		case !ok:
			return "it is a list of something else than texts"
		case len(texts) > 1 && c.field.Type != source.FieldList:
			return "it has several values"
		}
		slices.Sort(texts)
		return r.set(i, c, texts...)
	default:
		return r.set(i, c, r.text(v, c.shared))
	}
}

func (r *reading) set(i *source.Identity, c *column, texts ...string) string {
	one := ""
	if len(texts) > 0 {
		one = texts[0]
	}
	switch {
	case c.set != nil:
		c.set(i, one)
		return ""
	case c.field.Name == "manager":
		// The key, and nothing that could be somebody else's: a name or a number of the
		// company's own.
		switch one = strings.TrimSpace(one); {
		case one == "" || one == "0":
		case !validID(one):
			return fmt.Sprintf("%q is no employee id of BambooHR", excerpt.Of(one))
		default:
			i.Manager.ID = one
		}
		return ""
	case c.field.Type == source.FieldDate, c.field.Type == source.FieldInstant:
		if source.NoDate(one) {
			return "" // 0000-00-00 is how BambooHR writes that there is none
		}
		one = strings.TrimSpace(one)
		if err := c.field.Set(i, one); err != nil {
			return fmt.Sprintf("%q: want a date as 2006-01-02, or an instant as 2006-01-02T15:04:05Z", excerpt.Of(one))
		}
		return ""
	}
	if err := c.field.Set(i, texts...); err != nil {
		return err.Error()
	}
	return ""
}

// text returns a value as text. One that many people have is kept once.
func (r *reading) text(v jsonscan.Value, shared bool) string {
	if v.Kind == jsonscan.Null {
		return ""
	}
	if !shared || !v.Plain {
		return v.Text()
	}
	if kept, ok := r.common[string(v.Raw)]; ok {
		return kept
	}
	kept := string(v.Raw)
	const most = 1 << 14
	if len(r.common) < most {
		r.common[kept] = kept
	}
	return kept
}

// texts returns the elements of a list.
func (r *reading) texts(v jsonscan.Value, shared bool) (texts []string, ok bool) {
	s, ok := jsonscan.New(v.Raw), true
	err := s.Elements(func() error {
		element, err := s.Value()
		if element.Kind == jsonscan.Object || element.Kind == jsonscan.List {
			ok = false
		}
		texts = append(texts, r.text(element, shared))
		return err
	})
	return texts, ok && err == nil
}
