package greenhouse

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/internal/signed"
)

// ErrSignature says that a webhook was not sent by Greenhouse with one of the keys.
// Whoever sent it must learn no more than that.
var ErrSignature = errors.New("webhook signature is not valid")

const mostWebhook = 4 << 20 // bytes; Greenhouse sends applications with everything in them

// A WebhookConfig says how webhooks are checked.
type WebhookConfig struct {
	// Keys are the secret keys of the webhooks. Two are for the time of a change. At
	// least one is required.
	Keys []string
}

// String hides the keys, as GoString does.
func (WebhookConfig) String() string { return "greenhouse.WebhookConfig" }

// GoString hides the keys.
func (c WebhookConfig) GoString() string { return c.String() }

// An Event is what a webhook is about.
type Event struct {
	// ID is the header Greenhouse-Event-ID, the same when it is sent again; "" if there
	// is none.
	ID string
	// Action is the word of Greenhouse, such as "hire_candidate", "unhire_candidate" or
	// "ping".
	Action string
	// Candidates are the people to look at again, by the ids of Greenhouse, each once.
	Candidates []string
	// MergedInto is, for "merge_candidate", the candidate into whom the first of
	// Candidates was merged; see Config.Aliases. Otherwise it is "".
	MergedInto string
}

// ReadWebhook checks a request that Greenhouse sent and says whom it is about. What it
// says about them is not returned: a webhook is a hint to read them, with SyncOne or
// Identity. body is the body exactly as it came, at most 4 MiB.
//
// The signature in the header Signature is "sha256 " and the HMAC-SHA256 of the body in
// hexadecimal. It has no time in it: a webhook can be sent again, which does no harm.
// A signature that is missing or wrong is an error wrapping [ErrSignature].
//
// Candidates are found in payload.application, payload.candidate and payload.person
// (https://github.com/grnhse/greenhouse-api-docs, webhooks); an event about something
// else has none.
func ReadWebhook(body []byte, h http.Header, cfg WebhookConfig) (Event, error) {
	if len(cfg.Keys) == 0 || slices.Contains(cfg.Keys, "") {
		return Event{}, errors.New("read webhook: field Keys: a key is missing")
	}
	if len(body) > mostWebhook {
		return Event{}, fmt.Errorf("read webhook: the body is larger than %d bytes", mostWebhook)
	}
	algorithm, signature, _ := strings.Cut(h.Get("Signature"), " ")
	if algorithm != "sha256" || !signed.Hex(signature, cfg.Keys, body) {
		return Event{}, fmt.Errorf("read webhook: %w", ErrSignature)
	}
	event, err := readEvent(body)
	if err != nil {
		return Event{}, fmt.Errorf("read webhook: %w", err)
	}
	event.ID = h.Get("Greenhouse-Event-ID")
	return event, nil
}

func readEvent(body []byte) (Event, error) {
	var e Event
	s := jsonscan.New(body)
	err := s.Members(func(key []byte) error {
		switch name := string(key); {
		case name == "action":
			return word(&s, &e.Action)
		case name == "payload" && s.Peek() == '{':
			return e.payload(&s)
		}
		return s.Skip()
	})
	if err == nil {
		err = s.End()
	}
	if err == nil && e.Action == "" {
		err = errors.New("it has no action")
	}
	return e, err
}

// payload finds candidates. Of offers and applications alone only their ids are known
// there, which are nobody's.
func (e *Event) payload(s *jsonscan.Scanner) error {
	return s.Members(func(key []byte) error {
		name := string(key)
		switch {
		case s.Peek() != '{':
			if name == "candidate_id" || name == "person_id" {
				return e.add(s)
			}
		case name == "application":
			return e.payload(s)
		case name == "candidate" || name == "person":
			return s.Members(func(key []byte) error {
				switch string(key) {
				case "id":
					return e.add(s)
				case "new_candidate_id":
					var into int64
					err := id(s, &into)
					if into != 0 {
						e.MergedInto = strconv.FormatInt(into, 10)
					}
					return err
				}
				return s.Skip()
			})
		}
		return s.Skip()
	})
}

func (e *Event) add(s *jsonscan.Scanner) error {
	var number int64
	err := id(s, &number)
	if one := strconv.FormatInt(number, 10); number != 0 && !slices.Contains(e.Candidates, one) {
		e.Candidates = append(e.Candidates, one)
	}
	return err
}
