package syntax_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules/internal/syntax"
)

// dump writes a tree as an s-expression.
func dump(n *syntax.Node) string {
	head := ""
	switch n.Kind {
	case syntax.Or:
		head = "or"
	case syntax.And:
		head = "and"
	case syntax.Not:
		head = "not"
	case syntax.Compare, syntax.Match:
		head = n.Text
	case syntax.In:
		head = strings.ReplaceAll(n.Text, " ", "-")
	case syntax.Add:
		head = "+"
	case syntax.Sub:
		head = "-"
	case syntax.Call:
		head = "call " + n.Text
	case syntax.List:
		head = "list"
	case syntax.Ident:
		if strings.Trim(n.Text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") != "" {
			return fmt.Sprintf("|%s|", n.Text)
		}
		return n.Text
	case syntax.String:
		return fmt.Sprintf("%q", n.Text)
	case syntax.Int:
		return fmt.Sprint(n.Int)
	case syntax.Days:
		return fmt.Sprintf("%dd", n.Int)
	case syntax.Bool:
		return n.Text
	default:
		return fmt.Sprintf("kind %d", n.Kind)
	}
	var b strings.Builder
	b.WriteString("(" + head)
	for _, arg := range n.Args {
		b.WriteString(" " + dump(arg))
	}
	return b.String() + ")"
}

func TestParse(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		// Values.
		{`status`, `status`},
		{`_x9`, `_x9`},
		{`custom.badge`, `custom.badge`},
		{`a.b.c`, `a.b.c`},
		{`cost-center`, `cost-center`},
		{`custom.cost-center2.x-y`, `custom.cost-center2.x-y`},
		{`custom["odd name"]`, `|custom.odd name|`},
		{`custom[ 'größe' ]`, `|custom.größe|`},
		{`custom["a\"b"] == 1`, `(== |custom.a"b| 1)`},
		{`a.b["2fa"]`, `a.b.2fa`},
		{`"x"`, `"x"`},
		{`''`, `""`},
		{`"it's"`, `"it's"`},
		{`'say "hi"'`, `"say \"hi\""`},
		{`"\\ \" \' \n \t \u00e9 \uD83D\uDE00 \u0000"`, `"\\ \" ' \n \t é 😀 \x00"`},
		{`"C:\\"`, `"C:\\"`},
		{`"Zürich 😀 王 O’Neil"`, `"Zürich 😀 王 O’Neil"`},
		{"\"\u200d�\"", `"\u200d�"`},
		{`true`, `true`},
		{`false`, `false`},
		{`0`, `0`},
		{`42`, `42`},
		{`-3`, `-3`},
		{`9223372036854775807`, `9223372036854775807`},
		{`-9223372036854775808`, `-9223372036854775808`},
		{`14d`, `14d`},
		{`2w`, `14d`},
		{`0d`, `0d`},
		{`-2w`, `-14d`},
		{`-9223372036854775808d`, `-9223372036854775808d`},
		{`[]`, `(list)`},
		{`[ "a", 'b', c, 3, [] ]`, `(list "a" "b" c 3 (list))`},
		{`now()`, `(call now)`},
		{`f (a, "b", [c], g())`, `(call f a "b" (list c) (call g))`},
		{`iif(a and b, c, d or e)`, `(call iif (and a b) c (or d e))`},

		// Names that begin like words of the language, and the other way round.
		{`order`, `order`},
		{`input == android`, `(== input android)`},
		{`not_in`, `not_in`},
		{`in-house`, `in-house`},
		{`and.x`, `and.x`},
		{`not nothing`, `(not nothing)`},
		{`d == w`, `(== d w)`},

		// Calculation.
		{`start_date - 14d`, `(- start_date 14d)`},
		{`start-14d`, `(- start 14d)`},
		{`start - end`, `(- start end)`},
		{`start- end`, `(- start end)`},
		{`start -end`, `(- start end)`},
		{`start-end`, `start-end`},
		{`a-_b`, `(- a _b)`},
		{`a --3`, `(- a -3)`},
		{`a -3`, `(- a 3)`},
		{`5-3`, `(- 5 3)`},
		{`5d-x`, `(- 5d x)`},
		{`f(a)-3`, `(- (call f a) 3)`},
		{`custom["x"]-3`, `(- custom.x 3)`},
		{`(a)-3`, `(- a 3)`},
		{`a + -3`, `(+ a -3)`},
		{`a - b + c - d`, `(- (+ (- a b) c) d)`},
		{`a - (b + c)`, `(- a (+ b c))`},
		{`slug(given_name) + "." + slug(family_name)`, `(+ (+ (call slug given_name) ".") (call slug family_name))`},

		// Comparisons.
		{`a == 1`, `(== a 1)`},
		{`a==-1`, `(== a -1)`},
		{`a!="x"`, `(!= a "x")`},
		{`a<b`, `(< a b)`},
		{`a <= b`, `(<= a b)`},
		{`a > b`, `(> a b)`},
		{`a >= b`, `(>= a b)`},
		{`a == b - 3`, `(== a (- b 3))`},
		{`end_date + 5d <= as_of - 2w`, `(<= (+ end_date 5d) (- as_of 14d))`},
		{`status in ["active", "prehire"]`, `(in status (list "active" "prehire"))`},
		{`status not in ["left"]`, `(not-in status (list "left"))`},
		{`status not  in["left"]`, `(not-in status (list "left"))`},
		{`status ! in []`, `(not-in status (list))`},
		{`"oncall" in groups`, `(in "oncall" groups)`},
		{`a contains "x"`, `(contains a "x")`},
		{`site startsWith "BER-"`, `(startsWith site "BER-")`},
		{`lower(mail) endsWith '@' + domain`, `(endsWith (call lower mail) (+ "@" domain))`},
		{`(a == b) == (c == d)`, `(== (== a b) (== c d))`},
		{`(a) in (b)`, `(in a b)`},

		// Conditions.
		{`a or b or c`, `(or a b c)`},
		{`a || b or c`, `(or a b c)`},
		{`a and b && c`, `(and a b c)`},
		{`a or b and c or d`, `(or a (and b c) d)`},
		{`(a or b) or c`, `(or (or a b) c)`},
		{`a or (b or c)`, `(or a (or b c))`},
		{`(a or b) and c`, `(and (or a b) c)`},
		{`not a`, `(not a)`},
		{`!a`, `(not a)`},
		{`not not !a`, `(not (not (not a)))`},
		{`not a == b`, `(not (== a b))`},
		{`not a and b`, `(and (not a) b)`},
		{`not (a and b)`, `(not (and a b))`},
		{`not -3 == a`, `(not (== -3 a))`},
		{`a and not b in c`, `(and a (not (in b c)))`},
		{`((((a))))`, `a`},
		{"a ==\n\t1\r\n  and b\n", `(and (== a 1) b)`},
		{`a or-3 == b`, `(or a (== -3 b))`},
		{
			`department in ["Engineering", "Platform"] and (employment_type == "employee" or end_date > as_of)`,
			`(and (in department (list "Engineering" "Platform")) (or (== employment_type "employee") (> end_date as_of)))`,
		},
		{`start_date - 14d <= as_of and not missing(manager)`, `(and (<= (- start_date 14d) as_of) (not (call missing manager)))`},
		{
			`a or b or c or d or e or f or g or h == [1, 2, 3, 4, 5, 6, 7, 8, 9]`,
			`(or a b c d e f g (== h (list 1 2 3 4 5 6 7 8 9)))`,
		},
	} {
		node, problems := syntax.Parse(tt.text)
		require.Empty(t, problems, tt.text)
		require.NotNil(t, node, tt.text)
		assert.Equal(t, tt.want, dump(node), tt.text)
		sound(t, tt.text)
	}
	for _, text := range typical {
		sound(t, text)
	}
}

