package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/provision-go/provision/source/scimserver"
)

// Commit implements [scimserver.Store]. The first statement locks the row of the
// tenant until the end, so the commits of a tenant happen one after the other:
// everything can be checked before it is written, and no sequence turns up behind a
// greater one.
func (s *Store) Commit(ctx context.Context, tenant string, c scimserver.Commit) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(c.Put)+len(c.Gone)+len(c.Leave)+len(c.Join) == 0 {
		return nil
	}
	fresh, err := checkPuts(c.Put)
	if err != nil {
		return err
	}
	err = s.write(ctx, tenant, func(tx conn) error {
		w := &work{Store: s, ctx: ctx, tx: tx}
		if err := w.lock(tenant, fresh); err != nil {
			return err
		}
		return w.commit(c)
	})
	if _, ok := errors.AsType[*failure](err); ok {
		return fmt.Errorf("scim store: commit: %w", err)
	}
	return err
}

// checkPuts returns how many resources are new.
func checkPuts(puts []scimserver.Put) (int, error) {
	fresh := 0
	ids := make(map[string]bool, len(puts))
	for _, p := range puts {
		switch {
		case !plain(p.Resource.ID):
			return 0, errors.New("scim store: an ID is no text of 1 to 255 bytes")
		case ids[p.Resource.ID]:
			return 0, scimserver.ErrConflict
		case p.Expect == 0:
			fresh++
		}
		ids[p.Resource.ID] = true
	}
	return fresh, nil
}

// work is a commit under way.
type work struct {
	*Store
	ctx context.Context //nolint:containedctx // a commit lives as long as its call
	tx  conn

	tenant   int64
	sequence int64 // the first one that is free
	held     map[string]state
}

// state is what is known of a resource.
type state struct {
	sequence, version int64
	kind              scimserver.Type
	deleted           bool
}

// lock makes all other commits of a tenant wait, and takes sequences for new resources.
func (w *work) lock(tenant string, fresh int) error {
	return w.each(w.ctx, w.tx, func(rows *sql.Rows) error {
		err := rows.Scan(&w.tenant, &w.sequence)
		w.sequence -= int64(fresh) - 1
		return err
	}, "INSERT INTO @tenants (digest, name, sequence) VALUES (?, ?, ?) ON CONFLICT (digest) DO UPDATE"+
		" SET sequence = @tenants.sequence + excluded.sequence RETURNING tenant, sequence",
		digest(tenant), []byte(tenant), fresh)
}

func (w *work) commit(c scimserver.Commit) error {
	if err := w.look(c); err != nil {
		return err
	}
	if err := w.check(c); err != nil {
		return err
	}
	if err := w.putTerms(c.Put); err != nil {
		return err
	}
	if err := w.put(c.Put); err != nil {
		return err
	}
	if err := w.gone(c.Gone); err != nil {
		return err
	}
	if err := w.leave(c.Leave); err != nil {
		return err
	}
	return w.join(c.Join)
}

// look reads what is known of everything that a commit names.
func (w *work) look(c scimserver.Commit) error {
	var ids []string
	for _, p := range c.Put {
		ids = append(ids, p.Resource.ID)
	}
	seen := map[string]bool{}
	for _, j := range c.Join {
		for _, id := range []string{j.Group, j.Member.ID} {
			if !seen[id] && plain(id) {
				ids = append(ids, id)
			}
			seen[id] = true
		}
	}
	w.held = make(map[string]state, len(ids))
	if len(ids) == 0 {
		return nil
	}
	return w.each(w.ctx, w.tx, func(rows *sql.Rows) error {
		var id string
		var s state
		err := rows.Scan(&id, &s.sequence, &s.version, &s.kind, &s.deleted)
		w.held[id] = s
		return err
	}, "SELECT id, sequence, version, kind, CASE WHEN deleted IS NULL THEN 0 ELSE 1 END FROM @resources WHERE tenant = ? AND id "+
		w.d.texts, w.tenant, list(ids))
}

// check says what forbids a commit, unique terms aside. Afterwards what is known is
// what will be, with the sequences of new resources.
func (w *work) check(c scimserver.Commit) error {
	for _, p := range c.Put {
		held, ok := w.held[p.Resource.ID]
		switch {
		case !ok && p.Expect == 0:
			held = state{sequence: w.sequence, kind: p.Resource.Type}
			w.sequence++
		case !ok, held.version != p.Expect, held.kind != p.Resource.Type, held.deleted:
			return scimserver.ErrConflict
		}
		held.version, held.deleted = p.Expect+1, !p.Resource.Deleted.IsZero()
		w.held[p.Resource.ID] = held
	}
	for _, j := range c.Join {
		if group, ok := w.held[j.Group]; !ok || group.deleted || group.kind != scimserver.Group {
			return scimserver.ErrNotFound
		}
		member, ok := w.held[j.Member.ID]
		if !ok || member.deleted || j.Member.Type != "" && j.Member.Type != member.kind {
			return &scimserver.MemberError{ID: j.Member.ID}
		}
	}
	return nil
}

// put writes resources.
func (w *work) put(puts []scimserver.Put) error {
	var rows [][]any
	for _, p := range puts {
		r, sequence := p.Resource, w.held[p.Resource.ID].sequence
		if p.Expect == 0 {
			rows = append(rows, []any{
				w.tenant, sequence, string(r.Type), r.ID, 1, r.Created.UnixMicro(), r.Modified.UnixMicro(), instant(r.Deleted), string(r.Body),
			})
			continue
		}
		n, err := w.exec(w.ctx, w.tx, "UPDATE @resources SET version = ?, modified = ?, deleted = ?, body = ? WHERE tenant = ? AND sequence = ? AND version = ?",
			p.Expect+1, r.Modified.UnixMicro(), instant(r.Deleted), string(r.Body), w.tenant, sequence, p.Expect)
		if err != nil {
			return err
		}
		if n != 1 { // somebody writes without the lock
			return scimserver.ErrConflict
		}
	}
	return w.insert(w.ctx, w.tx, "INSERT INTO @resources (tenant, sequence, kind, id, version, created, modified, deleted, body) VALUES ", rows, "")
}

// instant is a column that may have no instant.
func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}
