package provision_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/csvsource"
)

// hostileExports are the ways in which exports break that people have seen, and
// some that nobody has seen yet.
func hostileExports() []hostile {
	return slices.Concat(
		hostileShapes(), hostileQuotes(), hostileHeadings(), hostileEncodings(), hostileContents(),
		hostileIDs(), hostileAddresses(), hostileDates(), hostileManagers(), hostileCells(), hostilePopulations(),
	)
}

// eli makes a case of a single cell, of Eli.
func eli(heading, text string) func(*brokenExport) {
	return func(e *brokenExport) { e.set("004205", heading, text) }
}

// all makes a case of a whole column.
func all(heading, text string) func(*brokenExport) {
	return func(e *brokenExport) { e.each(heading, func(string) string { return text }) }
}

// swap makes a case of a text that is replaced wherever it stands.
func swap(old, text string) func(*brokenExport) {
	return func(e *brokenExport) { e.replace(old, text) }
}

// content makes a case of another file altogether.
func content(text string) func(*brokenExport) {
	return func(e *brokenExport) { e.after(func([]byte) []byte { return []byte(text) }) }
}

// cutAt makes a case of a download that broke off behind a text.
func cutAt(text string) func(*brokenExport) {
	return func(e *brokenExport) {
		e.after(func(b []byte) []byte { return b[:bytes.Index(b, []byte(text))+len(text)] })
	}
}

func hostileShapes() []hostile {
	return []hostile{
		{name: "a row that is too short", change: func(e *brokenExport) { e.raw("004205", "004205,Eli Roe,eli@acme.example") }},
		{name: "a row that is too long", change: eli("Full Name", "Roe, Eli")},
		{name: "a row with one empty cell too many", change: eli("Location", "Berlin,")},
		{name: "a delimiter at the end of every row", change: func(e *brokenExport) { e.each("Location", func(s string) string { return s + "," }) }},
		{name: "a delimiter at the end of the heading", change: swap("Last Day,Location", "Last Day,Location,")},
		{name: "a delimiter at the end of every line", change: swap("\n", ",\n")},
		{name: "semicolons instead of commas", change: swap(",", ";")},
		{name: "tabs instead of commas", change: swap(",", "\t")},
		{name: "semicolons below a heading with commas", change: func(e *brokenExport) {
			e.after(func(b []byte) []byte {
				heading, rows, _ := bytes.Cut(b, []byte("\n"))
				return slices.Concat(heading, []byte("\n"), bytes.ReplaceAll(rows, []byte(","), []byte(";")))
			})
		}},
		{name: "a download cut in the last cell", change: cutAt("cal@acme.example,Clerk,Sales,004202,Active,2020-01-31,,Ber")},
		{name: "a download cut in an id", change: cutAt("\n0042")},
		{name: "a download cut between rows", change: cutAt("2020-01-31,,Paris\n")},
		{name: "a download cut in the heading", change: cutAt("Employee ID,Full Name,Ema")},
		{name: "no line end behind the last row", change: func(e *brokenExport) {
			e.after(bytes.TrimSpace)
		}},
		{name: "no line end behind the last row, as always", change: func(e *brokenExport) {
			e.after(bytes.TrimSpace)
		}, config: func(c *csvsource.Config) { c.OpenEnd = true }},
		{name: "a line end is lost", change: swap("\n004215", "004215")},
		{name: "rows that are all empty", change: func(e *brokenExport) {
			e.after(func(b []byte) []byte { return append(b, strings.Repeat(",,,,,,,,,\n\n", 1000)...) })
		}},
		{name: "rows in another order", change: func(e *brokenExport) { slices.Reverse(e.rows) }},
		{name: "columns in another order", change: func(e *brokenExport) {
			slices.Reverse(e.heading)
			for _, row := range e.rows {
				slices.Reverse(row)
			}
		}},
		{name: "every row moved by one column to the right", change: func(e *brokenExport) {
			for n := range e.rows {
				e.rows[n] = append([]string{""}, e.rows[n][:len(e.rows[n])-1]...)
			}
		}},
		{name: "every row moved by one column to the left", change: func(e *brokenExport) {
			for n := range e.rows {
				e.rows[n] = append(e.rows[n][1:], "")
			}
		}},
		{name: "two columns have changed places under their headings", change: func(e *brokenExport) {
			a, b := e.column("Department"), e.column("Location")
			e.heading[a], e.heading[b] = e.heading[b], e.heading[a]
		}},
		{name: "a line with a total at the end", change: func(e *brokenExport) { e.rows = append(e.rows, []string{"Total: 30"}) }},
	}
}

