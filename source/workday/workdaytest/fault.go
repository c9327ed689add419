package workdaytest

import (
	"fmt"
	"net/http"

	"github.com/provision-go/provision/internal/faulty"
)

// Spoil is what goes wrong with an answer: a status, other headers, an altered body,
// a connection that ends too early.
type Spoil = faulty.Spoil

// A Fault spoils the answers to some requests.
type Fault struct {
	// Page is the page of Get_Workers that is spoiled, from 1. Defaults to all. The
	// report is page 1.
	Page int
	// Log says that only questions to the transaction log are concerned, List that only
	// those about everybody are. Default to any.
	Log, List bool
	// Times is how often the fault occurs. Defaults to always.
	Times int
	Spoil
}

type fault struct {
	Fault
	done int
}

// Break switches faults on, in place of those before. The first one that concerns a
// request spoils its answer. Without faults the server is well again.
func (s *Server) Break(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
	for _, f := range faults {
		s.faults = append(s.faults, &fault{Fault: f})
	}
}

// due returns the fault that spoils an answer, nil if none does.
func (s *Server) due(page int, log, list bool) *fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.Page != 0 && f.Page != page || f.Log && !log || f.List && !list || f.Times != 0 && f.done >= f.Times {
			continue
		}
		f.done++
		return f
	}
	return nil
}

// SOAPFault returns a fault of SOAP 1.1 as Workday writes it, and with it the status
// 500: a code such as "Client.validationError", and what it says.
func SOAPFault(code, text string) Spoil {
	return Spoil{Status: http.StatusInternalServerError, Header: xmlHeader(), Body: faultBody(code, text, "")}
}

func xmlHeader() map[string]string {
	return map[string]string{"Content-Type": "text/xml; charset=utf-8"}
}

func faultBody(code, text, xpath string) string {
	w := &writer{}
	detail := ""
	if code == "Client.validationError" {
		detail = fmt.Sprintf("<detail><wd:Validation_Fault><wd:Validation_Error><wd:Message>%s</wd:Message><wd:Detail_Message>%s</wd:Detail_Message>"+
			"<wd:Xpath>%s</wd:Xpath></wd:Validation_Error></wd:Validation_Fault></detail>", escaped(text), escaped(text), escaped(xpath))
		text = "Validation error occurred. " + text
	}
	w.raw(`<?xml version="1.0" encoding="utf-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body>`,
		`<SOAP-ENV:Fault xmlns:wd="urn:com.workday/bsvc"><faultcode>SOAP-ENV:`, code, `</faultcode><faultstring>`, escaped(text), `</faultstring>`,
		detail, `</SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>`)
	return string(w.bytes)
}

// A refusal is a fault that the question is to blame for.
type refusal struct{ code, text, xpath string }

func (f *refusal) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write([]byte(faultBody(f.code, f.text, f.xpath))) // the client may be gone
}

func invalid(xpath, text string) *refusal { return &refusal{"Client.validationError", text, xpath} }
