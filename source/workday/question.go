package workday

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"time"

	"github.com/provision-go/provision/source"
)

// A question is a Get_Workers request: for people by reference, or for everybody, or
// for those about whom the transaction log has something in a window.
type question struct {
	people []string // Workday IDs
	window *window
	// asOf is the day for which everything is answered, and entered the moment of entry
	// up to which; zero means now. All pages of one read have the same, or people move
	// from one page to another meanwhile.
	asOf    source.Date
	entered time.Time
	page    int // from 1
}

// A window is a part of the transaction log: when something was entered, or when it
// takes effect.
type window struct {
	effective     bool
	from, through time.Time
	types         []string // of business processes; nil for all
}

const (
	soapSpace = "http://schemas.xmlsoap.org/soap/envelope/"
	wordSpace = "urn:com.workday/bsvc"
	wsseSpace = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
	plainText = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"
)

// A composer writes XML. Everything that is not a name of an element is escaped.
type composer struct{ bytes.Buffer }

func (c *composer) raw(text string) { _, _ = c.WriteString(text) }

func (c *composer) escaped(text string) {
	_ = xml.EscapeText(c, []byte(text)) // a buffer takes everything
}

// leaf writes an element with a text in it.
func (c *composer) leaf(name, text string) {
	c.raw("<w:" + name + ">")
	c.escaped(text)
	c.raw("</w:" + name + ">")
}

func (c *composer) id(kind, id string) {
	c.raw(`<w:ID w:type="`)
	c.escaped(kind)
	c.raw(`">`)
	c.escaped(id)
	c.raw("</w:ID>")
}

func (c *composer) inside(name string, content func()) {
	c.raw("<w:" + name + ">")
	content()
	c.raw("</w:" + name + ">")
}

// envelope renders a question. The schema orders the elements: see
// Get_Workers_RequestType, Worker_Request_CriteriaType, Response_FilterType and
// Worker_Response_GroupType of urn:com.workday/bsvc.
func (s *Source) envelope(q question) []byte {
	c := &composer{}
	c.raw(`<e:Envelope xmlns:e="` + soapSpace + `" xmlns:w="` + wordSpace + `"><e:Header>`)
	if auth := s.cfg.Connection.Auth; auth.token == nil {
		c.raw(`<s:Security xmlns:s="` + wsseSpace + `" e:mustUnderstand="1"><s:UsernameToken><s:Username>`)
		c.escaped(auth.qualified(s.cfg.Connection.Tenant))
		c.raw(`</s:Username><s:Password Type="` + plainText + `">`)
		c.escaped(auth.password.Reveal())
		c.raw(`</s:Password></s:UsernameToken></s:Security>`)
	}
	c.raw(`</e:Header><e:Body><w:Get_Workers_Request w:version="`)
	c.escaped(s.cfg.Version)
	c.raw(`">`)
	s.scope(c, q)
	c.inside("Response_Filter", func() {
		c.leaf("As_Of_Effective_Date", q.asOf.String())
		if !q.entered.IsZero() {
			c.leaf("As_Of_Entry_DateTime", instant(q.entered))
		}
		c.leaf("Page", strconv.Itoa(q.page))
		c.leaf("Count", strconv.Itoa(s.cfg.PageSize))
	})
	c.inside("Response_Group", func() {
		for _, flag := range s.flags {
			c.leaf(flag, "true")
		}
	})
	c.raw("</w:Get_Workers_Request></e:Body></e:Envelope>")
	return c.Bytes()
}

// scope says who is asked for. Inactive people are left out unless one asks for
// them.
func (s *Source) scope(c *composer, q question) {
	if q.people != nil {
		c.raw(`<w:Request_References w:Skip_Non_Existing_Instances="true">`)
		for _, id := range q.people {
			c.inside("Worker_Reference", func() { c.id(kindWID, id) })
		}
		c.raw("</w:Request_References>")
	}
	c.inside("Request_Criteria", func() {
		if q.window != nil {
			c.inside("Transaction_Log_Criteria_Data", func() { q.window.write(c) })
		}
		if provider := s.cfg.FieldService; provider != "" {
			c.inside("Field_And_Parameter_Criteria_Data", func() {
				c.inside("Provider_Reference", func() { c.id(kindWID, provider) })
			})
		}
		c.leaf("Exclude_Inactive_Workers", "false")
		c.leaf("Exclude_Employees", "false")
		c.leaf("Exclude_Contingent_Workers", "false")
	})
}

func (w *window) write(c *composer) {
	c.inside("Transaction_Date_Range_Data", func() {
		kind := "Updated"
		if w.effective {
			kind = "Effective"
		}
		c.leaf(kind+"_From", instant(w.from))
		c.leaf(kind+"_Through", instant(w.through))
	})
	if w.types != nil {
		c.inside("Transaction_Type_References", func() {
			for _, t := range w.types {
				c.inside("Transaction_Type_Reference", func() { c.id("Business_Process_Type", t) })
			}
		})
	}
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
