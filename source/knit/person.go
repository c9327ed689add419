package knit

import (
	"fmt"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/values"
	"github.com/provision-go/provision/source/internal/worksites"
)

func bad(field, message string) source.Finding {
	return source.Finding{Code: source.CodeBadValue, Field: field, Message: message}
}

// identity makes an identity of what is kept of a person.
func (c *Connector) identity(r *Record, v *view) (source.Identity, error) {
	i := source.Identity{ID: r.ID, Kind: source.KindEmployee, UpdatedAt: r.At}
	p := pushed{}
	if len(r.Body) > 0 {
		if err := c.read(&i, &p, r.Body); err != nil {
			return i, fmt.Errorf("what is kept of %s: %w", excerpt.Of(r.ID), err)
		}
	}
	if c.cfg.FirstDayOff && !i.TerminationDate.IsZero() {
		i.TerminationDate = i.TerminationDate.AddDays(-1)
	}
	if i.EmploymentType == source.Contractor || i.EmploymentType == source.Freelance {
		i.Kind = source.KindContingent
	}
	if p.record != "" && p.record != r.ID {
		i.AlternateIDs = append(i.AlternateIDs, source.AlternateID{Type: "knit:recordId", Value: p.record})
	}
	if p.profile != "" && p.profile != r.ID {
		i.AlternateIDs = append(i.AlternateIDs, source.AlternateID{Type: "knit:profile.id", Value: p.profile})
	}
	if !r.Ended.IsZero() {
		i.Status, i.StatusRaw, i.UpdatedAt = c.gone, recordDeleted, r.Ended
		return i, nil
	}
	if fault := c.words.status(&i, p.status, p.raw, v.today); fault != "" {
		i.Findings = append(i.Findings, bad("status", fault))
	}
	if at, doubted := v.doubts[r.ID]; doubted && at.After(r.At) {
		i.Status = source.Unknown
		i.Findings = append(i.Findings, bad("status", "a sync that was not completed said that they are gone: nothing is decided"))
	}
	return i, nil
}

// pushed is what is kept of a person and fills no field by itself.
type pushed struct{ record, profile, status, raw string }

func (c *Connector) read(i *source.Identity, p *pushed, body []byte) error {
	s := jsonscan.New(body)
	return s.Members(func(key []byte) error {
		v, err := s.Value()
		if err != nil {
			return err
		}
		switch string(key) {
		case recordPlace:
			p.record = v.Text()
		case idPlace:
			p.profile = word(v)
		case statusPlace:
			p.status = word(v)
		case rawPlace:
			p.raw = word(v)
		}
		for _, n := range c.mapped[string(key)] {
			m := &c.mappings[n]
			value := values.Of(v)
			if fault := c.fill(i, m, &value); fault != "" {
				i.Findings = append(i.Findings, bad(m.Field.Name, m.place+" is taken as missing: "+fault))
			}
		}
		return nil
	})
}

// word returns a value that says where somebody stands. One that is no text is shown as
// it is and means nothing: ["INACTIVE"] is no word.
func word(v jsonscan.Value) string {
	if v.Kind == jsonscan.Null {
		return ""
	}
	if v.Kind == jsonscan.List || v.Kind == jsonscan.Object {
		return noWord + string(v.Raw)
	}
	return v.Text()
}

// noWord makes a text one that no vocabulary has.
const noWord = "no text: "

func (c *Connector) fill(i *source.Identity, m *mapping, v *values.Value) string {
	if m.first && len(v.More) > 0 {
		v.Text, v.More = v.More[0], nil
	}
	switch {
	case v.Empty():
		return ""
	case m.Field.Name == "country" && v.Fault == "" && len(v.More) == 0:
		if code := c.cfg.Countries[v.Text]; code != "" {
			i.Location.Country = code
			return ""
		}
		if !worksites.IsCountry(v.Text) {
			return fmt.Sprintf("%q is no code of a country; map it in Countries", excerpt.Of(v.Text))
		}
	case m.Field.Type == source.FieldEmploymentType && vocabulary.Fold(v.Text) == unspecified:
		i.EmploymentTypeRaw = v.Text
		return ""
	}
	return m.Fill(i, v)
}
