package bamboohr

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/jsonscan"
)

// ErrSignature says that a webhook was not sent by BambooHR with one of the keys, or
// not just now. Whoever sent it must learn no more than that.
var ErrSignature = errors.New("webhook signature is not valid")

const mostWebhook = 1 << 20 // bytes; BambooHR sends a person with a few fields

// A WebhookConfig says how webhooks are checked.
type WebhookConfig struct {
	// Keys are the private keys of the webhooks; BambooHR shows each when the webhook
	// is made, and never again. Two are for the time of a change. At least one is
	// required.
	Keys []string
	// Tolerance is how far the time of a webhook may be from ours. Defaults to 5
	// minutes. Within it a webhook can be sent again, which does no harm: it is a hint
	// to look at somebody.
	Tolerance time.Duration
	// Clock defaults to [time.Now].
	Clock func() time.Time
}

// String hides the keys, as GoString does.
func (WebhookConfig) String() string { return "bamboohr.WebhookConfig" }

// GoString hides the keys.
func (c WebhookConfig) GoString() string { return c.String() }

// ReadWebhook checks a request that BambooHR sent and returns the IDs of the people
// whom it is about, as in Identity.ID, each once. What the request says about them is
// not returned: a webhook is a hint to read them, with SyncOne or Identity. body is
// the body exactly as it came, at most 1 MiB.
//
// It reads JSON of the events employee.created, employee.updated and
// employee.deleted, with and without fields, and of field-based webhooks
// (https://documentation.bamboohr.com/docs/event-based-webhooks,
// https://documentation.bamboohr.com/docs/global-webhooks); set the format to JSON.
//
// The signature in the header X-BambooHR-Signature is the HMAC-SHA256 of the body
// followed by the header X-BambooHR-Timestamp, in hexadecimal
// (https://documentation.bamboohr.com/docs/webhooks#security). That the two are
// joined without anything between them is what independent receivers agree on. The
// timestamp is taken as seconds since 1970 or as RFC 3339. A signature that is
// missing, wrong or too old is an error wrapping [ErrSignature].
func ReadWebhook(body []byte, h http.Header, cfg WebhookConfig) ([]string, error) {
	if err := cfg.verify(body, h); err != nil {
		return nil, fmt.Errorf("read webhook: %w", err)
	}
	ids, err := webhookIDs(body)
	if err != nil {
		return nil, fmt.Errorf("read webhook: %w", err)
	}
	return ids, nil
}

func (c WebhookConfig) verify(body []byte, h http.Header) error {
	if len(c.Keys) == 0 || slices.Contains(c.Keys, "") {
		return errors.New("field Keys: a key is missing")
	}
	if len(body) > mostWebhook {
		return fmt.Errorf("the body is larger than %d bytes", mostWebhook)
	}
	stamp := h.Get("X-BambooHR-Timestamp")
	signature, err := hex.DecodeString(h.Get("X-BambooHR-Signature"))
	if err != nil || stamp == "" {
		return ErrSignature
	}
	signed := false
	for _, key := range c.Keys {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write(body)
		mac.Write([]byte(stamp))
		signed = hmac.Equal(mac.Sum(nil), signature) || signed
	}
	if !signed {
		return ErrSignature
	}
	sent, err := parseStamp(stamp)
	if err != nil {
		return fmt.Errorf("%w: no time is in it", ErrSignature)
	}
	now, tolerance := time.Now, c.Tolerance
	if c.Clock != nil {
		now = c.Clock
	}
	if tolerance <= 0 {
		tolerance = 5 * time.Minute
	}
	if age := now().Sub(sent); age > tolerance || age < -tolerance {
		return fmt.Errorf("%w: it is not of now", ErrSignature)
	}
	return nil
}

func parseStamp(stamp string) (time.Time, error) {
	if seconds, err := strconv.ParseInt(stamp, 10, 64); err == nil {
		return time.Unix(seconds, 0), nil
	}
	return time.Parse(time.RFC3339, stamp)
}

// webhookIDs finds the people. An event about something else has none.
func webhookIDs(body []byte) ([]string, error) {
	var ids []string
	about, event := false, ""
	add := func(s *jsonscan.Scanner) error {
		v, err := s.Value()
		if err == nil && (v.Kind != jsonscan.Text && v.Kind != jsonscan.Number || !validID(v.Text())) {
			err = errors.New("somebody has no employee id")
		}
		if err == nil && !slices.Contains(ids, v.Text()) {
			ids = append(ids, v.Text())
		}
		return err
	}
	s := jsonscan.New(body)
	err := s.Members(func(key []byte) error {
		switch name := string(key); {
		case name == "type" && s.Peek() == '"':
			v, err := s.Value()
			event = v.Text()
			return err
		case name == "data" && s.Peek() == '{':
			return s.Members(func(key []byte) error {
				if string(key) != "employeeId" {
					return s.Skip()
				}
				about = true
				return add(&s)
			})
		case name == "employees" && s.Peek() == '[':
			about = true
			return s.Elements(func() error {
				before := len(ids)
				named := false
				err := s.Members(func(key []byte) error {
					if string(key) != "id" {
						return s.Skip()
					}
					named = true
					return add(&s)
				})
				if err == nil && !named && len(ids) == before {
					err = errors.New("somebody has no employee id")
				}
				return err
			})
		}
		return s.Skip()
	})
	if err == nil {
		err = s.End()
	}
	switch {
	case err != nil:
		return nil, err
	case about || event != "" && !strings.HasPrefix(event, "employee"):
		return ids, nil
	}
	return nil, errors.New("no people are named in it")
}