func hostileQuotes() []hostile {
	return []hostile{
		{name: "a quote that is not closed", change: eli("Full Name", `"Eli Roe`)},
		{name: "a quote in the middle of a cell", change: eli("Full Name", `Eli "E" Roe`)},
		{name: "a quote that is closed too early", change: eli("Full Name", `"Eli" Roe`)},
		{name: "a line break in quotes", change: eli("Title", "\"Clerk,\nnights\"")},
		{name: "two quotes that swallow a row", change: func(e *brokenExport) {
			e.set("004205", "Full Name", `"Eli Roe`)
			e.set("004206", "Full Name", `Fay Roe"`)
		}},
		{name: "every line in quotes", change: func(e *brokenExport) {
			e.after(func(b []byte) []byte {
				return []byte(`"` + strings.ReplaceAll(strings.TrimSpace(string(b)), "\n", "\"\n\"") + "\"\n")
			})
		}},
		{name: "every row in quotes", change: func(e *brokenExport) {
			for n, row := range e.rows {
				e.rows[n] = []string{`"` + strings.Join(row, ",") + `"`}
			}
		}},
		{name: "lines that end with CR alone", change: swap("\n", "\r")},
		{name: "lines that end with CR LF", change: swap("\n", "\r\n")},
		{name: "lines that end with CR CR LF", change: swap("\n", "\r\r\n")},
		{name: "one line that ends with CR alone", change: swap("\n004215", "\r004215")},
		{name: "mixed line ends", change: swap("Berlin\n", "Berlin\r\n")},
	}
}

func hostileHeadings() []hostile {
	return []hostile{
		{name: "an empty file", change: content("")},
		{name: "a heading and no rows", change: func(e *brokenExport) { e.rows = nil }},
		{name: "no heading", change: func(e *brokenExport) { e.heading, e.rows = e.rows[0], e.rows[1:] }},
		{name: "the heading twice", change: func(e *brokenExport) { e.rows = slices.Insert(e.rows, 15, slices.Clone(e.heading)) }},
		{name: "a second heading with other columns", change: func(e *brokenExport) {
			second := slices.Clone(e.heading)
			second[3], second[4] = second[4], second[3]
			e.rows = slices.Insert(e.rows, 15, second)
		}},
		{name: "a heading that comes twice", change: swap("Location", "Department")},
		{name: "headings in another case", change: func(e *brokenExport) {
			for n, h := range e.heading {
				e.heading[n] = strings.ToUpper(strings.ReplaceAll(h, " ", "_"))
			}
		}},
		{name: "the department has another heading", change: swap("Department", "Org Unit")},
		{
			name: "the department has another heading, and was named", change: swap("Department", "Org Unit"),
			config: func(c *csvsource.Config) { c.Columns = map[string]string{"department": "Department"} },
		},
		{name: "the status has another heading", change: swap("Status,", "Lage,")},
		{name: "the last day has another heading", change: swap("Last Day", "Letzter")},
		{
			name: "the last day has another heading, and was required", change: swap("Last Day", "Letzter"),
			config: func(c *csvsource.Config) { c.Require = []string{"status", "hire_date", "last_day"} },
		},
		{name: "the id has another heading", change: swap("Employee ID", "Key")},
		{name: "a title above the heading", change: func(e *brokenExport) {
			e.after(func(b []byte) []byte { return append([]byte("Staff as of 2026-03-03\n\n"), b...) })
		}},
		{name: "a heading of a megabyte", change: swap("Location", strings.Repeat("x", 1<<20))},
		{name: "a heading of half a megabyte", change: swap("Location", strings.Repeat("x", 1<<19))},
		{name: "a hundred thousand columns", change: swap("Location", "Location"+strings.Repeat(",", 100_000))},
		{name: "a thousand columns that nothing reads", change: func(e *brokenExport) {
			e.after(func(b []byte) []byte {
				heading, rows, _ := bytes.Cut(bytes.Clone(b), []byte("\n"))
				heading = slices.Clip(heading)
				for n := range 1000 {
					heading = fmt.Appendf(heading, ",extra %d", n)
				}
				rows = bytes.ReplaceAll(rows, []byte("\n"), []byte(strings.Repeat(",", 1000)+"\n"))
				return slices.Concat(heading, []byte("\n"), rows)
			})
		}},
	}
}

