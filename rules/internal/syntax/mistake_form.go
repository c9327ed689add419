package syntax

import "fmt"

// What people bring along from other languages is read to its end, so that the
// problem can say what it looks like here.

// quoteInside reports what directly follows a text in plain quotes: most likely the
// text has a quote in it that ended it early.
func (p *parser) quoteInside() {
	t := p.prev
	quote := p.text[t.pos : t.pos+1]
	if at, r := p.typographicIn(t.pos+1, t.end, quote[0]); at >= 0 {
		p.fail(at, fmt.Sprintf("%c does not close a text; write %s", r, quote), quote)
		return
	}
	p.fail(p.tok.pos, fmt.Sprintf(`%s directly follows a text; write \%s for a %s inside a text`, p.quote(p.tok.place), quote, quote), `\`+quote)
}

// notMatch reports "a not contains b".
func (p *parser) notMatch(left operand, pos int) {
	op, meant := p.tok, ""
	p.next()
	if right := p.sum(); right.node != nil {
		meant = hint("not (" + p.text[left.pos:left.end] + " " + op.text + " " + p.text[right.pos:right.end] + ")")
	}
	p.fail(pos, fmt.Sprintf(`"not" cannot stand before %q; write it before the whole comparison`, op.text), meant)
}

// chained reports a second comparison right of one.
func (p *parser) chained(left, middle operand, kind Kind) {
	op, meant := p.tok, ""
	if kind == Compare && op.kind == tokCompare {
		p.next()
		if right := p.sum(); right.node != nil {
			meant = hint(p.text[left.pos:middle.end] + " and " + p.text[middle.pos:right.end])
		}
	}
	p.fail(op.pos, p.quote(op.place)+` cannot follow another comparison; write two comparisons with "and" or "or" between them`, meant)
}

// listInParentheses reports ("a", "b"), of which the first has been read.
func (p *parser) listInParentheses(first operand) operand {
	p.next()
	args, levels := p.elements(first.node)
	if levels < 0 {
		p.report(p.open.pos, "a list is written in square brackets", "[")
		return operand{}
	}
	p.report(p.open.pos, "a list is written in square brackets", hint("["+p.text[p.open.pos+1:p.tok.pos]+"]"))
	n := p.arena.newNode(List, p.open.pos, p.tok.end, p.open.pos)
	n.Args = args
	return operand{n, n.Pos, n.End, max(levels, first.levels)}
}

// method reports person.name.contains("x") and the like, whose name has been read.
func (p *parser) method(name token, dot int) operand {
	object, word := name.text[:dot], name.text[dot+1:]
	x := p.collection(Call, name)
	_, operator := reserved(word)
	if operator == "" {
		operator = nearest(word)
	}
	if operator == "" {
		p.report(name.pos, show(name.text)+" is not a function: their names have no dot", hint(word+"("+object+")"))
		return x
	}
	meant := ""
	if x.node != nil && len(x.node.Args) == 1 {
		meant = hint(object + " " + operator + " " + p.source(x.node.Args[0]))
	}
	p.report(name.pos+dot, fmt.Sprintf("%q is not a function; write it between two values", operator), meant)
	return x
}

// prefixed reports contains(a, b), whose operator has been read.
func (p *parser) prefixed(op token) operand {
	meant := ""
	x := p.collection(Call, op)
	if x.node != nil && len(x.node.Args) == 2 {
		meant = hint(p.source(x.node.Args[0]) + " " + op.text + " " + p.source(x.node.Args[1]))
	}
	p.report(op.pos, fmt.Sprintf("%q is not a function; write it between two values", op.text), meant)
	return x
}

func (p *parser) source(n *Node) string { return p.text[n.Pos:n.End] }
