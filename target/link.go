package target

import "slices"

// Link returns the snapshot as it would be if the target stored keys: accounts
// get the key that keys has for their native id, references follow, and the
// order is made anew. It is for targets whose keys are remembered elsewhere. A
// key that the target stores itself wins over keys; an id that is no account is
// passed over, and a key that cannot be written becomes a finding. The snapshot
// itself stays as it was.
func (s Snapshot) Link(keys map[string]Key) Snapshot {
	c := collector{Snapshot: s}
	c.accounts = slices.Clone(s.accounts)
	c.findings = slices.Clone(s.findings)
	linked := map[string]Key{}
	for i := range c.accounts {
		a := &c.accounts[i]
		key, ok := keys[a.ID]
		if !ok || key.IsZero() || !a.Key.IsZero() {
			continue
		}
		if !key.valid() {
			c.note(CodeBadKey, *a, "", "the remembered key cannot be read; the account counts as not managed")
			continue
		}
		a.Key = key
		linked[a.ID] = key
	}
	if len(linked) > 0 {
		c.relink(linked)
		for i := range c.findings {
			if f := &c.findings[i]; f.Key.IsZero() {
				f.Key = linked[f.Account]
			}
		}
	}
	c.sort()
	return c.Snapshot
}

// relink rewrites the references to accounts that have just got a key. The texts
// of all others are as they were.
func (c *collector) relink(linked map[string]Key) {
	refs := c.capabilities.References()
	for i := range c.accounts {
		a := &c.accounts[i]
		for _, name := range refs {
			values, changed := a.Attributes.Values(name), false
			for j, text := range values {
				id, ok := nativeText(text)
				if !ok {
					continue
				}
				if key, ok := linked[id]; ok {
					values[j], changed = key.String(), true
				}
			}
			if changed {
				a.Attributes = a.Attributes.With(name, values...)
			}
		}
	}
}
