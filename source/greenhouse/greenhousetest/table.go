package greenhousetest

import (
	"encoding/json"
	"slices"
	"strings"
)

// A table holds the records of one endpoint, sorted by their ids.
type table struct {
	ids  []string
	rows []row
	at   map[string]int
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

func compareIDs(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

func (t *table) get(id string) row {
	if n, ok := t.at[id]; ok {
		return t.rows[n]
	}
	return row{}
}

func (t *table) put(id string, r row) {
	if n, known := t.at[id]; known {
		t.rows[n] = r
		return
	}
	n, _ := slices.BinarySearchFunc(t.ids, id, compareIDs)
	t.ids, t.rows = slices.Insert(t.ids, n, id), slices.Insert(t.rows, n, r)
	for ; n < len(t.ids); n++ {
		t.at[t.ids[n]] = n
	}
}

func (t *table) remove(which func(row) bool) {
	t.rows = slices.DeleteFunc(t.rows, which)
	t.ids = t.ids[:0]
	clear(t.at)
	for n, r := range t.rows {
		t.ids = append(t.ids, text(r["id"]))
		t.at[t.ids[n]] = n
	}
}

// page returns what was asked for, and the request for the page behind it, if there
// is one.
func (t *table) page(asked request) ([]row, request) {
	rows := []row{}
	first := 0
	if asked.after != "" {
		found := false
		if first, found = slices.BinarySearchFunc(t.ids, asked.after, compareIDs); found {
			first++
		}
	}
	take := func(n int) bool {
		if !asked.matches(t.rows[n]) {
			return true
		}
		if len(rows) == asked.limit {
			return false
		}
		rows = append(rows, asked.chosen(t.rows[n]))
		asked.after = t.ids[n]
		return true
	}
	if wanted := asked.filters["ids"]; wanted != nil {
		sorted := slices.SortedFunc(slices.Values(wanted), compareIDs)
		for _, id := range slices.Compact(sorted) {
			if n, ok := t.at[id]; ok && n >= first && !take(n) {
				return rows, asked.next()
			}
		}
		return rows, request{}
	}
	for n := first; n < len(t.rows); n++ {
		if !take(n) {
			return rows, asked.next()
		}
	}
	return rows, request{}
}
