package main

import (
	"fmt"
	"io"
	"os"
)

// terminal is where the story is told.
type terminal struct {
	io.Writer
	color bool
}

// newTerminal writes in colour if the file is a terminal, unless NO_COLOR
// (https://no-color.org) is set.
func newTerminal(f *os.File) terminal {
	info, err := f.Stat()
	isTerminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	return terminal{Writer: f, color: isTerminal && os.Getenv("NO_COLOR") == ""}
}

// heading begins a chapter.
func (t terminal) heading(text string) { t.line("\x1b[1m", "\n== "+text+" ==") }

// say tells what comes next.
func (t terminal) say(text string) { t.line("\x1b[2m", "\n"+text+"\n") }

func (t terminal) line(style, text string) {
	if t.color && style != "" {
		text = style + text + "\x1b[0m"
	}
	_, _ = fmt.Fprintln(t, text) // nobody is left to be told
}
