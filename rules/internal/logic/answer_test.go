package logic_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	. "github.com/provision-go/provision/rules/internal/logic" //nolint:revive // formulas read as they are meant
)

var vocabulary = []string{"prehire", "active", "leave"}

func status(values ...string) Formula { return OneOf("status", vocabulary, values...) }
func dept(values ...string) Formula   { return OneOf("department", nil, values...) }
func atLeast(n int64) Formula         { return Not(Less("level", n)) }

// vast is undecided by every shortcut: as many pigeons as holes and one more.
func vast() Formula {
	const holes = 9
	in := func(pigeon, hole int) Formula { return EqualInt(fmt.Sprint("pigeon ", pigeon, " in ", hole), 1) }
	var all []Formula
	for p := range holes + 1 {
		var somewhere []Formula
		for h := range holes {
			somewhere = append(somewhere, in(p, h))
			for q := range p {
				all = append(all, Or(Not(in(p, h)), Not(in(q, h))))
			}
		}
		all = append(all, Or(somewhere...))
	}
	return And(all...)
}

func TestCanBeYes(t *testing.T) {
	for name, c := range map[string]struct {
		f    Formula
		want Answer
	}{
		"everyone":                      {Everyone(), True},
		"nobody":                        {Not(Everyone()), False},
		"all of nothing":                {And(), True},
		"any of nothing":                {Or(), False},
		"no formula":                    {Formula{}, NotAnalysed},
		"no formula inside":             {Or(Everyone(), Formula{}), NotAnalysed},
		"two departments":               {And(dept("Sales"), dept("Finance")), False},
		"a department that is no other": {And(dept("Sales", "Finance"), Not(dept("Finance"))), True},
		"excluded again":                {And(dept("Sales"), Not(dept("Finance", "Sales"))), False},
		"missing and equal":             {And(Missing("department"), dept("Sales")), False},
		"missing and different":         {And(Missing("department"), Not(dept("Sales"))), False},
		"neither missing nor equal":     {And(Not(Missing("department")), Not(dept("Sales"))), True},
		"every word excluded":           {Not(status(vocabulary...)), False},
		"every text excluded":           {Not(dept(vocabulary...)), True},
		"outside the vocabulary":        {status("retired"), False},
		"an empty vocabulary":           {Not(OneOf("x", []string{}, "a")), False},
		"only the empty text":           {dept(""), False},
		"prefix and equality":           {And(dept("Sales"), Prefix("department", "Fin")), False},
		"prefix that grows":             {And(Prefix("site", "BER-"), Prefix("site", "BER-1")), True},
		"prefixes apart":                {And(Prefix("site", "BER-"), Prefix("site", "MUC-")), False},
		"prefix without prefix":         {And(Prefix("site", "BER-"), Not(Prefix("site", "B"))), False},
		"prefix with longer excluded":   {And(Prefix("site", "BER-"), Not(Prefix("site", "BER-1")), Not(OneOf("site", nil, "BER-", "BER--"))), True},
		"suffixes apart":                {And(Suffix("title", "Lead"), Suffix("title", "Manager")), False},
		"inner text of a prefix":        {And(Prefix("title", "Vice President"), Not(Contains("title", "Pres"))), False},
		"inner text beside a prefix":    {And(Prefix("title", "Vice"), Contains("title", "Pres"), Suffix("title", "dent"), Not(OneOf("title", nil, "VicePresdent"))), True},
		"words that meet where joined":  {And(Prefix("t", "ab"), Suffix("t", "cd"), Not(Contains("t", "bc"))), True},
		"all usual characters used":     {And(Prefix("t", "-_xz"), Not(OneOf("t", nil, "-_xz", "abc")), Not(Prefix("t", "-_xz-")), Not(Prefix("t", "-_xza"))), True},
		"prefix of a known word":        {And(Prefix("status", "act"), Not(status("active"))), False},
		"in any case":                   {And(EqualFold("department", nil, "SALES"), dept("Finance", "Sales")), True},
		"in no case":                    {And(EqualFold("department", nil, "SALES"), dept("Finance")), False},
		"two words in any case":         {And(EqualFold("t", nil, "ab"), EqualFold("t", nil, "AC")), False},
		"any case of a known word":      {And(EqualFold("status", vocabulary, "ACTIVE"), Not(status("active"))), False},
		"spelt otherwise":               {And(EqualFold("t", nil, "a1"), Not(OneOf("t", nil, "a1"))), True},
		"spelt in a mixed way":          {And(EqualFold("t", nil, "ab"), Not(OneOf("t", nil, "ab", "AB"))), True},
		"a character in either case":    {And(Not(EqualFold("t", nil, "OTHER")), Not(OneOf("t", nil, "-", "_")), Not(EqualFold("t", nil, "X"))), True},
		"every spelling excluded":       {And(EqualFold("t", nil, "ab"), Not(OneOf("t", nil, "ab", "aB", "Ab", "AB"))), False},
		"begins and ends spelt so":      {And(EqualFold("t", nil, "engineering team"), Prefix("t", "En"), Suffix("t", "Team")), True},
		"spelt so inside":               {And(EqualFold("t", nil, "engineering team"), Contains("t", "nEE"), Prefix("t", "eN")), True},
		"begins otherwise":              {And(EqualFold("t", nil, "engineering team"), Prefix("t", "Fn")), False},
		"ends otherwise":                {And(EqualFold("t", nil, "engineering team"), Suffix("t", "steam")), False},
		"too many spellings":            {And(EqualFold("t", nil, "engineering team"), Not(Prefix("t", "e")), Not(Prefix("t", "E"))), NotAnalysed},
		"none of its spellings":         {And(EqualFold("t", nil, "engineering team"), Contains("t", "NEA")), False},
		"a long prefix":                 {And(EqualFold("t", nil, "ab"), Prefix("t", "abc")), False},
		"no letter of a word":           {And(Not(EqualFold("t", nil, "OTHER")), Not(EqualFold("t", nil, "-_XZ"))), True},
		"only the empty word":           {EqualFold("t", nil, ""), False},
		"level between neighbours":      {And(atLeast(4), Less("level", 5), Not(EqualInt("level", 4))), False},
		"level with a hole":             {And(atLeast(3), Less("level", 5), Not(EqualInt("level", 4))), True},
		"below the least integer":       {Less("level", math.MinInt64), False},
		"above the greatest integer":    {Not(LessEq("level", math.MaxInt64)), False},
		"the greatest integer":          {atLeast(math.MaxInt64), True},
		"in a group and not":            {And(Has("groups", nil, "a"), Not(Has("groups", nil, "a"))), False},
		"in no group":                   {And(Not(Has("groups", nil, "a")), Not(Missing("groups"))), True},
		"in all groups":                 {And(Has("groups", nil, "b"), Has("groups", nil, "a")), True},
		"a group that cannot be":        {Has("groups", []string{"a", "b"}, "c"), False},
		"ends before it starts":         {And(Day("end", "start", Before, 0), Day("start", "end", NotAfter, 0)), False},
		"a circle of dates":             {And(Day("a", "b", Before, 0), Day("b", "c", Before, 0), Day("c", "a", Before, 0)), False},
		"a chain and its sum":           {And(Day("a", AsOf, NotAfter, -3), Day("b", "a", NotAfter, -4), Not(Day("b", AsOf, NotAfter, -7))), False},
		"before itself":                 {Day("a", "a", Before, 0), False},
		"never missing":                 {Missing(AsOf), False},
		"a day that is neither":         {And(Day("a", "b", NotAfter, 0), Day("b", "a", NotAfter, 0), Not(Day("a", "b", SameDay, 0))), False},
		"a day that is after":           {And(Day("b", "a", NotAfter, 0), Not(Day("a", "b", SameDay, 0))), True},
		"the day before":                {And(Day("a", "b", NotAfter, 0), Day("b", "a", NotAfter, 1), Not(Day("a", "b", SameDay, 0))), True},
		"the day after":                 {And(Day("b", "a", NotAfter, 0), Day("a", "b", NotAfter, 1), Not(Day("a", "b", SameDay, 0))), True},
		"all days but":                  {And(DayFixed("a", NotAfter, 11), Not(DayFixed("a", Before, 10)), Not(DayFixed("a", SameDay, 10)), Not(DayFixed("a", SameDay, 11))), False},
		"fixed days":                    {And(DayFixed("a", SameDay, 10), DayFixed("b", SameDay, 20), Day("b", "a", SameDay, 9)), False},
		"before the calendar":           {DayFixed("a", Before, -719162), False},
		"its first day":                 {DayFixed("a", NotAfter, -719162), True},
		"after the calendar":            {Not(DayFixed(AsOf, NotAfter, math.MaxInt64)), False},
		"further than the calendar":     {Not(Day("a", "b", NotAfter, 3_652_058)), False},
		"as far as the calendar":        {Not(Day("a", "b", NotAfter, 3_652_057)), True},
		"a function and not":            {And(Opaque("vip"), Not(Opaque("vip"))), False},
		"a function of what is missing": {And(Opaque("vip", "email"), Missing("email")), False},
		"not of what is missing":        {And(Not(Opaque("vip", "start", AsOf)), Missing("start")), False},
		"two functions":                 {And(Opaque("vip", "email"), Not(Opaque("guest", "email"))), True},
		"a function of a date":          {And(Opaque("vip", "start"), Day("start", AsOf, NotAfter, 0)), True},
		"text and number":               {Or(dept("Sales"), EqualInt("department", 1)), NotAnalysed},
		"a field and an id":             {And(Opaque("email"), Missing("email")), NotAnalysed},
		"an id with other fields":       {Or(Opaque("vip", "a"), Opaque("vip", "b")), NotAnalysed},
		"two vocabularies":              {Or(status("active"), OneOf("status", []string{"on", "off"}, "on")), NotAnalysed},
		"the same vocabulary":           {Or(status("active"), OneOf("status", []string{"prehire", "active", "leave"}, "leave")), True},
		"a field of its own function":   {Opaque("email", "email"), NotAnalysed},
		"no name":                       {OneOf("", nil, "Sales"), NotAnalysed},
		"no date":                       {Day("a", "", Before, 0), NotAnalysed},
		"no field of a function":        {Opaque("vip", ""), NotAnalysed},
		"no comparison":                 {DayFixed("a", 0, 0), NotAnalysed},
		"no text":                       {Prefix("a", "\xff"), NotAnalysed},
		"no vocabulary of texts":        {OneOf("a", []string{"\xff"}, "b"), NotAnalysed},
		"the day as a number":           {Less(AsOf, 3), NotAnalysed},
		"too many cases":                {vast(), NotAnalysed},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want.String(), CanBeYes(c.f).String())
			_, found := Witness(c.f)
			assert.Equal(t, c.want == True, found, "an example exactly if there is one")
		})
	}
}

