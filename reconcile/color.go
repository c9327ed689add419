package reconcile

// ANSI colours. Nothing is coloured without FormatOptions.Color.
const (
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	plain  = "\x1b[0m"
)

func sign(a Action) string {
	switch {
	case a.Removes():
		return "-"
	case a == Create || a == CreateEntitlement || a == Enable:
		return "+"
	case a == Grant:
		return ">"
	default:
		return "~"
	}
}

func color(a Action) string {
	switch sign(a) {
	case "-":
		return red
	case "~":
		return yellow
	default:
		return green
	}
}

func (t *printer) paint(color, row string) {
	if t.opt.Color && color != "" {
		row = color + row + plain
	}
	t.out.WriteString(row + "\n")
}
