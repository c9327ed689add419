package knit_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/knit"
	"github.com/provision-go/provision/source/knit/knittest"
)

const workers = 12

// A pushFault is what becomes of the pushes of a sync.
type pushFault struct {
	way func(b *bench, pushes []knittest.Push) []knittest.Push
	// harmless: the sync is complete all the same.
	harmless bool
	// unsaid: the people of the sync are not decided, but listed.
	unsaid bool
}

func plain(way knittest.Way) func(*bench, []knittest.Push) []knittest.Push {
	return func(_ *bench, pushes []knittest.Push) []knittest.Push { return way(pushes) }
}

func altered(alter func(*knittest.Push)) func(*bench, []knittest.Push) []knittest.Push {
	return plain(knittest.Altered(alter))
}

func resigned(old, by string) func(*bench, []knittest.Push) []knittest.Push {
	return func(b *bench, pushes []knittest.Push) []knittest.Push { return b.fake.Resigned(old, by)(pushes) }
}

func rewritten(alter func(*knittest.Event)) func(*bench, []knittest.Push) []knittest.Push {
	return func(b *bench, pushes []knittest.Push) []knittest.Push { return b.fake.Rewritten(alter)(pushes) }
}

// end alters the data of sync.events.processed.
func end(member string, value any) func(*bench, []knittest.Push) []knittest.Push {
	return rewritten(func(e *knittest.Event) {
		if e.Type == "sync.events.processed" {
			e.Data[member] = value
		}
	})
}

func body(text string) func(*bench, []knittest.Push) []knittest.Push {
	return altered(func(p *knittest.Push) { p.Body, p.Signature = []byte(text), knittest.Sign(key, []byte(text)) })
}

// pushFaults are what may happen to the pushes of a system that pushes.
func pushFaults() map[string]pushFault {
	all := deliveryFaults()
	maps.Copy(all, contentFaults())
	return all
}

func deliveryFaults() map[string]pushFault {
	return map[string]pushFault{
		"everything twice":       {way: plain(knittest.Twice), harmless: true},
		"another order":          {way: plain(knittest.Shuffled(1)), harmless: true},
		"another order, twice":   {way: func(_ *bench, p []knittest.Push) []knittest.Push { return knittest.Shuffled(2)(knittest.Twice(p)) }, harmless: true},
		"in batches":             {way: func(b *bench, p []knittest.Push) []knittest.Push { return b.fake.Batched(3)(p) }, harmless: true},
		"a restart after each":   {way: restarting, harmless: true},
		"the store is away once": {way: func(b *bench, p []knittest.Push) []knittest.Push { return storeAway(b, p, true) }, harmless: true},
		"the store is away":      {way: func(b *bench, p []knittest.Push) []knittest.Push { return storeAway(b, p, false) }},
		"nothing comes":          {way: plain(knittest.Cut(0))},
		"the first is lost":      {way: plain(knittest.Lose(0))},
		"it ends in the middle":  {way: func(_ *bench, p []knittest.Push) []knittest.Push { return p[:len(p)/2] }},
		"the end is lost":        {way: plain(knittest.Without("sync.events.processed", "sync.events.allConsumed"))},
		"processed is lost":      {way: plain(knittest.Without("sync.events.processed"))},
		"one comes in place of one": {way: func(b *bench, p []knittest.Push) []knittest.Push {
			again := p[1].Event
			again.ID = "ev_again"
			p[0] = b.fake.Pushes([]knittest.Event{again})[0]
			return p[:len(p)-1] // Knit knows that it has not delivered everything
		}},
		"the first is lost, others twice": {way: func(_ *bench, p []knittest.Push) []knittest.Push { return knittest.Twice(p[1:]) }},
		"only the end":                    {way: func(_ *bench, p []knittest.Push) []knittest.Push { return p[len(p)-2:] }},
		"no signatures":                   {way: altered(func(p *knittest.Push) { p.Signature = "" })},
		"another key":                     {way: altered(func(p *knittest.Push) { p.Signature = knittest.Sign("another", p.Body) })},
		"an empty key":                    {way: altered(func(p *knittest.Push) { p.Signature = knittest.Sign("", p.Body) })},
		"the signature of before":         {way: func(_ *bench, p []knittest.Push) []knittest.Push { p[1].Signature = p[0].Signature; return p }},
		"a byte more than signed":         {way: altered(func(p *knittest.Push) { p.Body = append(p.Body, ' ') })},
		"half a body":                     {way: altered(func(p *knittest.Push) { p.Body = p.Body[:len(p.Body)/2] })},
		"half a body, signed": {way: altered(func(p *knittest.Push) {
			p.Body = p.Body[:len(p.Body)/2]
			p.Signature = knittest.Sign(key, p.Body)
		})},
		"two bodies in one": {way: altered(func(p *knittest.Push) {
			p.Body = slices.Concat(p.Body, p.Body)
			p.Signature = knittest.Sign(key, p.Body)
		})},
		"no integration":      {way: altered(func(p *knittest.Push) { p.Header.Del("X-Knit-Integration-Id") })},
		"another integration": {way: altered(func(p *knittest.Push) { p.Header.Set("X-Knit-Integration-Id", "int_2") })},
		"an old moment":       {way: func(b *bench, p []knittest.Push) []knittest.Push { return b.fake.Later(-8 * 24 * time.Hour)(p) }},
		"a moment to come":    {way: func(b *bench, p []knittest.Push) []knittest.Push { return b.fake.Later(2 * time.Hour)(p) }},
	}
}

