package knittest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// An Event is a push before it is signed.
type Event struct {
	ID, Type string // "ev_1", "record.new"
	SyncType string
	Run      string
	RecordID string
	At       time.Time
	Data     map[string]any
	noTime   bool
	job      string
}

// Body returns the event as Knit writes it.
func (e Event) Body() []byte {
	m := map[string]any{
		"eventId": e.ID, "eventType": e.Type, "syncType": e.SyncType, "syncDataType": "employee",
		"syncJobId": e.job, "syncRunId": e.Run, "recordId": e.RecordID, "eventData": e.Data,
	}
	if !e.noTime {
		m["triggeredAt"] = strconv.FormatInt(e.At.UnixMilli(), 10)
	}
	body, _ := json.Marshal(m) // a fake is given what can be written
	return body
}

// Events runs a sync and returns what it emits, in order, without pushing it: those
// about people, then sync.events.processed with their number, then
// sync.events.allConsumed. An initial sync has the people who are active, as
// record.new; a delta sync has what changed since the sync before.
func (s *Server) Events(syncType string) []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sync(syncType)
}

// sync is called with the lock held.
func (s *Server) sync(syncType string) []Event {
	s.runs++
	run := "sr_" + strconv.Itoa(s.runs)
	begun := s.cfg.Clock().UTC()
	var all []Event
	add := func(kind, record string, data map[string]any) {
		s.events++
		all = append(all, Event{
			ID: "ev_" + strconv.Itoa(s.events), Type: kind, SyncType: syncType, Run: run, RecordID: record,
			At: begun.Add(time.Duration(len(all)+1) * time.Millisecond), Data: data, noTime: s.cfg.NoTimes, job: s.job(),
		})
	}
	known := s.known
	if syncType == "initial_sync" {
		known = map[string]string{}
	}
	now := map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(s.people)) {
		p := s.people[id]
		if p.Status == "INACTIVE" {
			continue
		}
		data := p.Data()
		look := fmt.Sprint(p)
		now[id] = look
		switch before, there := known[id]; {
		case !there:
			add("record.new", id, data)
		case before != look:
			add("record.modified", id, data)
		}
	}
	if syncType != "initial_sync" {
		for _, id := range slices.Sorted(maps.Keys(known)) {
			if _, there := now[id]; !there {
				add("record.deleted", id, map[string]any{"employeeId": id, "workEmail": s.people[id].WorkEmail})
			}
		}
	}
	s.known = now
	emitted := len(all)
	add("sync.events.processed", run, map[string]any{
		"status": "processed", "processed": len(s.people), "emitted": emitted, "complete": false,
		"startedAt": strconv.FormatInt(begun.UnixMilli(), 10), "processedAt": strconv.FormatInt(s.cfg.Clock().UnixMilli(), 10),
	})
	add("sync.events.allConsumed", run, map[string]any{"status": "consumed", "complete": true})
	return all
}