// wide writes UTF-16.
func wide(b []byte, order binary.AppendByteOrder, mark bool) []byte {
	var out []byte
	if mark {
		out = order.AppendUint16(out, 0xfeff)
	}
	for _, unit := range utf16.Encode([]rune(string(b))) {
		out = order.AppendUint16(out, unit)
	}
	return out
}

func hostileEncodings() []hostile {
	as := func(to func([]byte) []byte) func(*brokenExport) {
		return func(e *brokenExport) {
			e.set("004205", "Full Name", "Zoë Müller")
			e.set("004205", "Department", "Büro")
			e.after(to)
		}
	}
	moved := []string{"004205 lost group:sales"} // to another department, which is what the file says
	return []hostile{
		{name: "UTF-16 little endian", change: as(func(b []byte) []byte { return wide(b, binary.LittleEndian, true) }), taken: moved},
		{name: "UTF-16 big endian", change: as(func(b []byte) []byte { return wide(b, binary.BigEndian, true) }), taken: moved},
		{name: "UTF-16 without a mark", change: as(func(b []byte) []byte { return wide(b, binary.LittleEndian, false) })},
		{name: "UTF-8 with a mark", change: func(e *brokenExport) {
			e.after(func(b []byte) []byte { return append([]byte("\ufeff"), b...) })
		}},
		{name: "Latin-1", change: as(func(b []byte) []byte {
			var out []byte
			for _, r := range string(b) {
				out = append(out, byte(r))
			}
			return out
		})},
		{name: "Windows-1252", change: eli("Department", "Engineering \x96 Caf\xe9")},
		{name: "a cell that is not UTF-8", change: eli("Department", "Engineer\xff")},
		{name: "an id that is not UTF-8", change: eli("Employee ID", "00420\xff")},
	}
}

func hostileContents() []hostile {
	return []hostile{
		{name: "HTML", change: content("<!DOCTYPE html>\n<html><body>Please log in, id,name</body></html>\n")},
		{name: "JSON", change: content(`{"error":"token expired","id":7}`)},
		{name: "an empty JSON list", change: content("[]")},
		{name: "gzip", change: func(e *brokenExport) {
			e.after(func(b []byte) []byte {
				var out bytes.Buffer
				w := gzip.NewWriter(&out)
				_, _ = w.Write(b) // a buffer takes everything
				_ = w.Close()
				return out.Bytes()
			})
		}},
		{name: "a spreadsheet", change: content("PK\x03\x04\x14\x00\x06\x00")},
		{name: "a spreadsheet of old", change: content("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")},
		{name: "a message in place of the file", change: content("Internal Server Error\n")},
		{name: "zeros", change: content(strings.Repeat("\x00", 5000))},
	}
}