func contentFaults() map[string]pushFault {
	return map[string]pushFault{
		"it failed": {way: rewritten(func(e *knittest.Event) {
			if e.Type == "sync.events.processed" {
				e.Type = "sync.failed"
			}
		})},
		"it ended badly":       {way: end("status", "failed")},
		"more was emitted":     {way: end("emitted", 100)},
		"a number of nothing":  {way: end("emitted", "many")},
		"less than no number":  {way: end("emitted", -1)},
		"no number":            {way: end("emitted", nil), harmless: true},
		"HTML":                 {way: body("<!doctype html><title>Log in</title>")},
		"an empty body":        {way: body("")},
		"null":                 {way: body("null")},
		"an empty object":      {way: body("{}")},
		"an empty list":        {way: body("[]")},
		"no data":              {way: resigned(`"eventData":{`, `"eventData":null,"was":{`)},
		"no profile":           {way: resigned(`"profile":{`, `"was":{`), unsaid: true},
		"no ids":               {way: rewritten(func(e *knittest.Event) { anonymous(e) })},
		"no run":               {way: resigned(`"syncRunId"`, `"was"`)},
		"other names of types": {way: resigned(`"record.`, `"records.`)},
		"another data type":    {way: resigned(`"employee"`, `"ats_jobs"`)},
		"two types of sync": {way: rewritten(func(e *knittest.Event) {
			if e.Type != "sync.events.processed" {
				e.SyncType = "delta_sync"
			}
		}), harmless: true},
		"its end has another type": {way: rewritten(func(e *knittest.Event) {
			if e.SyncType == "delta_sync" && strings.HasPrefix(e.Type, "sync.") {
				e.SyncType = "initial_sync"
			}
		}), harmless: true},
		"no status":          {way: resigned(`"employmentStatus"`, `"was"`), unsaid: true},
		"a null status":      {way: resigned(`"employmentStatus":"ACTIVE"`, `"employmentStatus":null`), unsaid: true},
		"another status":     {way: resigned(`"ACTIVE"`, `"Aktiv (2)"`), unsaid: true},
		"a status unstated":  {way: resigned(`"ACTIVE"`, `"NOT_SPECIFIED"`), unsaid: true},
		"a status in a list": {way: resigned(`"employmentStatus":"ACTIVE"`, `"employmentStatus":["INACTIVE"]`), unsaid: true},
		"a last day like that": {
			way: resigned(`"terminationDate":null`, `"terminationDate":"2/3/26"`), unsaid: true,
		},
	}
}

