package workdaytest

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"
)

const pacific = "America/Los_Angeles"

// serveWorkers answers Get_Workers.
func (s *Server) serveWorkers(w http.ResponseWriter, r *http.Request, path string) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client is gone
	}
	s.note(r, string(body))
	if r.Method != http.MethodPost {
		http.Error(w, "", http.StatusMethodNotAllowed)
		return
	}
	q, refused := s.read(r, path, body)
	healthy := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var answer []byte
		if refused == nil {
			answer, refused = s.workers(q)
		}
		if refused != nil {
			refused.write(w)
			return
		}
		w.Header().Set("Content-Type", "text/xml; charset=UTF-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		_, _ = w.Write(answer) // the client may be gone
	})
	if f := s.due(q.page, q.log != nil, q.log == nil && q.people == nil); f != nil {
		f.Spoil.Serve(w, r, healthy)
		return
	}
	healthy.ServeHTTP(w, r)
}

// workers selects who is asked for and renders a page of them.
func (s *Server) workers(q *question) ([]byte, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Clock()
	if q.entered.IsZero() {
		q.entered = now
	}
	if q.asOf == "" {
		q.asOf = dayIn(now)
	}
	chosen := s.choose(q)
	if refused := s.missing(q, chosen); refused != nil {
		return nil, refused
	}
	pages := (len(chosen) + q.count - 1) / q.count
	begin := min((q.page-1)*q.count, len(chosen))
	end := min(begin+q.count, len(chosen))
	out := &writer{}
	out.raw(`<?xml version='1.0' encoding='UTF-8'?><env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Body>`,
		`<wd:Get_Workers_Response xmlns:wd="urn:com.workday/bsvc" wd:version="`, q.version, `"><wd:Response_Results>`)
	out.leaf("Total_Results", strconv.Itoa(len(chosen))).leaf("Total_Pages", strconv.Itoa(pages))
	out.leaf("Page_Results", strconv.Itoa(end-begin)).leaf("Page", strconv.Itoa(q.page))
	out.raw(`</wd:Response_Results>`)
	if begin < end {
		out.raw("<wd:Response_Data>")
		for _, wid := range chosen[begin:end] {
			out.raw(string(s.render(wid, q)))
		}
		out.raw("</wd:Response_Data>")
	}
	out.raw(`</wd:Get_Workers_Response></env:Body></env:Envelope>`)
	return out.bytes, nil
}

// choose returns who is asked for. It is kept from page to page.
func (s *Server) choose(q *question) []string {
	key := fmt.Sprint(q.asOf, q.entered.UnixNano(), q.log, q.inactive)
	if kept, ok := s.chosen[key]; ok && q.people == nil {
		return kept
	}
	var chosen []string
	for _, wid := range s.ids {
		if w, known := s.known(wid, q.entered); known && s.selects(q, &w) {
			chosen = append(chosen, wid)
		}
	}
	if q.people == nil {
		s.chosen[key] = chosen
	}
	return chosen
}

// selects reports whether a question is about a worker.
func (s *Server) selects(q *question, w *Worker) bool {
	if q.people != nil {
		return (w.HireDate <= q.asOf || s.cfg.ListsHires) && slices.ContainsFunc(q.people, func(p [2]string) bool { return w.has(p) })
	}
	if q.log != nil {
		return s.logged(q, w)
	}
	if !q.inactive && !w.active(q.asOf) {
		return false
	}
	return w.HireDate <= q.asOf || s.cfg.ListsHires
}

func (w *Worker) has(id [2]string) bool {
	switch id[0] {
	case "WID":
		return w.WID == id[1]
	case "Employee_ID":
		return w.EmployeeID == id[1]
	default:
		return w.ContingentID == id[1]
	}
}

// missing refuses references to nobody, unless they are to be skipped.
func (s *Server) missing(q *question, chosen []string) *refusal {
	if q.skipUnknown {
		return nil
	}
	for _, p := range q.people {
		if !slices.ContainsFunc(chosen, func(wid string) bool { w, _ := s.known(wid, q.entered); return w.has(p) }) {
			return unknownID(p[1], p[0])
		}
	}
	return nil
}

// logged reports whether the transaction log has something about a worker.
func (s *Server) logged(q *question, w *Worker) bool {
	within := func(t time.Time) bool { return !t.Before(q.log.from) && !t.After(q.log.through) }
	if !q.log.effective {
		return slices.ContainsFunc(s.history[w.WID], func(v version) bool { return within(v.entered) && !v.entered.After(q.entered) })
	}
	days := []string{w.HireDate}
	if !q.log.hiresOnly {
		days = append(days, w.TerminationDate)
	}
	return slices.ContainsFunc(days, func(day string) bool {
		t, err := time.ParseInLocation(time.DateOnly, day, zone())
		return err == nil && within(t)
	})
}

func zone() *time.Location {
	loaded, err := time.LoadLocation(pacific)
	if err != nil {
		return time.UTC
	}
	return loaded
}

func dayIn(t time.Time) string { return t.In(zone()).Format(time.DateOnly) }

// over reports whether the employment is over on a day.
func (w *Worker) over(day string) bool {
	return w.TerminationDate != "" && (w.TerminationDate < day || w.Immediate && w.TerminationDate <= day)
}

func (w *Worker) active(day string) bool {
	return w.HireDate <= day && !w.over(day) && !w.Rescinded
}

// render returns a worker as they are on a day. It is kept until somebody changes.
func (s *Server) render(wid string, q *question) []byte {
	key := fmt.Sprint(wid, q.asOf, q.entered.UnixNano(), q.calculated, len(q.group), q.group["Include_Account_Provisioning"])
	if kept, ok := s.rendered[key]; ok {
		return kept
	}
	w, _ := s.known(wid, q.entered)
	out := &writer{}
	s.worker(out, &w, q)
	s.rendered[key] = out.bytes
	return out.bytes
}

// chain returns the managers of somebody, the highest first. Who has none leads their
// own unit.
func (s *Server) chain(wid string, at time.Time) []Worker {
	var up []Worker
	for range 20 {
		w, known := s.known(wid, at)
		if !known {
			break
		}
		manager, known := s.known(cmp.Or(w.Manager, w.WID), at)
		if !known {
			break
		}
		up = append(up, manager)
		if w.Manager == "" {
			break
		}
		wid = w.Manager
	}
	slices.Reverse(up)
	return up
}
