package knit

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/jsonscan"
)

// The types of events (https://developers.getknit.dev/reference/event-glossary).
// heartbeat and failed are not in the glossary; a public client knows them.
const (
	recordNew      = "record.new"
	recordModified = "record.modified"
	recordDeleted  = "record.deleted"
	syncProcessed  = "sync.events.processed"
	syncConsumed   = "sync.events.allConsumed"
	syncFailed     = "sync.failed"
)

// An event is what one push says.
type event struct {
	id, kind     string
	syncType     string
	dataType     string
	job, run     string
	recordID     string
	at           time.Time // the zero time if it is not stated
	fields       []field   // of a person: what is kept
	blocks       []string  // that were there, null ones aside
	employee     string    // eventData.employeeId of a deletion
	status       string    // eventData.status of a sync's end
	begun        time.Time // eventData.startedAt
	emitted      int
	countsStated bool
}

func (e *event) record() bool {
	return e.kind == recordNew || e.kind == recordModified || e.kind == recordDeleted
}

// about reports whether it is an event of a sync of employees that this package knows.
func (e *event) about() bool {
	return e.dataType == dataType && (e.record() || slices.Contains([]string{syncProcessed, syncConsumed, syncFailed}, e.kind))
}

var errNoObject = errors.New("it is no JSON object")

// readEvents reads the body of a push: one event, or a list of them.
func (c *Connector) readEvents(body []byte) ([]event, error) {
	var all []event
	s := jsonscan.New(body)
	one := func() error {
		if s.Peek() != '{' {
			return errNoObject
		}
		v, err := s.Value()
		if err != nil {
			return err
		}
		e, err := c.readEvent(v.Raw)
		all = append(all, e)
		return err
	}
	read := one
	if s.Peek() == '[' {
		read = func() error { return s.Elements(one) }
	}
	if err := read(); err != nil {
		return nil, err
	}
	return all, s.End()
}

func (c *Connector) readEvent(raw []byte) (event, error) {
	var e event
	var data jsonscan.Value
	s := jsonscan.New(raw)
	err := s.Members(func(key []byte) error {
		v, err := s.Value()
		if err != nil {
			return err
		}
		switch string(key) {
		case "eventId":
			return text(&e.id, key, v)
		case "eventType":
			return text(&e.kind, key, v)
		case "syncType":
			return text(&e.syncType, key, v)
		case "syncDataType":
			return text(&e.dataType, key, v)
		case "syncJobId":
			return text(&e.job, key, v)
		case "syncRunId":
			return text(&e.run, key, v)
		case "recordId":
			return text(&e.recordID, key, v)
		case "triggeredAt":
			return instant(&e.at, key, v)
		case "eventData":
			data = v
		}
		return nil
	})
	if err != nil {
		return e, err
	}
	if e.kind == c.cfg.ConsumedEvent {
		e.kind = syncConsumed
	}
	if e.id == "" {
		sum := sha256.Sum256(raw)
		e.id = hex.EncodeToString(sum[:])
	}
	switch {
	case e.kind == "":
		return e, errors.New("eventType is missing")
	case !e.about():
		return e, nil
	case e.run == "":
		return e, errors.New("syncRunId is missing")
	}
	err = c.readData(&e, data)
	return e, err
}

// readData reads what is in an event that counts.
func (c *Connector) readData(e *event, data jsonscan.Value) error {
	if data.Kind != jsonscan.Object {
		if e.kind == recordDeleted && e.recordID != "" || e.kind == syncConsumed || e.kind == syncFailed {
			return nil // what matters is in the envelope
		}
		return errors.New("eventData is no object")
	}
	switch e.kind {
	case recordNew, recordModified:
		return c.reduce(e, data.Raw)
	default:
		return readSmall(e, data.Raw)
	}
}

// readSmall reads the data of a deletion or of the end of a sync.
func readSmall(e *event, raw []byte) error {
	s := jsonscan.New(raw)
	return s.Members(func(key []byte) error {
		v, err := s.Value()
		if err != nil {
			return err
		}
		switch string(key) {
		case "employeeId":
			return text(&e.employee, key, v)
		case "status":
			return text(&e.status, key, v)
		case "startedAt":
			_ = instant(&e.begun, key, v) // no more than a hint
		case "emitted":
			var number string
			if err := text(&number, key, v); err != nil || number == "" {
				return err
			}
			if e.emitted, err = strconv.Atoi(number); err != nil || e.emitted < 0 {
				return fmt.Errorf("emitted: %q is no number of events", excerpt.Of(number))
			}
			e.countsStated = true
		}
		return nil
	})
}

// text takes a text or a number; null is nothing.
func text(into *string, key []byte, v jsonscan.Value) error {
	switch v.Kind {
	case jsonscan.Null:
		*into = ""
	case jsonscan.Text, jsonscan.Number:
		*into = v.Text()
	default:
		return fmt.Errorf("%s is no text", key)
	}
	return nil
}

// instant takes milliseconds since 1970, as the samples have them, or RFC 3339.
func instant(into *time.Time, key []byte, v jsonscan.Value) error {
	var stated string
	if err := text(&stated, key, v); err != nil || stated == "" {
		return err
	}
	if ms, err := strconv.ParseInt(stated, 10, 64); err == nil {
		if ms <= 0 {
			return nil // not stated
		}
		*into = time.UnixMilli(ms).UTC()
		return nil
	}
	at, err := time.Parse(time.RFC3339, stated)
	if err != nil {
		return fmt.Errorf("%s: want milliseconds since 1970", key)
	}
	*into = at.UTC().Truncate(time.Millisecond)
	return nil
}