func hostileIDs() []hostile {
	again := func(change func(row []string)) func(*brokenExport) {
		return func(e *brokenExport) {
			row := slices.Clone(e.rows[e.row("004205")])
			change(row)
			e.rows = append(e.rows, row)
		}
	}
	each := func(to func(string) string) func(*brokenExport) {
		return func(e *brokenExport) { e.each("Employee ID", to) }
	}
	return []hostile{
		{name: "a row twice", change: again(func([]string) {})},
		{name: "an id twice, in another department", change: again(func(row []string) { row[4] = "Finance" })},
		{name: "an id twice, once without anything else", change: again(func(row []string) { clear(row[1:]) })},
		{name: "everybody twice", change: func(e *brokenExport) { e.rows = slices.Concat(e.rows, e.rows) }},
		{name: "ids without their zeros", change: each(func(id string) string { return strings.TrimLeft(id, "0") })},
		{name: "ids in scientific notation", change: each(func(string) string { return "4.2E+03" })},
		{name: "ids with decimals", change: each(func(id string) string { return id + ".0" })},
		{name: "ids with white space", change: each(func(id string) string { return " " + id + "\u00a0" })},
		{name: "ids with an apostrophe", change: each(func(id string) string { return "'" + id })},
		{name: "an id with an invisible character", change: eli("Employee ID", "00420\u200b5")},
		{name: "an id with full-width digits", change: eli("Employee ID", "00420５")},
		{name: "an id of somebody else", change: func(e *brokenExport) {
			e.set("004205", "Full Name", "Zed New")
			e.set("004205", "Email", "zed@acme.example")
		}},
		{name: "an id that is empty", change: eli("Employee ID", "")},
		{name: "an id that is NULL", change: eli("Employee ID", "NULL")},
		{name: "an id that failed", change: eli("Employee ID", "#REF!")},
		{name: "an id with a line break", change: eli("Employee ID", "\"0042\n05\"")},
		{name: "an id that is endless", change: eli("Employee ID", strings.Repeat("0", 300))},
		{name: "two ids have changed places", change: func(e *brokenExport) {
			a, b := e.row("004205"), e.row("004206")
			e.rows[a][0], e.rows[b][0] = "004206", "004205"
		}, taken: []string{
			"004205 lost group:berlin", "004205 lost group:sales", "004206 lost group:finance",
		}},
	}
}

func hostileAddresses() []hostile {
	joiner := func(address string) func(*brokenExport) {
		return func(e *brokenExport) {
			row := slices.Clone(e.rows[e.row("004211")])
			row[0], row[1], row[2] = "004299", "Kim Two", address
			e.rows = append(e.rows, row)
		}
	}
	return []hostile{
		{name: "two people with one address", change: eli("Email", "kim@acme.example")},
		{name: "a joiner with the address of another", change: joiner("kim@acme.example")},
		{name: "a joiner with the address of another in another case", change: joiner("KIM@Acme.Example")},
		{name: "a joiner with a Kelvin sign", change: joiner("\u212aim@acme.example")},
		{name: "a joiner with a dotless i", change: joiner("kım@acme.example")},
		{name: "a joiner with a dotted I", change: joiner("KİM@acme.example")},
		{name: "a joiner with full-width letters", change: joiner("ｋｉｍ@acme.example")},
		{name: "a joiner with a Cyrillic letter", change: joiner("kіm@acme.example")},
		{name: "an address in another case", change: eli("Email", "ELI@ACME.EXAMPLE")},
		{name: "an address that is none", change: eli("Email", "n.n.")},
		{name: "no addresses", change: all("Email", "")},
		{name: "one address for everybody", change: all("Email", "info@acme.example")},
	}
}

func hostileDates() []hostile {
	both := func(hired, left string) func(*brokenExport) {
		return func(e *brokenExport) {
			e.set("004205", "Hire Date", hired)
			e.set("004205", "Last Day", left)
		}
	}
	return []hostile{
		{name: "a last day that does not exist", change: eli("Last Day", "2026-02-30")},
		{name: "a last day in another format", change: eli("Last Day", "31/01/2026")},
		{name: "a last day in the year 26", change: eli("Last Day", "0026-01-31")},
		{name: "a last day that never comes", change: eli("Last Day", "9999-12-31")},
		{name: "a last day in words", change: eli("Last Day", "soon")},
		{name: "a last day as a number of days", change: eli("Last Day", "46053")},
		{name: "a last day before the first", change: both("2024-01-01", "2023-12-31")},
		{name: "a first day in the far future", change: eli("Hire Date", "2999-01-01")},
		{name: "a first day next century", change: eli("Hire Date", "2120-01-31")},
		{name: "dates in another format", change: func(e *brokenExport) {
			turn := func(day string) string {
				parts := strings.Split(day, "-")
				slices.Reverse(parts)
				return strings.Join(parts, "/")
			}
			e.each("Hire Date", turn)
			e.each("Last Day", turn)
		}},
		{name: "no first days", change: all("Hire Date", "")},
		{name: "everybody was hired today", change: all("Hire Date", "2026-03-03")},
		{name: "everybody begins next year", change: all("Hire Date", "2027-01-01")},
	}
}

