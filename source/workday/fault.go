package workday

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/fetch"
)

// A soapFault is what Workday answers instead, mostly with the status 500: a fault of
// the question, which is final, or one of its own, which may pass.
type soapFault struct {
	present bool
	code    string   // such as "Client.validationError", without the prefix
	said    []string // the text, and what the detail adds to it
}

func faultShape(f *shape) {
	f.onShut(func(d *document) { d.fault.present = true })
	code := func(d *document, text, _ string) {
		_, local, found := strings.Cut(text, ":")
		if !found {
			local = text
		}
		d.fault.code = local
	}
	say := func(d *document, text, _ string) {
		if text != "" && !slices.ContainsFunc(d.fault.said, func(said string) bool { return strings.Contains(said, text) }) {
			d.fault.said = append(d.fault.said, text)
		}
	}
	f.at("faultcode").onText(code) // SOAP 1.1
	f.at("faultstring").onText(say)
	f.at("Code/Value").onText(code) // SOAP 1.2
	f.at("Reason/Text").onText(say)
	for _, detail := range []string{"detail", "Detail"} {
		for _, kind := range []string{"Validation_Fault", "Validation_Fault/Validation_Error", "Processing_Fault"} {
			for _, part := range []string{"Message", "Detail_Message", "Xpath"} {
				f.at(detail + "/" + kind + "/" + part).onText(say)
			}
		}
	}
}

// kind says what a fault means for the next step. SOAP 1.1, section 4.4.1, tells
// Client from Server, which are Sender and Receiver in SOAP 1.2.
func (f *soapFault) kind() fetch.Kind {
	switch {
	case f.code == "Client.authenticationError":
		return fetch.Unauthorized
	case slices.ContainsFunc(f.said, func(said string) bool { return strings.Contains(said, "not authorized") }):
		// "The task submitted is not authorized" has the code Server.processingError, as
		// have faults that pass. Nothing but the words tells them apart.
		return fetch.Forbidden
	case under(f.code, "Server"), under(f.code, "Receiver"):
		return fetch.Transient
	}
	return fetch.Refused
}

func under(code, class string) bool { return code == class || strings.HasPrefix(code, class+".") }

func (f *soapFault) message() string {
	return strings.Join(slices.Concat([]string{f.code}, f.said), ": ")
}

// fault corrects what package fetch understood of an answer whose status is an error:
// a fault with the status 500 is not worth repeating because of its number. The
// status says more than the fault if it is a more particular one.
func (s *Source) fault(e *fetch.Error, _ http.Header, body []byte) {
	d := &document{common: map[string]string{}, done: func(*worker) {}}
	if err := s.shape.walk(d, bytes.NewReader(body)); err != nil || !d.fault.present {
		return
	}
	if e.Message = d.fault.message(); s.cfg.Connection.Auth.leaks(e.Message) {
		e.Message = ""
	}
	if e.Status == http.StatusInternalServerError || e.Status == http.StatusBadRequest || e.Status == http.StatusOK {
		e.Kind = d.fault.kind()
	}
}

// unknownReference reports whether an error says that there is no worker with an ID:
// "Invalid ID value. '1' is not a valid ID value for type = 'WID'".
func unknownReference(err error, id string) bool {
	refused, ok := errors.AsType[*fetch.Error](err)
	return ok && refused.Kind == fetch.Refused && strings.Contains(refused.Message, "not a valid ID value") &&
		strings.Contains(refused.Message, "'"+id+"'")
}

// expired reports whether an error says that the credentials are no longer accepted
// in a way that package fetch, which goes by the status 401, does not know.
func expired(err error) bool {
	refused, ok := errors.AsType[*fetch.Error](err)
	return ok && refused.Kind == fetch.Unauthorized && refused.Status != http.StatusUnauthorized && refused.Status != 0
}