func anonymous(e *knittest.Event) {
	delete(e.Data, "employeeId")
	if profile, ok := e.Data["profile"].(map[string]any); ok {
		delete(profile, "id")
	}
	if strings.HasPrefix(e.Type, "record.") {
		e.RecordID = ""
	}
}

// restarting delivers with a new connector for each push.
func restarting(b *bench, pushes []knittest.Push) []knittest.Push {
	for _, p := range pushes {
		b.restart()
		assert.Equal(b.t, 200, p.Send(b))
	}
	return nil
}

// storeAway delivers while the store fails every third commit; then, perhaps, Knit
// delivers again what was not taken.
func storeAway(b *bench, pushes []knittest.Push, again bool) []knittest.Push {
	store := &faulty{Store: b.store}
	b.store = store
	b.restart()
	var later []knittest.Push
	for n, p := range pushes {
		if store.commit = nil; n%3 == 0 {
			store.commit = errStore
		}
		if p.Event.Type != "sync.events.allConsumed" && p.Send(b) != 200 {
			later = append(later, p)
		}
	}
	store.commit = nil
	if again {
		return append(later, pushes[len(pushes)-1])
	}
	return nil
}

// Whatever happens to the pushes of a sync, for however long: the source is an error, or
// everybody is as they are. The same verdict as that of sourcetest.Faults for systems
// that are asked.
func TestPushFaults(t *testing.T) {
	for name, f := range pushFaults() {
		for _, syncType := range []string{"initial_sync", "delta_sync"} {
			for _, timeless := range []bool{false, true} {
				t.Run(name+"/"+syncType+map[bool]string{true: "/without times"}[timeless], func(t *testing.T) {
					if timeless && strings.Contains(name, "moment") {
						t.Skip("there is no moment")
					}
					judge(t, f, syncType, timeless)
				})
			}
		}
	}
}

func judge(t *testing.T, f pushFault, syncType string, timeless bool) {
	t.Helper()
	b := newBench(t, nil, nil)
	b.fake = knittest.New(knittest.Config{APIKey: key, People: knittest.Population(workers), Clock: b.clock, NoTimes: timeless})
	b.restart()
	b.sync("initial_sync")
	b.later(24 * time.Hour)
	want := b.statuses()

	changed := knittest.Population(workers)
	for n := range changed[:workers-2] {
		changed[n].Title = "Something Else"
	}
	b.fake.Put(changed[:workers-1]...)
	if syncType == "delta_sync" {
		b.fake.Remove(changed[workers-1].ID) // they may be there or not
	}
	pushes := f.way(b, b.fake.Pushes(b.fake.Events(syncType)))
	refused := knittest.Send(b, pushes)

	leaver := ""
	if syncType == "delta_sync" {
		leaver = changed[workers-1].ID
	}
	b.verdict(want, leaver)
	o, err := b.Overview(t.Context(), integration)
	require.NoError(t, err)
	if f.harmless {
		assert.Empty(t, refused)
		assert.Less(t, o.Age, time.Minute, "complete")
		got := b.statuses()
		if leaver != "" {
			want[leaver] = source.Terminated
		}
		assert.Equal(t, want, got)
	} else if !f.unsaid {
		assert.GreaterOrEqual(t, o.Age, 24*time.Hour, "not complete")
	}
	for range 6 {
		b.later(12 * time.Hour)
		b.verdict(want, leaver)
	}
	_, err = b.collect()
	require.ErrorIs(t, err, knit.ErrStale)

	// When Knit is well again, so is the source.
	b.failed = nil
	b.sync("initial_sync")
	delete(want, leaver)
	got := b.statuses()
	delete(got, leaver)
	assert.Equal(t, want, got)
}

// verdict fails if somebody left.
func (b *bench) verdict(want map[string]source.Status, leaver string) {
	b.t.Helper()
	snapshot, err := b.collect()
	if err != nil {
		require.ErrorIs(b.t, err, source.ErrIncomplete)
		return
	}
	for id, status := range want {
		i := snapshot.Find(id)
		if !assert.NotNil(b.t, i, "%s is not in a list that counts as whole", id) || id == leaver {
			continue
		}
		if i.Status != source.Unknown {
			assert.Equal(b.t, status, i.Status, id)
		}
		assert.True(b.t, i.TerminationDate.IsZero(), id)
	}
}

