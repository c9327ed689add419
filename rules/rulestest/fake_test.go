package rulestest_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// A fake is a test whose failures can be looked at.
type fake struct {
	testing.TB
	errors []string
	logs   []string
	fatal  bool
}

func (f *fake) Helper() {}

func (f *fake) Errorf(format string, args ...any) {
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}

func (f *fake) Logf(format string, args ...any) {
	f.logs = append(f.logs, fmt.Sprintf(format, args...))
}

func (f *fake) Fatalf(format string, args ...any) {
	f.fatal = true
	f.Errorf(format, args...)
	runtime.Goexit()
}

// try runs a test that may fail, and returns what it reported.
func try(run func(t testing.TB)) *fake {
	f := &fake{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(f)
	}()
	<-done
	return f
}

func (f *fake) text() string { return strings.Join(f.errors, "\n") }
