package sqltarget

import (
	"context"
	"errors"
	"fmt"

	"github.com/provision-go/provision/target"
)

var errNoEntitlement = errors.New("there is no such entitlement")

// membership is one account and one entitlement of a request.
type membership struct {
	*entitlements
	req     target.GrantRequest
	account any // parameter: the account's id
	// id and name are parameters; the id is nil where there is no table of
	// entitlements.
	id, name any
}

// Grant inserts a membership unless there is one.
func (t *Target) Grant(ctx context.Context, req target.GrantRequest) error {
	m, err := t.membership(ctx, req)
	if err != nil {
		return err
	}
	result, err := t.run.exec(ctx, t.grant(m))
	if err = t.classify(err, m.members.label(), anyEffect); err != nil {
		if target.ClassOf(err) == target.Exists {
			return nil // somebody else has just granted it
		}
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return t.classify(err, m.members.label(), anyEffect)
	}
	// It is held already, or something is missing.
	if err := t.need(ctx, req.Ref.ID); err != nil || m.table == nil {
		return err
	}
	list, err := t.catalogue(ctx, m.entitlements, &req.Entitlement.Name)
	if err != nil {
		return err
	}
	_, err = m.listed(list)
	return err
}

// grant is one statement that reads what it refers to: it cannot reach beyond
// Where, and writes nothing if the account or the entitlement is gone.
func (t *Target) grant(m *membership) *statement {
	a := &t.m.accounts
	s := t.d.statement().sql("INSERT INTO ").table(m.members, "").sql(" (")
	s.column("", m.Members.Account).sql(", ").column("", m.entitlement.name)
	for _, f := range m.confined {
		s.sql(", ").column("", f.column)
	}
	s.sql(") SELECT ").column("u", a.id.name).sql(", ")
	if m.table != nil {
		s.column("g", m.entitlements.id.name)
	} else {
		s.typed(m.entitlement, m.name)
	}
	for _, f := range m.confined {
		s.sql(", ").column("u", f.column)
	}
	s.sql(" FROM ").table(a.table, "u")
	if m.table != nil {
		s.sql(" CROSS JOIN ").table(m.table, "g")
	}
	s.where().equal("u", a.id.name, m.account).confined("u", a.where)
	if m.table != nil {
		t.one(s, m)
	}
	s.where().sql("NOT EXISTS (SELECT 1 FROM ").table(m.members, "m").sql(" WHERE ")
	s.column("m", m.Members.Account).sql(" = ").column("u", a.id.name).sql(" AND ")
	if m.table != nil {
		s.column("m", m.entitlement.name).sql(" = ").column("g", m.entitlements.id.name)
	} else {
		s.equal("m", m.entitlement.name, m.name)
	}
	return s.sql(")")
}

// one appends the conditions of the entitlement g. The name has to be right as
// well: the row may have been renamed since the catalogue was read.
func (t *Target) one(s *statement, m *membership) {
	s.where().equal("g", m.entitlements.id.name, m.id)
	s.where().equal("g", m.entitlements.name.name, m.name)
	s.confined("g", m.where)
}

// Revoke deletes a membership.
func (t *Target) Revoke(ctx context.Context, req target.GrantRequest) error {
	m, err := t.membership(ctx, req)
	if errors.Is(err, errNoEntitlement) {
		return t.need(ctx, req.Ref.ID) // nobody holds what does not exist
	}
	if err != nil {
		return err
	}
	s := t.d.statement().sql("DELETE FROM ").table(m.members, "")
	s.where().equal("", m.Members.Account, m.account).within(m.Members.Account, &t.m.accounts).confined("", m.confined)
	if m.table == nil {
		s.where().equal("", m.entitlement.name, m.name)
	} else {
		s.where().column("", m.entitlement.name).sql(" IN (SELECT ").column("g", m.entitlements.id.name).sql(" FROM ").table(m.table, "g")
		s.filtered = false
		t.one(s, m)
		s.sql(")")
	}
	result, err := t.run.exec(ctx, s)
	if err != nil {
		return t.classify(err, m.members.label(), anyEffect)
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return t.classify(err, m.members.label(), anyEffect)
	}
	return t.need(ctx, req.Ref.ID)
}

// membership finds the parameters of a request.
func (t *Target) membership(ctx context.Context, req target.GrantRequest) (*membership, error) {
	if err := ctx.Err(); err != nil {
		return nil, target.Fail(target.NotSent, err)
	}
	k := t.m.kind(req.Entitlement.Kind)
	if k == nil {
		return nil, target.ErrUnsupported
	}
	m := &membership{entitlements: k, req: req}
	var err error
	if m.account, err = t.accountID(ctx, req.Ref.ID); err != nil {
		return nil, err
	}
	if k.table == nil {
		m.name, err = k.nameValue(k.entitlement, req.Entitlement.Name)
		return m, err
	}
	if m.name, err = k.nameValue(k.name, req.Entitlement.Name); err != nil {
		return nil, m.missing()
	}
	id := req.EntitlementID
	if id == "" {
		list, err := t.catalogue(ctx, k, &req.Entitlement.Name)
		if err != nil {
			return nil, notSent(err)
		}
		if id, err = m.listed(list); err != nil {
			return nil, err
		}
	}
	if m.id, err = k.id.encode(id); err != nil {
		return nil, m.missing()
	}
	return m, nil
}

// listed finds the entitlement of the request among those of its name.
func (m *membership) listed(list []target.Held) (string, error) {
	for _, h := range list {
		if m.req.EntitlementID == "" || m.req.EntitlementID == h.ID {
			return h.ID, nil
		}
	}
	return "", m.missing()
}

func (m *membership) missing() error {
	return target.Fail(target.NotFound, fmt.Errorf("%s: %w", m.req.Entitlement, errNoEntitlement))
}