func TestImplies(t *testing.T) {
	active := status("active")
	for name, c := range map[string]struct {
		a, b Formula
		want Answer
	}{
		"itself":                           {active, active, True},
		"a part":                           {And(active, dept("Sales")), active, True},
		"the whole":                        {active, And(active, dept("Sales")), False},
		"one of more":                      {dept("Sales"), dept("Finance", "Sales"), True},
		"one of others":                    {dept("Sales"), dept("Finance", "Support"), False},
		"not another":                      {dept("Sales"), Not(dept("Finance")), True},
		"another word":                     {Not(status("prehire", "leave")), active, True},
		"another text":                     {Not(dept("Finance")), dept("Sales"), False},
		"everybody, for no data is no yes": {Everyone(), Or(active, Not(active)), False},
		"present, then decided":            {Not(Missing("status")), Or(active, Not(active)), True},
		"decided, then present":            {Or(active, Not(active)), Not(Missing("status")), True},
		"present, then not undecided":      {Not(Missing("email")), Or(Opaque("vip", "email"), Not(Opaque("vip", "email"))), False},
		"a function, then its fields":      {Or(Opaque("vip", "email"), Not(Opaque("vip", "email"))), Not(Missing("email")), True},
		"dead":                             {And(active, status("leave")), dept("Sales"), True},
		"nobody":                           {active, Not(Everyone()), False},
		"longer prefix":                    {Prefix("site", "BER-1"), Prefix("site", "BER"), True},
		"shorter prefix":                   {Prefix("site", "BER"), Prefix("site", "BER-1"), False},
		"prefix, then contained":           {Prefix("site", "BER"), Contains("site", "ER"), True},
		"equal, then suffix":               {dept("Sales", "Resales"), Suffix("department", "ales"), True},
		"equal, then in any case":          {dept("Sales"), EqualFold("department", nil, "sales"), True},
		"in any case, then equal":          {EqualFold("department", nil, "sales"), dept("Sales"), False},
		"higher level":                     {atLeast(5), atLeast(4), True},
		"lower level":                      {atLeast(4), atLeast(5), False},
		"no level between":                 {And(atLeast(4), LessEq("level", 4)), EqualInt("level", 4), True},
		"more groups":                      {And(Has("groups", nil, "a"), Has("groups", nil, "b")), Has("groups", nil, "a"), True},
		"not in a group, known":            {Not(Has("groups", nil, "a")), Not(Missing("groups")), True},
		"not in a group, missing":          {Missing("groups"), Not(Has("groups", nil, "a")), False},
		"earlier":                          {Day("start", AsOf, NotAfter, -7), Day("start", AsOf, Before, 0), True},
		"a sum of days":                    {And(Day("a", "b", NotAfter, 2), Day("b", AsOf, NotAfter, 3)), Day("a", AsOf, NotAfter, 5), True},
		"less than the sum":                {And(Day("a", "b", NotAfter, 2), Day("b", AsOf, NotAfter, 3)), Day("a", AsOf, NotAfter, 4), False},
		"dates that are known":             {Day("a", "b", SameDay, 1), Not(Or(Missing("a"), Missing("b"))), True},
		"the same from the other side":     {Day("a", "b", SameDay, 1), Day("b", "a", SameDay, -1), True},
		"either way round":                 {Day("a", "b", NotAfter, 0), Or(Day("a", "b", Before, 0), Day("a", "b", SameDay, 0)), True},
		"all ways but one":                 {Not(Missing("a")), Or(DayFixed("a", Before, 5), Not(DayFixed("a", NotAfter, 5))), False},
		"each case":                        {And(dept("A", "B"), Or(active, dept("B"))), Or(And(dept("A"), active), dept("B")), True},
		"too many cases":                   {vast(), Not(Everyone()), NotAnalysed},
		"vocabularies that differ":         {active, OneOf("status", []string{"on"}, "on"), NotAnalysed},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want.String(), Implies(c.a, c.b).String())
		})
	}
}

