package adp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/jsonscan"
)

// An Event is a message of ADP's queue: a hint to look at people again. What it says
// about them is not kept: a termination may be told months ahead, and its message still
// calls the person active.
type Event struct {
	// Message is the id of the message in the queue.
	Message string
	// Names are those of the events in it, such as "worker.hire", each once.
	Names []string
	// People are the associateOIDs of the workers whom it is about, as in Identity.ID,
	// sorted, each once.
	People []string
	// Everybody means that it is about a worker and does not say, or not in a form that is
	// understood, about whom. A full read is due.
	Everybody bool
}

// An EventConfig says how events are taken from the queue.
type EventConfig struct {
	// Most is how many messages are taken at most. Defaults to as many as there are.
	Most int
	// LongPolling asks ADP to hold an answer back for a while, about 15 seconds, as long as
	// the queue is empty. Defaults to false.
	LongPolling bool
}

// Events takes one message after the other from ADP's queue of event notifications,
// calls handle with each, and returns how many were handled when the queue is empty.
//
// A message is acknowledged, and so removed for good, only after handle has returned nil.
// So handle returns nil only when what follows from the message is stored: after
// provision.Engine.SyncOne of each of its People, say, or when their IDs are in a queue
// of one's own. If the process ends in between, the message comes again: everything is
// told at least once, and to look at a person twice does no harm. The error of handle
// ends the call, wrapped, and leaves its message and all later ones in the queue, which
// ADP hands out in their order.
//
// The queue belongs to the client: two that read it at the same time take each other's
// messages, and so may two calls of Events.
func (s *Source) Events(ctx context.Context, cfg EventConfig, handle func(context.Context, Event) error) (int, error) {
	handled, last := 0, ""
	for cfg.Most <= 0 || handled < cfg.Most {
		e, ok, err := s.next(ctx, cfg)
		switch {
		case err != nil:
			return handled, fmt.Errorf("read events: %w", err)
		case !ok:
			return handled, nil
		case e.Message == last:
			return handled, fmt.Errorf("read events: message %s came again after it was acknowledged", excerpt.Of(last))
		}
		if err := handle(ctx, e); err != nil {
			return handled, fmt.Errorf("handle event message %s: %w", excerpt.Of(e.Message), err)
		}
		if err := s.acknowledge(ctx, e.Message); err != nil {
			return handled, fmt.Errorf("acknowledge event message %s: %w", excerpt.Of(e.Message), err)
		}
		handled, last = handled+1, e.Message
	}
	return handled, nil
}

const queue = "/core/v1/event-notification-messages"

// next looks at the first message of the queue, which stays there.
func (s *Source) next(ctx context.Context, cfg EventConfig) (Event, bool, error) {
	header := s.header()
	if cfg.LongPolling {
		header.Set("Prefer", "/adp/long-polling")
	}
	answer, err := s.client.Read(ctx, fetch.Request{Path: queue, Header: header})
	if nothing(err) {
		return Event{}, false, nil
	}
	if err != nil {
		return Event{}, false, err
	}
	id := answer.Header.Get("Adp-Msg-Msgid")
	if !validMessage(id) {
		return Event{}, false, answer.Fail(fetch.BadContent, errors.New("there is no id of a message in its header adp-msg-msgid"))
	}
	e := readEvent(answer.Body)
	e.Message = id
	return e, true, nil
}

// validMessage reports whether a text can be the id of a message. Those seen are
// hexadecimal behind "0x_".
func validMessage(id string) bool {
	const most = 200
	return id != "" && len(id) <= most && !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r >= 0x7f }) && strings.Trim(id, ".") != ""
}

// acknowledge removes a message from the queue. One that is gone has been removed.
func (s *Source) acknowledge(ctx context.Context, id string) error {
	answer, err := s.client.Once(ctx, fetch.Request{
		Method: http.MethodDelete, Path: queue + "/{id}", Args: []string{id}, Header: s.header(), Want: fetch.Anything,
	})
	if e, ok := errors.AsType[*fetch.Error](err); ok && e.Status/100 == 2 {
		return nil // the answer broke off, and what was asked for is done
	}
	if err != nil {
		return err
	}
	if err := answer.Err(); fetch.KindOf(err) != fetch.NotFound {
		return err
	}
	return nil
}

// readEvent reads a message. There must be no message that cannot be handled, for none
// behind it would ever come: what is not understood concerns everybody. Some of ADP's own
// are not UTF-8, which the scanner lets pass.
func readEvent(body []byte) Event {
	var e Event
	s := jsonscan.New(body)
	events := 0
	err := s.Members(func(key []byte) error {
		if string(key) != "events" && string(key) != "event" {
			return s.Skip()
		}
		return each(&s, func() error {
			events++
			return e.read(&s)
		})
	})
	if err == nil {
		err = s.End()
	}
	e.Everybody = e.Everybody || err != nil || events == 0
	slices.Sort(e.People)
	e.People = slices.Compact(e.People)
	return e
}

// read takes one event. Who did it (actor, originator) is not whom it is about, so only
// what lies in data counts.
func (e *Event) read(s *jsonscan.Scanner) error {
	name, before := "", len(e.People)
	err := object(s, func(key string) error {
		switch key {
		case "eventNameCode":
			return eventName(s, &name)
		case "data":
			return object(s, func(string) error { // eventContext, transform, output
				return each(s, func() error { return e.people(s) })
			})
		}
		return s.Skip()
	})
	if name != "" && !slices.Contains(e.Names, name) {
		e.Names = append(e.Names, name)
	}
	// Of time cards and payrolls nothing follows.
	if len(e.People) == before && (name == "" || strings.HasPrefix(name, "worker")) {
		e.Everybody = true
	}
	return err
}

// eventName takes the name of an event, which may stand alone.
func eventName(s *jsonscan.Scanner, into *string) error {
	if s.Peek() != '{' {
		return text(s, into)
	}
	return object(s, func(key string) error {
		if key == "codeValue" {
			return text(s, into)
		}
		return s.Skip()
	})
}

func (e *Event) people(s *jsonscan.Scanner) error {
	return object(s, func(key string) error {
		if key != "worker" && key != "workers" {
			return s.Skip()
		}
		return each(s, func() error {
			return object(s, func(key string) error {
				if key != "associateOID" {
					return s.Skip()
				}
				var id string
				err := text(s, &id)
				if validID(id) {
					e.People = append(e.People, id)
				}
				return err
			})
		})
	})
}
