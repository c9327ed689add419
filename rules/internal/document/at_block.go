package document

import "strings"

// inBlock returns where the byte at an offset of a text stands in the source, for a
// scalar after | or > at p. It lays the lines of the source beside the text, as the
// parser made the one of the other.
func inBlock(source string, p int, text string, offset int, fold bool) int {
	first := nextLine(source, p)
	indent := blockIndent(source, first, text)
	var (
		written  int   // how much of the text is behind us
		ends     []int // of lines since the last one with content, that one first
		content  bool  // there was a line with content
		indented bool  // and the last such one began with a blank
		last     = p   // where the text ends, as far as it is known
	)
	for line := first; line < len(source); line = nextLine(source, line) {
		end := lineEnd(source, line)
		start := line
		for start < end && start-line < indent && source[start] == ' ' {
			start++
		}
		if start == end {
			ends = append(ends, end)
			continue
		}
		if start-line < indent {
			break // less indented: the scalar is over
		}
		breaks := ends
		blank := source[start] == ' ' || source[start] == '\t'
		if fold && content && !indented && !blank && len(ends) > 1 {
			breaks = ends[1:] // the first is folded away; alone it is a blank
		}
		if offset < written+len(breaks) {
			return breaks[offset-written]
		}
		written += len(breaks)
		if offset < written+end-start {
			return start + offset - written
		}
		written += end - start
		ends, content, indented, last = append(ends[:0], end), true, blank, end
	}
	if n := offset - written; offset < len(text) && n < len(ends) {
		return ends[n]
	}
	return last
}

// blockIndent returns by how many blanks the content of a block scalar is indented
// in the source, whose lines begin at line.
func blockIndent(source string, line int, text string) int {
	for ; line < len(source); line = nextLine(source, line) {
		all := source[line:lineEnd(source, line)]
		if rest := strings.TrimLeft(all, " "); rest != "" {
			first := strings.TrimLeft(text, " \n")
			before := text[:len(text)-len(first)]
			return max(len(all)-len(rest)-(len(before)-strings.LastIndexByte(before, '\n')-1), 0)
		}
	}
	return len(source) // nothing but blank lines
}

// nextLine returns where the line after the one around p begins.
func nextLine(source string, p int) int {
	if n := strings.IndexByte(source[p:], '\n'); n >= 0 {
		return p + n + 1
	}
	return len(source)
}

// lineEnd returns where the line that begins at p ends.
func lineEnd(source string, p int) int {
	end := len(source)
	if n := strings.IndexByte(source[p:], '\n'); n >= 0 {
		end = p + n
		if end > p && source[end-1] == '\r' {
			end--
		}
	}
	return end
}