func TestOverlap(t *testing.T) {
	assert.Equal(t, True, Overlap(And(dept("Finance"), atLeast(4)), And(dept("Finance"), Less("level", 5))))
	assert.Equal(t, False, Overlap(And(dept("Finance"), atLeast(5)), And(dept("Finance"), Less("level", 5))))
	assert.Equal(t, False, Overlap(Missing("end"), Day("end", AsOf, Before, 0)))
	assert.Equal(t, NotAnalysed, Overlap(vast(), vast()))
}

// TestTable: the rows of a table of some hundred rows, and those never reached.
func TestTable(t *testing.T) {
	var rows []Formula
	for i := range 400 {
		rows = append(rows, And(dept(fmt.Sprint("department ", i/20)), OneOf("country", nil, fmt.Sprint("country ", i%17))))
	}
	for i, row := range rows {
		want := False
		if i%20 >= 17 {
			want = True
		}
		require.Equal(t, want, Implies(row, Or(rows[:i]...)), "row %d", i)
	}
}

func TestWitness(t *testing.T) {
	for name, c := range map[string]struct {
		f    Formula
		want map[string]Value
	}{
		"nothing matters": {Everyone(), map[string]Value{}},
		"a rule": {
			And(status("active"), dept("Sales", "Support"), atLeast(5)),
			map[string]Value{
				"status":     {Kind: TextValue, Text: "active"},
				"department": {Kind: TextValue, Text: "Sales"},
				"level":      {Kind: IntValue, Int: 5},
			},
		},
		"one case is enough": {
			Or(And(status("active"), status("leave")), Missing("end"), dept("Sales")),
			map[string]Value{"end": {}},
		},
		"something else":   {Not(dept("Sales")), map[string]Value{"department": {Kind: TextValue, Text: "other"}}},
		"a text of pieces": {And(Prefix("site", "BER-"), Contains("site", "x"), Suffix("site", "-1")), map[string]Value{"site": {Kind: TextValue, Text: "BER-_x_-1"}}},
		"a list": {
			And(Has("groups", nil, "b"), Has("groups", nil, "a"), Not(Has("groups", nil, "c"))),
			map[string]Value{"groups": {Kind: ListValue, List: []string{"a", "b"}}},
		},
		"an empty list": {Not(Has("groups", nil, "c")), map[string]Value{"groups": {Kind: ListValue}}},
		"dates": {
			And(Day("start", AsOf, NotAfter, -14), Day("end", "start", SameDay, 30)),
			map[string]Value{
				AsOf:    {Kind: DayValue, Int: 20454},
				"start": {Kind: DayValue, Int: 20440},
				"end":   {Kind: DayValue, Int: 20470},
			},
		},
		"a function": {
			And(Not(Opaque("vip", "email", "level")), Less("level", 3)),
			map[string]Value{
				"vip":   {Kind: Assumed, Truth: No},
				"email": {Kind: SomeValue},
				"level": {Kind: IntValue, Int: 2},
			},
		},
		"present": {
			And(Not(Missing("level")), Or(Not(Missing("level")), Less("level", 3)), Opaque("vip", "start"), Or(Opaque("vip", "start"), Day("start", AsOf, Before, 0))),
			map[string]Value{
				"level": {Kind: IntValue},
				"start": {Kind: DayValue, Int: 20454},
				"vip":   {Kind: Assumed, Truth: Yes},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, found := Witness(c.f)
			require.True(t, found)
			assert.Empty(t, cmp.Diff(c.want, got))
			assert.Equal(t, Yes, c.f.Eval(got))
		})
	}
}

