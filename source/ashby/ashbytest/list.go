package ashbytest

import (
	"slices"
	"strconv"
	"strings"
)

type row map[string]any

// A table holds the records of one kind, in the order of their ids.
type table struct {
	ids      []string
	rows     []row
	versions []int
	at       map[string]int
}

// A cursor is a place in a list, and the question that it belongs to.
type cursor struct {
	question  question
	procedure string
	after     string
	version   int // of the list when it began
	page      int
}

func (s *Server) put(name, id string, render func() row) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	t := s.tables[name]
	if n, known := t.at[id]; known {
		t.rows[n], t.versions[n] = render(), s.version
		return
	}
	n, _ := slices.BinarySearch(t.ids, id)
	t.ids, t.rows, t.versions = slices.Insert(t.ids, n, id), slices.Insert(t.rows, n, render()), slices.Insert(t.versions, n, s.version)
	for ; n < len(t.ids); n++ {
		t.at[t.ids[n]] = n
	}
}

func (t *table) remove(which func(row) bool) {
	kept := table{at: map[string]int{}}
	for n, r := range t.rows {
		if !which(r) {
			kept.at[t.ids[n]] = len(kept.ids)
			kept.ids, kept.rows, kept.versions = append(kept.ids, t.ids[n]), append(kept.rows, r), append(kept.versions, t.versions[n])
		}
	}
	*t = kept
}

func (s *Server) info(name, id string) row {
	t := s.tables[name]
	n, known := t.at[id]
	if !known {
		return refuse(name + "_not_found")
	}
	return row{"success": true, "results": t.rows[n]}
}

// list answers one page of a list. The token comes with the last one.
func (s *Server) list(procedure string, q question) row {
	at := cursor{question: q, procedure: procedure, version: s.version, page: 1}
	since := 0
	if q.SyncToken != "" {
		from, known := s.tokens[q.SyncToken]
		switch {
		case !known:
			return refuse("sync_token_invalid")
		case from.procedure == "":
			return refuse("sync_token_expired")
		case from.procedure != procedure:
			return refuse("sync_token_invalid")
		}
		since = from.version
	}
	if q.Cursor != "" {
		kept, known := s.cursors[q.Cursor]
		same := kept.question
		if !known || kept.procedure != procedure || same.SyncToken != q.SyncToken || same.Status != q.Status || same.ApplicationID != q.ApplicationID {
			return refuse("invalid_next_cursor")
		}
		at = kept
	}
	return s.page(at, q, since)
}

func (s *Server) page(at cursor, q question, since int) row {
	limit := 100
	if q.Limit != nil {
		limit = *q.Limit
	}
	name, _, _ := strings.Cut(at.procedure, ".")
	t := s.tables[name]
	first, found := slices.BinarySearch(t.ids, at.after)
	if found {
		first++
	}
	results, behind := []row{}, 0
	for n := first; n < len(t.rows); n++ {
		r := t.rows[n]
		if t.versions[n] <= since || q.Status != "" && r["status"] != q.Status || q.ApplicationID != "" && r["applicationId"] != q.ApplicationID {
			continue
		}
		if behind++; behind > limit {
			if since == 0 {
				break // how many there are is nobody's question
			}
			continue
		}
		results, at.after = append(results, r), t.ids[n]
	}
	answer := row{"success": true, "results": results, "moreDataAvailable": behind > limit}
	switch {
	case since > 0 && behind > s.cfg.MostSync:
		return refuse("incremental_sync_too_large")
	case behind > limit:
		at.page++
		next := "cur_" + strconv.Itoa(len(s.cursors)*7919+1)
		s.cursors[next] = cursor{question: q, procedure: at.procedure, after: at.after, version: at.version, page: at.page}
		answer["nextCursor"] = next
	default:
		token := "st_" + strconv.Itoa(len(s.tokens)*6389+1)
		s.tokens[token] = begin{at.procedure, at.version}
		answer["syncToken"] = token
	}
	return answer
}
