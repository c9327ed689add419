package syntax

import (
	"fmt"
	"strings"
)

// value reads one value, or what stands in parentheses.
func (p *parser) value() operand {
	switch t := p.tok; t.kind {
	case tokIdent:
		p.next()
		switch {
		case p.tok.kind == tokOpen:
			return p.call(t)
		case p.tok.kind == tokOpenList && p.tok.pos == t.end:
			return p.bracketed(t)
		}
		return p.leaf(Ident, t)
	case tokString:
		p.next()
		return p.leaf(String, t)
	case tokInt:
		p.next()
		return p.leaf(Int, t)
	case tokDays:
		p.next()
		return p.leaf(Days, t)
	case tokBool:
		p.next()
		return p.leaf(Bool, t)
	case tokOpen:
		return p.group()
	case tokOpenList:
		return p.collection(List, t)
	case tokMatch:
		if p.at(p.spaces(t.end)) == '(' {
			p.next()
			return p.prefixed(t)
		}
	default:
	}
	p.missing()
	return operand{}
}

func (p *parser) leaf(kind Kind, t token) operand {
	n := p.arena.newNode(kind, t.pos, t.end, t.pos)
	n.Text, n.Int = t.text, t.int
	return operand{n, t.pos, t.end, 0}
}

// group reads what stands in parentheses.
func (p *parser) group() operand {
	outer, pos := p.open, p.tok.pos
	if !p.enter(pos) {
		return operand{}
	}
	p.open = opener{pos: pos, closer: tokClose}
	p.next()
	x := p.or()
	switch {
	case x.node == nil:
		return x
	case p.tok.kind == tokComma:
		if x = p.listInParentheses(x); x.node == nil {
			return x
		}
	case p.tok.kind != tokClose:
		p.misplaced()
		return operand{}
	}
	end := p.tok.end
	p.open = outer
	p.leave()
	p.next()
	if x.levels++; x.levels > MaxDepth {
		p.tooDeep(pos)
		return operand{}
	}
	return operand{x.node, pos, end, x.levels}
}

func (p *parser) call(name token) operand {
	if dot := strings.LastIndexByte(name.text, '.'); dot >= 0 {
		return p.method(name, dot)
	}
	return p.collection(Call, name)
}

// collection reads the arguments of a call whose name has been read, or the list
// that begins with first.
func (p *parser) collection(kind Kind, first token) operand {
	outer := p.open
	if !p.enter(p.tok.pos) {
		return operand{}
	}
	p.open = opener{pos: p.tok.pos, closer: tokCloseList, args: true}
	if kind == Call {
		p.open.closer = tokClose
	}
	var args []*Node
	levels := 0
	p.next()
	if p.tok.kind != p.open.closer {
		if args, levels = p.elements(nil); levels < 0 {
			return operand{}
		}
	}
	p.open = outer
	p.leave()
	n := p.arena.newNode(kind, first.pos, p.tok.end, first.pos)
	n.Text, n.Args = first.text, args
	p.next()
	return p.above(n, levels)
}

// elements reads what the commas up to the closing sign separate, one at least,
// after a first one that has been read or nil. It returns how many levels there
// are in them, or -1 after a problem that does not let it read on.
func (p *parser) elements(first *Node) (elements []*Node, levels int) {
	var few [6]*Node
	args := few[:0]
	if first != nil {
		args = append(args, first)
	}
	for {
		x := p.or()
		if x.node == nil {
			return nil, -1
		}
		args, levels = append(args, x.node), max(levels, x.levels)
		switch p.tok.kind {
		case p.open.closer:
			return p.arena.list(args...), levels
		case tokComma:
		default:
			p.misplaced()
			return nil, -1
		}
		comma := p.tok.pos
		p.next()
		if p.tok.kind == p.open.closer {
			closing := p.open.closing()
			p.report(comma, fmt.Sprintf(`remove the "," before %q`, closing), closing)
			return p.arena.list(args...), levels
		}
	}
}

// bracketed reads the rest of custom["odd name"].
func (p *parser) bracketed(name token) operand {
	outer := p.open
	p.open = opener{pos: p.tok.pos, closer: tokCloseList}
	p.next()
	part := p.tok
	switch part.kind {
	case tokString:
	case tokEnd, tokBad:
		p.misplaced()
		return operand{}
	default:
		p.fail(part.pos, fmt.Sprintf("expected a name in quotes after %s, found %s", show(name.text+"["), p.quote(part.place)), "")
		return operand{}
	}
	p.next()
	switch p.tok.kind {
	case tokCloseList:
	case tokComma:
		p.fail(p.open.pos, fmt.Sprintf(`expected "in" between %s and the list`, show(name.text)), "in")
		return operand{}
	case tokEnd, tokBad:
		p.misplaced()
		return operand{}
	default:
		p.fail(p.tok.pos, fmt.Sprintf(`expected "]" before %s`, p.quote(p.tok.place)), "]")
		return operand{}
	}
	if part.text == "" {
		p.report(part.pos, "the name in the brackets is empty; write one", "")
	}
	p.open = outer
	n := p.arena.newNode(Ident, name.pos, p.tok.end, name.pos)
	n.Text = name.text + "." + part.text
	p.next()
	return operand{n, n.Pos, n.End, 0}
}