// Pushes that somebody kept and sends again change nothing: neither at once, nor when
// nobody remembers them any more.
func TestReplays(t *testing.T) {
	for _, timeless := range []bool{false, true} {
		for _, after := range []time.Duration{time.Minute, 3 * 24 * time.Hour, 30 * 24 * time.Hour} {
			b := newBench(t, nil, nil)
			b.fake = knittest.New(knittest.Config{APIKey: key, People: knittest.Population(4), Clock: b.clock, NoTimes: timeless})
			b.restart()
			small := b.fake.Pushes(b.fake.Events("initial_sync"))
			assert.Empty(t, knittest.Send(b, small))
			b.later(time.Hour)
			b.fake.Put(knittest.Population(workers)...)
			b.fake.Remove("1000")
			delta := b.fake.Pushes(b.fake.Events("delta_sync"))
			assert.Empty(t, knittest.Send(b, delta))
			b.later(after)
			b.fake.Put(knittest.Population(workers)...)
			b.sync("initial_sync")
			want := b.statuses()
			require.Len(t, want, workers)
			b.later(time.Minute)
			knittest.Send(b, delta)
			assert.Equal(t, want, b.statuses(), "after %s, without times: %v", after, timeless)
			knittest.Send(b, small)
			assert.Equal(t, want, b.statuses(), "after %s, without times: %v", after, timeless)
		}
	}
}

// Of the pushes that a fault spoils none is in the store, and the reason is told without
// anything of what they say.
func TestRefusals(t *testing.T) {
	b := newBench(t, company(), nil)
	pushes := b.fake.Pushes(b.fake.Events("initial_sync"))
	for name, tt := range map[string]struct {
		alter  func(*knittest.Push)
		status int
		err    string
	}{
		"no signature":  {func(p *knittest.Push) { p.Signature = "" }, 401, "signature"},
		"no base64":     {func(p *knittest.Push) { p.Signature = "%%%" }, 401, "signature"},
		"base64":        {func(p *knittest.Push) { p.Signature = strings.ToLower(p.Signature) }, 401, "signature"},
		"large":         {func(p *knittest.Push) { p.Body = bytes.Repeat([]byte(" "), 5<<20) }, 413, "larger than 4194304 bytes"},
		"no header":     {func(p *knittest.Push) { p.Header.Del("X-Knit-Integration-Id") }, 400, "X-Knit-Integration-Id is missing"},
		"no event type": {sign(`"eventType"`, `"was"`), 400, "eventType is missing"},
		"run":           {sign(`"syncRunId":"sr_1"`, `"syncRunId":{}`), 400, "syncRunId is no text"},
		"time":          {sign(`"triggeredAt":"`, `"triggeredAt":"x`), 400, "triggeredAt: want milliseconds"},
	} {
		t.Run(name, func(t *testing.T) {
			b.failed = nil
			p := knittest.Altered(tt.alter)(pushes[1:2])[0]
			assert.Equal(t, tt.status, p.Send(b))
			require.Len(t, b.failed, 1)
			assert.ErrorContains(t, b.failed[0], tt.err)
			assert.NotContains(t, b.failed[0].Error(), "canary")
			assert.NotContains(t, b.failed[0].Error(), "Bo")
			state, err := b.store.State(t.Context(), integration)
			require.NoError(t, err)
			assert.Zero(t, state.Version)
		})
	}
	padded := pushes[1]
	padded.Signature += "="
	assert.Equal(t, 200, padded.Send(b), "with padding")
}

func sign(old, by string) func(*knittest.Push) {
	return func(p *knittest.Push) {
		p.Body = bytes.ReplaceAll(p.Body, []byte(old), []byte(by))
		p.Signature = knittest.Sign(key, p.Body)
	}
}
