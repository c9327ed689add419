package provision

import "time"

// boundBy lets an approval expire no later than what it gives: nobody is granted what
// would have to be taken at once.
func (by *Decision) boundBy(p *Pending) {
	for _, r := range p.Hold.Reasons {
		if by.Rejected || r.Change != p.Hold.Change.ID || r.Days <= 0 {
			continue
		}
		if end := by.At.Add(time.Duration(min(r.Days, 36_500)) * day); end.Before(by.Expires) {
			by.Expires = end
		}
	}
}
