package people

// Entry is an account, or what is desired of one, as names and values, for what
// knows nothing of accounts.
type Entry struct {
	Key          string
	State        string
	Names        []string
	Values       []string
	Entitlements []string
}

// Entries returns both sides, each in its order.
func (c Company) Entries(want, have Order) ([]Entry, []Entry) {
	a, b := c.Plain(want, have)
	return entries(a), entries(b)
}

func entries(list []Plain) []Entry {
	out := make([]Entry, len(list))
	for i := range list {
		p := &list[i]
		out[i] = Entry{
			Key: p.Key, State: []string{"disabled", "enabled"}[p.State], Names: names[:], Values: p.Attributes[:],
			Entitlements: p.Entitlements,
		}
	}
	return out
}
