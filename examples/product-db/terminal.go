package main

import (
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"

	"github.com/provision-go/provision"
)

// terminal is where the story is told.
type terminal struct {
	io.Writer
	color bool
	bar   bool // whether lines can be written over
}

// newTerminal writes in colour if the file is a terminal, unless NO_COLOR
// (https://no-color.org) is set.
func newTerminal(f *os.File) terminal {
	info, err := f.Stat()
	isTerminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	return terminal{Writer: f, color: isTerminal && os.Getenv("NO_COLOR") == "", bar: isTerminal}
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

// progress shows how far an apply has come: a bar on a terminal, and elsewhere a
// line now and then.
func (t terminal) progress() func(provision.Progress) {
	if !t.bar {
		return func(p provision.Progress) {
			if p.Done%200 == 0 {
				t.line("", fmt.Sprintf("%d of %d changes", p.Done, p.Total))
			}
		}
	}
	var bar *progressbar.ProgressBar
	return func(p provision.Progress) {
		if p.Done == 1 {
			bar = progressbar.NewOptions(p.Total,
				progressbar.OptionSetWriter(t),
				progressbar.OptionSetDescription(p.Target),
				progressbar.OptionShowCount(),
				progressbar.OptionSetPredictTime(false),
				progressbar.OptionClearOnFinish(),
			)
		}
		_ = bar.Set(p.Done)
	}
}