// Every node says where it stands. "_" is where it is, "^" its operator.
func TestPositions(t *testing.T) {
	for _, tt := range []struct {
		text string
		path []int
		want string
	}{
		{` a == "x" `, nil /* */, ` __^^____ `},
		{` a == "x" `, []int{0}, ` ^        `},
		{` a == "x" `, []int{1}, `      ^__ `},
		{`(a or b) and !c`, nil /*    */, `_________^^____`},
		{`(a or b) and !c`, []int{0} /**/, ` __^___        `},
		{`(a or b) and !c`, []int{1} /**/, `             ^_`},
		{`((a)) or b or (c)`, nil /*    */, `______^^_________`},
		{`((a)) or b or (c)`, []int{0} /**/, `  ^              `},
		{`((a)) or b or (c)`, []int{2} /**/, `               ^ `},
		{`x not in [a, -3]`, nil /*    */, `__^____________^`},
		{`x not in [a, -3]`, []int{1} /**/, `         ^______`},
		{`f(a) + c["d"] + 14d`, nil /*       */, `______________^____`},
		{`f(a) + c["d"] + 14d`, []int{0} /*   */, `_____^_______      `},
		{`f(a) + c["d"] + 14d`, []int{0, 0} /**/, `^___               `},
		{`f(a) + c["d"] + 14d`, []int{0, 1} /**/, `       ^_____      `},
		{`f(a) + c["d"] + 14d`, []int{1} /*   */, `                ^__`},
		{`(a)`, nil, ` ^ `},
	} {
		node, problems := syntax.Parse(tt.text)
		require.Empty(t, problems, tt.text)
		for _, i := range tt.path {
			node = node.Args[i]
		}
		pos := strings.IndexAny(tt.want, "_^")
		assert.Equal(t, pos, node.Pos, "%s %v", tt.text, tt.path)
		assert.Equal(t, strings.Index(tt.want, "^"), node.Op, "%s %v", tt.text, tt.path)
		if node.Kind != syntax.In && !strings.HasSuffix(tt.want, "^") {
			assert.Equal(t, strings.LastIndexAny(tt.want, "_^")+1, node.End, "%s %v", tt.text, tt.path)
		}
	}
}
