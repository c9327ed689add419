package sqltarget

import (
	"context"
	"errors"
	"fmt"

	"github.com/provision-go/provision/target"
)

var (
	errNoEntitlement = errors.New("there is no such entitlement")
	errInTheWay      = errors.New("another membership is in the way")
)

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
	refused := t.classify(err, m.members.label(), anyEffect)
	if refused != nil && target.ClassOf(refused) != target.Exists {
		return refused
	}
	if refused == nil {
		if n, err := result.RowsAffected(); err != nil || n > 0 {
			return t.classify(err, m.members.label(), anyEffect)
		}
	}
	return t.granted(ctx, m, refused)
}

// granted finds out why a Grant has written nothing: because the account holds the
// entitlement, as a rule.
func (t *Target) granted(ctx context.Context, m *membership, refused error) error {
	if err := t.need(ctx, m.req.Ref.ID); err != nil {
		return err
	}
	s := t.d.statement().sql("SELECT 1 FROM ").table(m.members, "").where().equal("", m.Members.Account, m.account)
	there, err := t.any(ctx, s.where().equal("", m.Members.Entitlement, m.held()).confined("", m.confined))
	if err != nil || there {
		return err
	}
	if m.table != nil {
		list, err := t.catalogue(ctx, m.entitlements, &m.req.Entitlement.Name)
		if err != nil {
			return err
		}
		if _, err := m.listed(list); err != nil {
			return err
		}
	}
	if refused == nil {
		refused = target.Fail(target.Exists, errInTheWay)
	}
	return refused
}

// grant is one statement that reads what it refers to: it cannot reach beyond
// Where, and writes nothing if the account or the entitlement is gone. IN rather
// than a join or EXISTS, because SQLite plans joins anew with each set of
// parameters.
func (t *Target) grant(m *membership) *statement {
	a := &t.m.accounts
	s := t.d.statement().sql("INSERT INTO ").table(m.members, "").sql(" (")
	s.column("", m.Members.Account).sql(", ").column("", m.Members.Entitlement)
	for _, f := range m.confined {
		s.sql(", ").column("", f.column)
	}
	s.sql(") SELECT ").column("u", a.id.name).sql(", ")
	s.typed(m.entitlement, m.held())
	for _, f := range m.confined {
		s.sql(", ").column("u", f.column)
	}
	s.sql(" FROM ").table(a.table, "u").where().equal("u", a.id.name, m.account).confined("u", a.where)
	if m.table != nil {
		s.where().value(m.id).sql(" IN ")
		s.one(m)
	}
	// Whoever is in the way is looked at afterwards.
	if m.unique && s.d.ignore != "" {
		return s.sql(s.d.ignore)
	}
	s.where().value(m.held()).sql(" NOT IN (SELECT ").column("m", m.Members.Entitlement).sql(" FROM ").table(m.members, "m")
	s.sql(" WHERE ").equal("m", m.Members.Account, m.account)
	return s.sql(" AND ").equal("m", m.Members.Entitlement, m.held()).sql(")")
}

// held is what the table of members has for the entitlement.
func (m *membership) held() any {
	if m.table == nil {
		return m.name
	}
	return m.id
}

// one appends a SELECT of the entitlement. Its name has to be right as well: the
// row may have been renamed since the catalogue was read.
func (s *statement) one(m *membership) {
	id := m.entitlements.id.name
	s.sql("(SELECT ").column("g", id).sql(" FROM ").table(m.table, "g")
	outer := s.filtered
	s.filtered = false
	s.where().equal("g", id, m.id).where().equal("g", m.entitlements.name.name, m.name).confined("g", m.where)
	s.sql(")").filtered = outer
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
	s.within(m.Members.Account, m.account, &t.m.accounts).confined("", m.confined)
	s.where().column("", m.Members.Entitlement)
	if m.table == nil {
		s.sql(" = ").value(m.name)
	} else {
		s.sql(" IN ")
		s.one(m)
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
