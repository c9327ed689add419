package provisiontest

import (
	"fmt"
	"slices"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// The oracle says what is right. It does not ask the engine: it keeps its own
// account of what the systems were asked to do, of what the source said and when, of
// what people decided, and of what is durable. It is used under stormWorld.gate.
//
// What it demands of a removal is positive evidence in what the source said last: in
// the step of the call, or if the call comes of an older plan, before. Where it has
// to be lenient it is lenient to the engine, so that whatever it says is a fault.
type stormOracle struct {
	w     *stormWorld
	judge stormJudge

	rule, what string // what was broken first

	accounts map[string]map[string]*heldAccount // by target and native id

	fresh  map[string][]*source.Identity // what was said in this step
	told   []time.Time                   // when it was said, in this step: a read may take hours
	last   map[string]*source.Identity   // what was said last; zero Status: it could not be told
	lists  map[time.Time]map[string]*source.Identity
	latest map[string]bool // whom the last complete list had
	// plannedAt is when the plan was made that is applied now, if it was stored, by the
	// clock of its process, plannedTruly the true time, and planned the list that it was
	// made from.
	plannedAt, plannedTruly time.Time
	planned                 map[string]*source.Identity

	absent   map[accountKey]*notListed
	lastRead map[string]beganAt     // by target: the last whole run that ended, and when it truly did
	begun    map[string]beganAt     // by target: the last whole run that began with more than was known
	lastOne  map[accountKey]beganAt // when a run for one person ended last
	losing   map[string]time.Time   // since when somebody is said to be entitled no longer

	open      map[string][]intent // calls that are intended
	recorded  map[string]string   // changes that are durably done, and in which run last
	decisions map[string]provision.Decision
	pending   map[string]provision.Pending
	released  map[string]time.Time // changes, and until when

	removed   map[removal][]removedAt
	removals  int
	beganWith map[string]int                  // by target and run: how many removals there were
	intended  map[removal]map[target.Key]bool // by the journal's word for the method
	parted    map[string]partedName           // names of accounts that were deleted
	// newest is the latest time, by any clock, of which a plan may be: a name that was free
	// then may be taken after the clock was set back.
	newest time.Time
}

// accountKey is an account of any target.
type accountKey struct {
	target string
	key    target.Key
}

// heldAccount is what the oracle knows of an account.
type heldAccount struct {
	key      target.Key
	open     bool
	closedAt time.Time
	sessions bool // open since it was last open
	handle   string
}

// notListed is since when somebody is missing, and in how many complete lists.
type notListed struct {
	since time.Time
	at    time.Time // of the last list that counted
	lists int
}

type removal struct{ target, method string }

type removedAt struct {
	key       target.Key
	at, truly time.Time // by the clock of the process, and by the world's
	number    int       // of all removals
	waived    bool      // people have approved or released it
}

type partedName struct {
	key target.Key
	at  time.Time
}

type intent struct {
	run, change string
	// approved: somebody had approved it by then. It may be repeated after another run has
	// used the approval up.
	approved bool
}

// stormCall is a call that writes.
type stormCall struct {
	target, method string
	key            target.Key
	id             string
	entitlement    target.Entitlement
	state          target.State
	set            target.Attributes
}

// A stormJudge knows what the rules mean.
type stormJudge interface {
	// ends reports whether what is said of somebody closes their account, employs
	// whether it may be open. Neither: nobody knows.
	ends(p *source.Identity, at time.Time, target string, key target.Key) bool
	employs(p *source.Identity, at time.Time, target string, key target.Key) bool
	// left reports whether the employment is over.
	left(p *source.Identity, at time.Time) bool
	// loses reports whether an entitlement may be taken, gives whether it may be
	// given, and asks whether it may be given with an approval only.
	loses(p *source.Identity, at time.Time, target string, key target.Key, e target.Entitlement) bool
	gives(p *source.Identity, at time.Time, target string, key target.Key, e target.Entitlement) (gives, asks bool)
	// deletes reports whether the account may be deleted.
	deletes(p *source.Identity, at time.Time, target string, key target.Key) bool
	// protects reports whether nothing may be taken from somebody.
	protects(id string) bool
	// grace is for how long an entitlement is kept at least.
	grace(e target.Entitlement) time.Duration
}

func newStormOracle(w *stormWorld, judge stormJudge) *stormOracle {
	return &stormOracle{
		w: w, judge: judge,
		accounts: map[string]map[string]*heldAccount{}, fresh: map[string][]*source.Identity{},
		last: map[string]*source.Identity{}, lists: map[time.Time]map[string]*source.Identity{},
		latest: map[string]bool{}, absent: map[accountKey]*notListed{}, lastRead: map[string]beganAt{}, begun: map[string]beganAt{}, beganWith: map[string]int{},
		lastOne: map[accountKey]beganAt{},
		losing:  map[string]time.Time{}, open: map[string][]intent{}, recorded: map[string]string{},
		decisions: map[string]provision.Decision{}, pending: map[string]provision.Pending{},
		released: map[string]time.Time{}, removed: map[removal][]removedAt{}, intended: map[removal]map[target.Key]bool{}, parted: map[string]partedName{},
	}
}

// breaks notes that a promise was broken. The first counts.
func (o *stormOracle) breaks(rule, format string, args ...any) {
	if o.rule == "" {
		o.rule, o.what = rule, fmt.Sprintf(format, args...)
	}
}

func (o *stormOracle) verdict() (rule, what string) { return o.rule, o.what }

// listed notes that a list of the source was read to its end.
func (o *stormOracle) listed(at time.Time, rows []source.Identity) {
	list := make(map[string]*source.Identity, len(rows))
	lost := false
	for i := range rows {
		p := &rows[i]
		if p.ID == "" {
			lost = true
			continue
		}
		if before, twice := list[p.ID]; twice && (before.DisplayName != p.DisplayName || before.Status != p.Status) {
			p = &source.Identity{ID: p.ID} // which of them is right nobody knows
		}
		list[p.ID] = p
	}
	o.lists[at] = list
	clear(o.latest)
	for id, p := range list {
		o.latest[id] = true
		o.said(at, p)
	}
	if lost || len(list) == 0 {
		return
	}
	for name, accounts := range o.accounts {
		for _, a := range accounts {
			if _, there := list[a.key.Identity]; there {
				continue
			}
			k := accountKey{name, a.key}
			if o.absent[k] == nil {
				o.absent[k] = &notListed{since: at}
			}
			if at.Before(o.absent[k].since) { // by a clock that was late
				o.absent[k].since = at
			}
			if n := o.absent[k]; n.lists == 0 || !n.at.Equal(at) {
				n.lists++
				n.at = at
			}
		}
	}
}

// read notes that the source was asked about one person.
func (o *stormOracle) read(at time.Time, p source.Identity) { o.said(at, &p) }

func (o *stormOracle) said(at time.Time, p *source.Identity) {
	if at.After(o.newest) {
		o.newest = at
	}
	o.fresh[p.ID] = append(o.fresh[p.ID], p)
	if !slices.Contains(o.told, at) {
		o.told = append(o.told, at)
	}
	o.last[p.ID] = p
	told := notLater(at)
	for _, e := range o.w.company.groups {
		name := p.ID + " " + e.Name
		since, known := o.losing[name]
		if (!known || told.Before(since)) && o.judge.loses(p, at, "app", keyOf(p.ID), e) {
			o.losing[name] = told
		}
	}
}

// notLater is when something was heard: it is no later than it is, whatever a clock says.
func notLater(at time.Time) time.Time {
	if now := time.Now(); now.Before(at) {
		return now
	}
	return at
}

// noted follows what becomes durable in the journal.
func (o *stormOracle) noted(e *provision.Entry) {
	if other := o.w.stranger(e.Target, e.Account); other != "" {
		o.breaks(separation, "the journal says %s of account %s on %s, which is %s's", e.Kind, e.Account, e.Target, other)
	}
	switch e.Kind {
	case provision.Intent:
		of := removal{e.Target, e.Action.String()}
		if o.intended[of] == nil {
			o.intended[of] = map[target.Key]bool{}
		}
		o.intended[of][e.Key] = true
		name := callName(e.Target, e.Action.String(), e.Key, e.Entitlement)
		o.open[name] = append(o.open[name], intent{e.Run, e.Change, o.approves(e.Change)})
	case provision.Happened:
		name := callName(e.Target, e.Action.String(), e.Key, e.Entitlement)
		o.open[name] = slices.DeleteFunc(o.open[name], func(i intent) bool { return i.run == e.Run })
		if e.Outcome == provision.Done {
			o.recorded[e.Change] = e.Run
		}
		if e.Outcome == provision.Done || e.Outcome == provision.AlreadySo || e.Outcome == provision.Unconfirmed {
			delete(o.decisions, e.Change)
		}
	case provision.Holding:
		o.pending[e.Change] = *e.Hold
	case provision.Lifted:
		delete(o.pending, e.Change)
	case provision.Deciding:
		o.decisions[e.Change] = *e.Decision
	case provision.Releasing:
		o.setBack(e)
		for change, p := range o.pending {
			if p.Target == e.Target && p.Guarded == e.Decision.Fingerprint {
				o.released[change] = e.Decision.Expires
			}
		}
	case provision.RunBegin:
		o.beganWith[e.Target+" "+e.Run] = o.removals
		o.began(e.Target, e.End)
	case provision.Reading:
		o.began(e.Target, e.End)
	case provision.RunEnd:
		o.ended(e.Target, e.End)
	default:
	}
}

// beganAt is when a run has read, by the clock of its process and in truth.
type beganAt struct{ at, truly time.Time }

// began notes that a run has read the source, whatever becomes of it.
func (o *stormOracle) began(name string, read *provision.RunTotal) {
	switch {
	case read == nil:
	case read.Whole:
		o.begun[name] = beganAt{read.PlannedAt, time.Now()}
	case read.Identity != "":
		o.lastOne[accountKey{name, keyOf(read.Identity)}] = beganAt{o.w.now(), time.Now()}
	}
}

// ended notes whom a run has seen: from then on nobody can call them missing.
func (o *stormOracle) ended(name string, end *provision.RunTotal) {
	seen := func(p *source.Identity) {
		for k := range o.absent {
			if k.target == name && k.key.Identity == p.ID {
				delete(o.absent, k)
			}
		}
		last := o.last[p.ID] // what was said before counts no more
		for _, e := range o.w.company.groups {
			gives, asks := o.judge.gives(last, o.w.now(), name, keyOf(p.ID), e)
			if !gives && !asks {
				continue
			}
			delete(o.losing, p.ID+" "+e.Name)
			for _, other := range o.fresh[p.ID] { // of two that read at one moment nobody knows which was first
				if o.judge.loses(other, o.w.now(), name, keyOf(p.ID), e) {
					o.losing[p.ID+" "+e.Name] = notLater(o.w.now())
				}
			}
		}
	}
	if end.Identity != "" {
		o.lastOne[accountKey{name, keyOf(end.Identity)}] = beganAt{o.w.now(), time.Now()}
		for _, p := range o.fresh[end.Identity] {
			seen(p)
		}
		return
	}
	if !end.Whole || !end.PlannedAt.After(o.lastRead[name].at) {
		return
	}
	o.lastRead[name] = beganAt{end.PlannedAt, time.Now()}
	for _, p := range o.lists[end.PlannedAt] {
		seen(p)
	}
}

func callName(name, action string, key target.Key, e target.Entitlement) string {
	return name + "|" + action + "|" + key.String() + "|" + e.Kind + ":" + e.Name
}

// action is the word of the journal for a method.
func (c *stormCall) action() string {
	switch c.method {
	case "EndSessions":
		return "end-sessions"
	case "CreateEntitlement":
		return "create-entitlement"
	}
	return string(c.method[0]|0x20) + c.method[1:]
}

// before checks that a call may be made at all.
func (o *stormOracle) before(c *stormCall) {
	change := o.change(c)
	if change == "" {
		o.breaks("intent before the call", "%s of %s on %s, and no durable intent", c.method, c.key, c.target)
		return
	}
	now := o.w.now()
	if d, ok := o.decisions[change]; ok && d.Rejected && d.Expires.After(now) && !d.At.After(now.Add(-decisionSlack)) {
		o.breaks("a denial counts", "%s of %s on %s was denied by %s", c.method, c.key, c.target, d.Actor)
	}
}

// decisionSlack is how long a change may be on its way, from when it was found to
// be approved, or not denied, to its call: it may wait for the target.
const decisionSlack = 5 * time.Hour

// intent is what stands behind a call, zero if nothing is intended.
func (o *stormOracle) intent(c *stormCall) intent {
	if list := o.open[callName(c.target, c.action(), c.key, c.entitlement)]; len(list) > 0 {
		return list[len(list)-1]
	}
	return intent{}
}

// change is the ID of the change behind a call, "" if none is intended.
func (o *stormOracle) change(c *stormCall) string { return o.intent(c).change }

// approved reports whether somebody approved the change behind a call.
func (o *stormOracle) approved(c *stormCall) bool {
	i := o.intent(c)
	return i.approved || o.approves(i.change)
}

func (o *stormOracle) approves(change string) bool {
	d, ok := o.decisions[change]
	return ok && !d.Rejected && d.Expires.After(o.w.now().Add(-decisionSlack))
}

// after follows what a call has done, and checks that it was right.
func (o *stormOracle) after(c *stormCall) {
	if other := o.w.stranger(c.target, c.id); other != "" {
		o.breaks(separation, "%s of %s on %s reached account %s, which is %s's", c.method, c.key, c.target, c.id, other)
	}
	accounts := o.accounts[c.target]
	if accounts == nil {
		accounts = map[string]*heldAccount{}
		o.accounts[c.target] = accounts
	}
	a := accounts[c.id]
	switch c.method {
	case "Create":
		if a == nil { // else it recognised a repeated create
			a = &heldAccount{key: c.key}
			accounts[c.id] = a
			o.created(c, a)
		}
		if c.state == target.Enabled {
			o.opened(c, a)
		}
		return
	case "Adopt":
		accounts[c.id] = &heldAccount{key: c.key, open: true, sessions: true}
		return
	}
	if a == nil {
		return
	}
	if c.key != a.key {
		o.breaks("an account belongs to one person", "%s of %s was made on an account of %s", c.method, c.key, a.key)
	}
	switch c.method {
	case "Disable":
		if a.open {
			o.disabled(c)
			a.open, a.closedAt = false, o.w.now()
		}
	case "Enable":
		o.opened(c, a)
	case "Delete":
		o.deleted(c, a)
		delete(accounts, c.id)
	case "Grant":
		o.granted(c)
	case "Revoke":
		o.revoked(c, a)
	case "EndSessions":
		if a.sessions = a.open && o.closes(c.target); o.judge.protects(c.key.Identity) {
			o.breaks("the protected keep what they have", "the sessions of %s were ended", c.key)
		}
	}
}

// closes reports whether a target can disable.
func (o *stormOracle) closes(name string) bool {
	for _, t := range o.w.targets {
		if t.name == name {
			return t.can.Disable
		}
	}
	return true
}

// evidence is what the source said that may count now. absent: in the last complete
// list there was nothing.
func (o *stormOracle) evidence(id string) (said []*source.Identity, absent bool) {
	if fresh := o.fresh[id]; len(fresh) > 0 {
		return fresh, !o.latest[id]
	}
	if p, ok := o.last[id]; ok {
		said = append(said, p)
	}
	return said, !o.latest[id]
}

// forget begins a step, in which nothing was said yet.
func (o *stormOracle) forget() {
	clear(o.fresh)
	o.told = o.told[:0]
}

// anySaid reports whether something holds by what the source said, now or when a plan of
// this step was made.
func (o *stormOracle) anySaid(id string, holds func(*source.Identity, time.Time) bool) bool {
	said, _ := o.evidence(id)
	return slices.ContainsFunc(said, func(p *source.Identity) bool {
		return holds(p, o.w.now()) || slices.ContainsFunc(o.told, func(at time.Time) bool { return holds(p, at) })
	})
}

// has reports whether somebody has an account anywhere.
func (o *stormOracle) has(id string) bool {
	for _, accounts := range o.accounts {
		for _, a := range accounts {
			if a.key.Identity == id {
				return true
			}
		}
	}
	return false
}
