// Package syntax reads the conditions and values of rule files: one text becomes
// one tree with positions. It knows no fields, functions or types; what a name
// means, and whether a comparison makes sense, is for package rules to say.
//
//	or          = and { ("or" | "||") and }
//	and         = not { ("and" | "&&") not }
//	not         = ("not" | "!") not | comparison
//	comparison  = sum [ operator sum ]
//	operator    = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not" "in"
//	            | "contains" | "startsWith" | "endsWith"
//	sum         = value { ("+" | "-") value }
//	value       = text | number | days | "true" | "false" | name | name "[" text "]"
//	            | name "(" [ or { "," or } ] ")" | "[" [ or { "," or } ] "]" | "(" or ")"
//
// A text stands in " or ' and knows the escapes \\ \" \' \n \t and \uXXXX; control
// characters, line breaks and characters that turn the direction of writing must be
// escaped. A number is whole, with a "-" directly before it if it is negative. Days
// are written 14d or 2w. A name has letters from a to z, digits and "_", parts
// separated by dots, and a "-" between one of its characters and a letter:
// cost-center is a name, start-14d is a subtraction. Words of the language are
// lower case and never names. White space, also a line break, may stand between
// any two words and signs, but not between a name and its "[".
package syntax

// Limits of one text. A text beyond one of them is a single problem.
const (
	MaxText   = 4096 // bytes
	MaxTokens = 512  // words, numbers, texts and signs
	// MaxDepth is how many parentheses, calls, lists, nots and operators may stand
	// within each other. "a or b or c" is one operator, "a + b + c" is two within
	// each other. So no node lies more than MaxDepth below the root.
	MaxDepth = 32
)

// Kind says what a node is. The zero value is no kind.
type Kind uint8

// The kinds.
const (
	Or      Kind = iota + 1 // Args: two or more; "a or b or c" is one node, "a or (b or c)" two
	And                     // Args: two or more, likewise
	Not                     // Args: one
	Compare                 // Text: "==", "!=", "<", "<=", ">" or ">="; Args: left, right
	In                      // Text: "in" or "not in"; Args: left, right (a List or anything else)
	Match                   // Text: "contains", "startsWith" or "endsWith"; Args: left, right
	Add                     // Args: left, right
	Sub                     // Args: left, right
	Call                    // Text: the name of the function; Args: none or more
	List                    // Args: none or more
	Ident                   // Text: the name, such as "custom.badge"; custom["odd name"] is "custom.odd name"
	String                  // Text: the value, without quotes and escapes; always valid UTF-8
	Int                     // Int: the number
	Days                    // Int: how many days; 2w is 14
	Bool                    // Text: "true" or "false"
)

// A Node is a part of a condition or value. The fields that its kind does not
// mention are zero.
type Node struct {
	Kind Kind
	// Pos and End are the byte offsets of its first byte and after its last one.
	// The nodes in Args lie within, in order. Parentheses around a node belong to
	// the node above it, so that the text between Pos and End makes sense alone;
	// those around the whole text belong to none.
	Pos, End int
	// Op is the offset of the operator, of several the first; else it is Pos.
	Op   int
	Text string
	Int  int64
	Args []*Node
}

// A Problem is one thing that is wrong with a text. What it quotes is cut to a few
// dozen bytes.
type Problem struct {
	Pos     int    // byte offset, at most the length of the text
	Message string // what is wrong and what to change
	Hint    string // what to write instead, if that can be guessed; may be ""
}

// Parse returns the tree of a text, or nil and what is wrong with it, by position.
// After a problem whose meaning is plain, such as "=" for "==", it reads on: each
// further problem is one of its own. Equal texts give equal results.
func Parse(text string) (*Node, []Problem) {
	p := parser{scanner: scanner{text: text}}
	if !p.acceptable() {
		return nil, p.problems
	}
	p.arena.reserve(len(text))
	p.next()
	if p.tok.kind == tokEnd {
		p.report(0, "the condition is empty", "")
		return nil, p.sorted()
	}
	root := p.or()
	if root.node != nil && p.tok.kind != tokEnd {
		p.misplaced()
	}
	if len(p.problems) > 0 {
		return nil, p.sorted()
	}
	return root.node, nil
}
