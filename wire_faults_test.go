package provision_test

import (
	"encoding/binary"
	"encoding/json"
	"hash/fnv"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// wireFault is what happens to one call.
type wireFault uint8

const (
	fine wireFault = iota

	// These happen before anything is done.
	resetBefore // the connection ends
	hangBefore  // no reply
	brokenDown  // 500
	signIn      // 200, a page for people

	// These happen when it is done.
	resetReply  // the connection ends in the middle of the reply
	hangAfter   // no reply
	gateway     // 502, 503 or 504
	cutJSON     // 200, half of the JSON
	otherSchema // 200, JSON of another kind
	noBody      // 200, nothing

	// These happen to listings.
	cursorTwice
	nextLost
	listedEmpty
	brokenPage // the second page breaks off
)

func (f wireFault) before() bool { return f >= resetBefore && f <= signIn }

// weather is what goes wrong during one run. It is set between runs.
type weather struct {
	name  string
	round int
	// faults happen to a share of the calls that are no listings, one of them each.
	faults []wireFault
	share  float64
	// hr and app happen to the listings of these systems, to every attempt.
	hr, app wireFault
	// retryAfter has the target take quota calls in 30 s and answer the others so.
	retryAfter func(now time.Time) string
	quota      int
	// outage is how long the target answers everything with 500 from the first call on.
	outage time.Duration
	// expires is after how many calls the target's token is worth nothing any more.
	expires int
	// locked: and no other token is any better.
	locked bool
	// unreachable is the share of connections that are not made.
	unreachable float64

	begun    time.Time // the first call
	answered int       // calls, no listings, in this run
	windowed time.Time // the quota counts from here
	taken    int       // of the quota
	quiet    []quiet
	refusals int // answers with a Retry-After
	rejected int // calls with an old token
	seen     map[string]int
}

// quiet is a time in which the target wants to be left alone, and who came all the
// same.
type quiet struct {
	from, until time.Time
	strays      int
}

// wireCall is what is decided about a call when it arrives.
type wireCall struct {
	system  string
	listing bool
	fault   wireFault
	takes   time.Duration
	last    bool // on its connection
}

// chance is a number from 0 to 1 that follows from the seed, the round and what is
// asked for the how manieth time: not from who comes first.
func (w *wireAPI) chance(what string, n int) float64 {
	h := fnv.New64a()
	_ = binary.Write(h, binary.LittleEndian, [3]uint64{w.seed, uint64(w.round), uint64(n)})
	_, _ = io.WriteString(h, what)
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return float64(x>>11) / (1 << 53)
}

// arrive decides what will happen to a call.
func (w *wireAPI) arrive(r *http.Request) wireCall {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls++
	now := time.Now()
	system, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	call := wireCall{system: system, listing: rest == "people" || rest == "groups" || r.URL.Query().Has("cursor")}
	what := r.Method + r.URL.String()
	n := w.seen[what]
	w.seen[what]++
	call.takes = time.Duration(1+50*w.chance("takes"+what, n)) * time.Millisecond
	call.last = w.chance("last"+what, n) < 0.1
	switch {
	case rest == "token" || rest == "groups":
	case call.listing && system == "hr":
		call.fault = w.hr
	case call.listing:
		call.fault = w.app
	case len(w.faults) > 0 && w.chance(what, n) < w.share:
		call.fault = w.faults[int(w.chance("which"+what, n)*float64(len(w.faults)))]
	}
	if call.fault == brokenPage {
		call.fault = fine
		if c := r.URL.Query().Get("cursor"); c != "" {
			call.fault = resetReply
		}
	}
	if system == "app" && !call.listing && rest != "token" {
		if w.begun.IsZero() {
			w.begun = now
		}
		w.answered++
		for i := range w.quiet {
			if q := &w.quiet[i]; now.After(q.from) && now.Before(q.until) {
				q.strays++
			}
		}
	}
	return call
}

// lets reports whether a call gets as far as the system behind the door.
func (w *wireAPI) lets(out http.ResponseWriter, r *http.Request, call wireCall) bool {
	w.mu.Lock()
	now := time.Now()
	target := call.system == "app" && !call.listing
	if target && w.expires > 0 && w.answered >= w.expires {
		w.expires = 0
		w.tokens["app expired"] = w.tokens["app"]
	}
	if have, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "+call.system); have != strconv.Itoa(w.tokens[call.system]) ||
		w.tokens[call.system] <= w.tokens[call.system+" expired"] || target && w.locked && w.expires == 0 {
		w.rejected++
		w.mu.Unlock()
		w.write(out, call, refuseWith(http.StatusUnauthorized))
		return false
	}
	if target && now.Before(w.begun.Add(w.outage)) {
		w.mu.Unlock()
		w.write(out, call, refuseWith(http.StatusInternalServerError))
		return false
	}
	if target && w.retryAfter != nil {
		if now.Sub(w.windowed) >= 30*time.Second {
			w.windowed, w.taken = now, 0
		}
		if w.taken++; w.taken > w.quota {
			w.refusals++
			value := w.retryAfter(now)
			if value == "30" || strings.HasSuffix(value, "GMT") && w.name == "date" {
				// A date has whole seconds, and so has what it counts from.
				w.quiet = append(w.quiet, quiet{from: now, until: now.Add(29 * time.Second)})
			}
			w.windowed = now
			w.mu.Unlock()
			out.Header().Set("Retry-After", value)
			w.write(out, call, refuseWith(http.StatusTooManyRequests))
			return false
		}
	}
	w.mu.Unlock()
	return true
}

// spoil answers, or does not.
func (w *wireAPI) spoil(out http.ResponseWriter, r *http.Request, call wireCall, answer wireAnswer) {
	body, _ := json.Marshal(answer.value) // it was JSON before
	switch call.fault {
	case hangBefore, hangAfter:
		<-r.Context().Done()
	case resetBefore:
		hangUp(out, "")
	case resetReply:
		hangUp(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"+string(body[:len(body)/2]))
	case brokenDown:
		w.write(out, call, refuseWith(http.StatusInternalServerError))
	case gateway:
		w.write(out, call, refuseWith([]int{502, 503, 504}[len(body)%3]))
	case signIn:
		out.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(out, "<html>Sign in</html>")
	case cutJSON:
		out.Header().Set("Content-Type", "application/json")
		_, _ = out.Write(body[:len(body)/2])
	case otherSchema:
		w.write(out, call, wireAnswer{http.StatusOK, map[string]any{"result": "ok", "data": []int{}}})
	case noBody:
		out.Header().Set("Content-Type", "application/json")
		out.WriteHeader(http.StatusOK)
	default:
		w.write(out, call, answer)
	}
}

func hangUp(out http.ResponseWriter, last string) {
	conn, _, err := http.NewResponseController(out).Hijack()
	if err == nil {
		_, _ = io.WriteString(conn, last)
		_ = conn.Close()
	}
}

// refuse is what becomes of a connection.
func (w *wireAPI) refuse(n int) refusal {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.chance("connection", n) >= w.unreachable {
		return accepted
	}
	if w.chance("how", n) < 0.5 {
		return refused
	}
	return dropped
}

// wireWeathers are all there are.
func wireWeathers() []weather {
	says := func(text string) func(time.Time) string { return func(time.Time) string { return text } }
	date := func(after time.Duration) func(time.Time) string {
		return func(now time.Time) string { return now.Add(after).UTC().Format(http.TimeFormat) }
	}
	return slices.Concat([]weather{
		{name: "unreachable", unreachable: 0.4},
		{name: "reset", faults: []wireFault{resetBefore, resetReply}, share: 0.4},
		{name: "timeouts", faults: []wireFault{hangAfter, hangBefore}, share: 0.15},
		{name: "timeouts after commit", faults: []wireFault{hangAfter}, share: 0.4},
		{name: "seconds", retryAfter: says("30"), quota: 20},
		{name: "date", retryAfter: date(30 * time.Second), quota: 20},
		{name: "past", retryAfter: date(-time.Hour), quota: 20},
		{name: "garbage", retryAfter: says("soon"), quota: 20},
		{name: "years", retryAfter: says("315360000"), quota: 20},
		{name: "server errors", faults: []wireFault{brokenDown, gateway}, share: 0.4},
		{name: "outage", outage: 10 * time.Minute},
		{name: "pages for people", faults: []wireFault{signIn}, share: 0.4},
		{name: "broken JSON", faults: []wireFault{cutJSON, noBody}, share: 0.4},
		{name: "other JSON", faults: []wireFault{otherSchema}, share: 0.4},
		{name: "expired", expires: 30},
		{name: "everything", faults: []wireFault{resetBefore, hangBefore, brokenDown, signIn, resetReply, hangAfter, gateway, cutJSON, otherSchema, noBody}, share: 0.4, unreachable: 0.1, expires: 50},
	}, wireListings())
}

// wireListings spoil what is listed: each must be seen, but for a list that says that
// it is empty.
func wireListings() []weather {
	var out []weather
	for _, f := range []struct {
		name  string
		fault wireFault
	}{
		{"page breaks off", brokenPage},
		{"cursor twice", cursorTwice},
		{"next page lost", nextLost},
		{"empty list", listedEmpty},
		{"sign-in page", signIn},
		{"half a page", cutJSON},
		{"other JSON", otherSchema},
		{"empty reply", noBody},
	} {
		out = append(out, weather{name: "people: " + f.name, hr: f.fault}, weather{name: "accounts: " + f.name, app: f.fault})
	}
	return out
}