func hostileManagers() []hostile {
	return []hostile{
		{name: "somebody is their own manager", change: eli("Manager ID", "004205")},
		{name: "two people manage each other", change: func(e *brokenExport) {
			e.set("004205", "Manager ID", "004206")
			e.set("004206", "Manager ID", "004205")
		}},
		{name: "everybody manages the next", change: func(e *brokenExport) {
			for n, row := range e.rows {
				row[e.column("Manager ID")] = e.rows[(n+1)%len(e.rows)][0]
			}
		}},
		{name: "a manager nobody knows", change: eli("Manager ID", "009999")},
		{name: "a manager who is a name", change: eli("Manager ID", "Bo Roe")},
		{name: "no managers", change: all("Manager ID", "")},
		{name: "managers that failed", change: all("Manager ID", "#N/A")},
	}
}

func hostileCells() []hostile {
	return []hostile{
		{name: "a NUL in a cell", change: eli("Department", "Sales\x00")},
		{name: "a bidi override in a name", change: eli("Full Name", "Eli \u202eeoR")},
		{name: "a zero-width space in a department", change: eli("Department", "Sa\u200bles")},
		{
			name: "a department with a Cyrillic letter", change: eli("Department", "Sаles"),
			taken: []string{"004205 lost group:sales"},
		},
		{name: "a name from right to left", change: eli("Full Name", "אלי רו")},
		{name: "a name in Persian", change: eli("Full Name", "علی\u200cرضا")},
		{name: "a formula", change: eli("Full Name", "=cmd()")},
		{name: "a cell of ten megabytes", change: eli("Full Name", strings.Repeat("x", 10<<20))},
		{name: "a cell of two kilobytes", change: eli("Department", strings.Repeat("x", 2048))},
		{name: "a department that failed", change: all("Department", "#REF!")},
		{name: "departments that are NULL", change: all("Department", "NULL")},
		{name: "departments that are empty", change: all("Department", "")},
		{name: "departments with white space", change: func(e *brokenExport) {
			e.each("Department", func(s string) string { return "\u00a0" + s + " " })
		}},
		{name: "every cell is NULL", change: func(e *brokenExport) {
			for _, h := range e.heading {
				e.each(h, func(string) string { return "NULL" })
			}
		}},
	}
}

func hostilePopulations() []hostile {
	return []hostile{
		{name: "half the people are gone", change: func(e *brokenExport) { e.rows = e.rows[:15] }},
		{name: "one department only", change: func(e *brokenExport) {
			e.keep(func(row []string) bool { return row[4] == "Sales" })
		}},
		{name: "another company", change: func(e *brokenExport) {
			for n, row := range e.rows {
				row[0], row[1], row[2] = fmt.Sprint("Z", n), "Zed Other", fmt.Sprintf("z%d@other.example", n)
			}
		}},
		{name: "a company of one", change: func(e *brokenExport) { e.rows = e.rows[:1] }},
		{name: "everybody has left", change: all("Status", "Terminated")},
		{name: "statuses in unknown words", change: all("Status", "42")},
		{name: "statuses that are empty", change: all("Status", "")},
		{
			name: "no status column, everybody counts as active", change: swap("Status,", "Lage,"),
			config: func(c *csvsource.Config) { c.DefaultStatus = source.Active },
		},
		{name: "everybody is on leave", change: all("Status", "On leave")},
		{name: "everybody is new", change: all("Status", "Pre-hire")},
	}
}
