package sqlstore

import "github.com/provision-go/provision/source/scimserver"

// gone takes resources out of all groups, and all members out of them.
func (w *work) gone(ids []string) error {
	ids = plainOnes(ids)
	if len(ids) == 0 {
		return nil
	}
	for _, column := range []string{"group_id", "member_id"} {
		if _, err := w.exec(w.ctx, w.tx, "DELETE FROM @members WHERE tenant = ? AND "+column+" "+w.d.texts, w.tenant, list(ids)); err != nil {
			return err
		}
	}
	return nil
}

// leave takes members out of groups, group by group.
func (w *work) leave(all []scimserver.Membership) error {
	var groups []string
	members := map[string][]string{}
	for _, l := range all {
		if !plain(l.Group) || !plain(l.Member.ID) {
			continue
		}
		if members[l.Group] == nil {
			groups = append(groups, l.Group)
		}
		members[l.Group] = append(members[l.Group], l.Member.ID)
	}
	for _, group := range groups {
		if _, err := w.exec(w.ctx, w.tx, "DELETE FROM @members WHERE tenant = ? AND group_id = ? AND member_id "+w.d.texts,
			w.tenant, group, list(members[group])); err != nil {
			return err
		}
	}
	return nil
}

// join adds members to groups, all of which exist. Of two with one ID the later
// counts.
func (w *work) join(all []scimserver.Membership) error {
	var rows [][]any
	at := map[[2]string]int{}
	for _, j := range all {
		key := [2]string{j.Group, j.Member.ID}
		row := []any{w.tenant, j.Group, j.Member.ID, string(w.held[j.Member.ID].kind), display(j.Member.Display)}
		if n, twice := at[key]; twice {
			rows[n] = row
			continue
		}
		at[key] = len(rows)
		rows = append(rows, row)
	}
	return w.insert(w.ctx, w.tx, "INSERT INTO @members (tenant, group_id, member_id, kind, display) VALUES ", rows,
		" ON CONFLICT (group_id, tenant, member_id) DO UPDATE SET kind = excluded.kind, display = excluded.display")
}

// display is a column that may have no text.
func display(text string) any {
	if text == "" {
		return nil
	}
	return []byte(text)
}
