package provisiontest

import (
	"context"
	"iter"

	"github.com/provision-go/provision"
)

// stormLog is a tenant's journal, which lasts: in memory, and it keeps intents as well.
type stormLog struct {
	w *stormWorld
	// Counted down with each append: at 0 it fails, before anything is durable or
	// after all is. Below 0: not.
	failBefore, failAfter int
	unreadable            bool
}

func (l *stormLog) calm() { l.failBefore, l.failAfter, l.unreadable = -1, -1, false }

// stormJournal is the journal as one process sees it; with p nil, as a desk does.
type stormJournal struct {
	*stormLog
	p *stormProcess
}

var _ provision.Journal = stormJournal{}

func (j stormJournal) Append(ctx context.Context, entries ...provision.Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.w.town.order.wait(j.w.tenant + " journal " + string(entries[0].Kind) + " " + entries[0].Target + " " + entries[0].Change)
	if j.p != nil {
		if j.p.tick(); j.p.dead.Load() {
			return errDead // torn: nothing of it can be read
		}
		if j.countedDown(&j.failBefore) {
			return errStorm
		}
	}
	unlock := j.w.gate.lock()
	kept, err := j.w.town.store.add(j.w.tenant, entries)
	for i := range kept {
		j.w.oracle.noted(&kept[i])
	}
	unlock()
	if err != nil {
		return err
	}
	if j.p != nil {
		if j.p.tick(); j.p.dead.Load() {
			return errDead
		}
		if j.countedDown(&j.failAfter) {
			return errStorm
		}
	}
	return nil
}

// countedDown counts an append, and reports whether it is the one that fails.
func (l *stormLog) countedDown(n *int) bool {
	defer l.w.gate.lock()()
	*n--
	return *n == -1
}

func (j stormJournal) Entries(_ context.Context, after uint64) iter.Seq2[provision.Entry, error] {
	return func(yield func(provision.Entry, error) bool) {
		if j.p != nil && j.unreadable {
			yield(provision.Entry{}, errStorm)
			return
		}
		for e := range j.w.town.store.read(j.w.tenant, after) {
			if !yield(*e, nil) {
				return
			}
		}
	}
}