func TestEval(t *testing.T) {
	sales := map[string]Value{"department": {Kind: TextValue, Text: "Sales"}, "groups": {Kind: ListValue}, "empty": {Kind: TextValue}}
	for name, c := range map[string]struct {
		f    Formula
		want Truth
	}{
		"equal":                  {dept("Sales"), Yes},
		"different":              {dept("Finance"), No},
		"missing":                {status("active"), Undecided},
		"an empty list is known": {Has("groups", nil, "a"), No},
		"an empty text is not":   {Missing("empty"), Yes},
		"of another type":        {Less("department", 3), Undecided},
		"a text as a date":       {DayFixed("department", Before, 3), Undecided},
		"no day of the decision": {DayFixed(AsOf, Before, 3), Undecided},
		"never missing":          {Missing(AsOf), No},
		"nothing assumed":        {Opaque("vip", "department", AsOf), Undecided},
		"undecided stays":        {Not(status("active")), Undecided},
		"no is stronger":         {And(status("active"), dept("Finance")), No},
		"yes is stronger":        {Or(status("active"), dept("Sales")), Yes},
		"no formula":             {Formula{}, Undecided},
		"no formula inside":      {Not(Formula{}), Undecided},
		"no comparison of dates": {DayFixed("start", 0, 0), Undecided},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want.String(), c.f.Eval(sales).String())
		})
	}
	assert.Equal(t, Undecided, DayFixed("start", 9, 0).Eval(map[string]Value{"start": {Kind: DayValue}}))
}
