package ashby

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/internal/signed"
)

// ErrSignature says that a webhook was not sent by Ashby with one of the keys. Whoever
// sent it must learn no more than that.
var ErrSignature = errors.New("webhook signature is not valid")

const mostWebhook = 4 << 20 // bytes

// A WebhookConfig says how webhooks are checked.
type WebhookConfig struct {
	// Keys are the secret tokens of the webhooks. Ashby signs only those that have one.
	// Two are for the time of a change. At least one is required.
	Keys []string
}

// String hides the keys, as GoString does.
func (WebhookConfig) String() string { return "ashby.WebhookConfig" }

// GoString hides the keys.
func (c WebhookConfig) GoString() string { return c.String() }

// An Event is what a webhook is about.
type Event struct {
	// Action is the word of Ashby, such as "candidateHire", "applicationUpdate" or "ping".
	Action string
	// Candidates are the people to look at again, by the ids of Ashby, each once. Of an
	// offer Ashby sends the application only: then it is in Applications.
	Candidates   []string
	Applications []string
	// Status is that of the application, if there is one: one hire is told by three
	// webhooks, which have application and status in common.
	Status string
	// Merged and MergedInto are, for "candidateMerge", the candidate who is gone and the
	// one into whom they were merged; see Config.Aliases. Otherwise they are "".
	Merged, MergedInto string
}

// ReadWebhook checks a request that Ashby sent and says whom it is about. What it says
// about them is not returned: a webhook is a hint to read them, with SyncOne or
// Identity. body is the body exactly as it came, at most 4 MiB.
//
// The signature in the header Ashby-Signature is "sha256=" and the HMAC-SHA256 of the
// body in hexadecimal. It has no time in it: a webhook can be sent again, which does no
// harm. A signature that is missing or wrong is an error wrapping [ErrSignature].
func ReadWebhook(body []byte, h http.Header, cfg WebhookConfig) (Event, error) {
	if len(cfg.Keys) == 0 || slices.Contains(cfg.Keys, "") {
		return Event{}, errors.New("read webhook: field Keys: a key is missing")
	}
	if len(body) > mostWebhook {
		return Event{}, fmt.Errorf("read webhook: the body is larger than %d bytes", mostWebhook)
	}
	signature, ok := strings.CutPrefix(h.Get("Ashby-Signature"), "sha256=")
	if !ok || !signed.Hex(signature, cfg.Keys, body) {
		return Event{}, fmt.Errorf("read webhook: %w", ErrSignature)
	}
	event, err := readEvent(body)
	if err != nil {
		return Event{}, fmt.Errorf("read webhook: %w", err)
	}
	return event, nil
}

func readEvent(body []byte) (Event, error) {
	var e Event
	s := jsonscan.New(body)
	err := s.Members(func(key []byte) error {
		switch string(key) {
		case "action":
			return text(&s, &e.Action)
		case "data":
			return e.data(&s)
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

func (e *Event) data(s *jsonscan.Scanner) error {
	return object(s, func(key string) error {
		switch key {
		case "application":
			return object(s, func(key string) error {
				switch key {
				case "id":
					return add(s, &e.Applications)
				case "status":
					return text(s, &e.Status)
				case "candidate":
					return e.candidate(s, nil)
				}
				return s.Skip()
			})
		case "candidate":
			return e.candidate(s, nil)
		case "deletedCandidate":
			return e.candidate(s, &e.Merged)
		case "mergedCandidate":
			return e.candidate(s, &e.MergedInto)
		case "candidateId":
			return add(s, &e.Candidates)
		case "offer":
			return object(s, func(key string) error {
				if key == "applicationId" {
					return add(s, &e.Applications)
				}
				return s.Skip()
			})
		}
		return s.Skip()
	})
}

// candidate takes the id of a candidate, given as an object or as the id alone.
func (e *Event) candidate(s *jsonscan.Scanner, into *string) error {
	before := len(e.Candidates)
	var err error
	if s.Peek() == '{' {
		err = object(s, func(key string) error {
			if key == "id" {
				return add(s, &e.Candidates)
			}
			return s.Skip()
		})
	} else {
		err = add(s, &e.Candidates)
	}
	if into != nil && len(e.Candidates) > before {
		*into = e.Candidates[before]
	}
	return err
}

func add(s *jsonscan.Scanner, to *[]string) error {
	var one string
	err := id(s, &one)
	if one != "" && !slices.Contains(*to, one) {
		*to = append(*to, one)
	}
	return err
}
