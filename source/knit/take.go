package knit

import (
	"fmt"
	"time"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/vocabulary"
)

// person returns the ID of the person whom an event is about.
func (a *application) person() (string, error) {
	e := a.event
	id, member := e.text(idPlace), "eventData."+idPlace
	if e.kind == recordDeleted {
		id, member = e.employee, "eventData.employeeId"
	}
	if a.cfg.ID == RecordID {
		id, member = e.recordID, "recordId"
	}
	if id == "" && e.recordID != "" {
		// The samples have the same value in both; somebody must be known by it, though.
		known, err := a.record(e.recordID)
		if err != nil {
			return "", err
		}
		if !known.At.IsZero() || !known.Ended.IsZero() {
			id = e.recordID
		}
	}
	switch {
	case id == "":
		return "", fmt.Errorf("%w: %s is missing: nobody knows who it is about", ErrRefused, member)
	case len(id) > mostID:
		return "", fmt.Errorf("%w: %s has more than %d bytes", ErrRefused, member, mostID)
	}
	return id, nil
}

// record returns what is known about a person, with nothing but the ID if that is all.
func (a *application) record(id string) (Record, error) {
	for _, r := range a.commit.Put {
		if r.ID == id {
			return r, nil
		}
	}
	found, err := a.cfg.Store.Records(a.ctx, a.integration, []string{id})
	if err != nil || len(found) == 0 {
		return Record{ID: id}, err
	}
	return found[0], nil
}

// take notes what an event says.
func (a *application) take(id string) error {
	e, r := a.event, a.run
	switch e.kind {
	case recordNew, recordModified, recordDeleted:
		r.Events++
		if !a.again {
			r.People++
		}
		at := e.at
		if at.IsZero() {
			at = r.Seen
		}
		if e.kind == recordDeleted {
			return a.leave(id, at)
		}
		return a.upsert(id, at)
	case syncProcessed:
		if word := vocabulary.Fold(e.status); word != "" && !a.finished[word] {
			a.fail(fmt.Sprintf("it ended with the status %q", excerpt.Of(e.status)))
			return nil
		}
		r.Processed, r.Emitted, r.Counted = true, e.emitted, e.countsStated
	case syncConsumed:
		r.Consumed = true
	case syncFailed:
		a.fail("it failed at Knit")
	}
	return nil
}

func (a *application) fail(reason string) {
	if a.run.Phase == open {
		a.run.end(failed, reason, a.now)
	}
}

// tell says whom to look at again. The ID "" is everybody.
func (a *application) tell(id string) {
	a.changes = append(a.changes, Change{Integration: a.integration, IdentityID: id})
}

// upsert writes what Knit says of somebody who is there, unless something newer is
// known.
func (a *application) upsert(id string, at time.Time) error {
	known, err := a.record(id)
	if err != nil {
		return err
	}
	if at.Before(a.state.Baseline) || at.Before(known.At) || at.Before(known.Ended) {
		return nil
	}
	body, err := a.event.body(known.Body)
	if err != nil {
		return err
	}
	a.put(Record{ID: id, At: at, Body: body})
	a.tell(id)
	return nil
}

// put writes a record in the place of the one that this commit has, if it has one.
func (a *application) put(r Record) {
	for n := range a.commit.Put {
		if a.commit.Put[n].ID == r.ID {
			a.commit.Put[n] = r
			return
		}
	}
	a.commit.Put = append(a.commit.Put, r)
}

// leave notes that Knit says that somebody is gone. It counts when the sync that says
// so is completed; of two statements of one moment, the one that they are there wins.
func (a *application) leave(id string, at time.Time) error {
	known, err := a.record(id)
	if err != nil {
		return err
	}
	r := a.run
	switch {
	case !at.After(known.At) || !at.After(known.Ended):
		return nil
	case r.Phase == completed:
		a.end(known, at)
		return nil
	}
	if r.Gone == nil {
		r.Gone = map[string]time.Time{}
	}
	if at.After(r.Gone[id]) {
		r.Gone[id] = at
	}
	if r.Phase != open {
		a.tell(id) // in doubt now
	}
	return nil
}

func (a *application) end(known Record, at time.Time) {
	known.Ended = at
	a.put(known)
	a.tell(known.ID)
}
