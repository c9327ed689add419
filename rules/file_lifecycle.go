package rules

import (
	"strings"

	"github.com/provision-go/provision/rules/internal/document"
)

func (r *fileReader) lifecycle(t *TargetSpec, o *object, name *document.Value) {
	l := &t.Lifecycle
	l.ID = o.text("id")
	r.named(o, l.id(name.Text), name)
	if v := o.get("enable"); v != nil {
		l.EnableBefore = r.offset(v, "enable", -1, "start")
	}
	if v := o.get("create"); v != nil {
		l.PreHire = r.offset(v, "create", -1, "start")
	}
	o.word("disable") // there is one answer only
	if v := o.get("delete"); v != nil && !(v.Kind == document.Scalar && v.Text == "never") {
		l.DeleteAfter = r.offset(v, "delete", 1, "end")
	}
	if v := o.get("leave"); v != nil {
		r.leave(v, l)
	}
	if v := o.get("clock"); v != nil {
		l.Clock = ClockNamed(r.text(v, "clock"))
	}
	l.EndSessions = o.flag("end_sessions")
	l.Handover = o.word("handover") == 1
	if v := o.get("rehire"); v != nil {
		r.rehire(v, l)
	}
	if v := o.get("expire"); v != nil {
		if x := r.object(v, "expire"); x != nil {
			l.Expire = Expiry{When: x.cond("when"), Missing: x.reaction("if_missing", ReportIt, HoldIt)}
			if on := x.get("last_day"); on != nil {
				l.Expire.On = DateExpr{r.raw(on, "last_day", "a date", "end or start + 180d")}
			}
		}
	}
	if *l == (Lifecycle{}) {
		l.ID = l.id(name.Text) // it is said, though it changes nothing
	}
}

// offset reads "start - 14d" or "end + 90d": so many days before or after.
func (r *fileReader) offset(v *document.Value, name string, sign int, from string) int {
	operator, usage, hint := "-", from+", or days before it such as "+from+" - 14d", ""
	if sign > 0 {
		operator, usage = "+", "never, or days after the "+from+" such as "+from+" + 90d"
	}
	text := strings.Join(strings.Fields(v.Text), " ")
	rest, found := strings.CutPrefix(text, from+"_date")
	if !found {
		rest, found = strings.CutPrefix(text, from)
	}
	rest = strings.TrimSpace(rest)
	if v.Kind == document.Scalar && found {
		if rest == "" && sign < 0 {
			return 0
		}
		if number, ok := strings.CutPrefix(rest, operator); ok {
			number = strings.TrimSpace(number)
			days, ok := parseDays(number)
			if ok && days > maxDays {
				r.fail(v, "", "%s: %s", name, tooLong(number))
				return 0
			}
			if ok && (days > 0 || sign < 0) {
				return days
			}
			if n, number := parseInt(number); number && n > 0 {
				hint = from + " " + operator + " " + itoa(n) + "d"
			}
		}
	}
	r.fail(v, hint, "%s has to be %s%s", name, usage, insteadOf(v))
	return 0
}

// leave reads "keep", "disable" or "disable after 5d since FIELD".
func (r *fileReader) leave(v *document.Value, l *Lifecycle) {
	fields := strings.Fields(v.Text)
	switch {
	case v.Kind != document.Scalar:
	case len(fields) == 1 && fields[0] == "keep":
		return
	case len(fields) == 1 && fields[0] == "disable":
		l.Leave = DisableOnLeave
		return
	case len(fields) == 5 && fields[0] == "disable" && fields[1] == "after" && fields[3] == "since":
		if days, ok := parseDays(fields[2]); ok && days > maxDays {
			r.fail(v, "", "leave: %s", tooLong(fields[2]))
			return
		} else if ok && days > 0 {
			l.Leave, l.LeaveAfter, l.LeaveSince = DisableOnLeave, days, DateField(fields[4])
			return
		}
	}
	r.fail(v, "", "leave has to be keep, or disable, or disable after some days since a date field, such as "+
		"disable after 5d since custom.leave_start%s", insteadOf(v))
}

func (r *fileReader) rehire(v *document.Value, l *Lifecycle) {
	if v.Kind == document.Scalar {
		l.Rehire.Hold = r.word(v, "rehire", r.tables["rehire"].find("do").words) == 1
		return
	}
	if o := r.object(v, "rehire"); o != nil {
		l.Rehire = Rehire{Hold: o.word("do") == 1, Within: o.days("within")}
	}
}
