package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden file")

// TestOutput pins the whole story. After a change that is meant, run the test
// with -update and read the difference.
func TestOutput(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := told(t, dir, false)
	golden := filepath.Join("testdata", "output.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(out), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if out != string(want) {
		t.Errorf("the output is not that of %s:\n%s", golden, out)
	}

	// A second start tells only the end of the story, and does nothing.
	again := told(t, dir, false)
	if !strings.Contains(again, "app: nothing to do; 201 unchanged") || !strings.HasSuffix(out, again) {
		t.Errorf("the second start does not end as the first did:\n%s", again)
	}

	// Nor with a new journal: the tables say which account is whose.
	if err := os.Remove(filepath.Join(dir, "journal.jsonl")); err != nil {
		t.Fatal(err)
	}
	if forgotten := told(t, dir, false); forgotten != again {
		t.Errorf("a start without the journal is not like one with it:\n%s", forgotten)
	}
}

// TestBar: on a terminal a bar moves and goes away, instead of lines that stay.
func TestBar(t *testing.T) {
	t.Parallel()
	out := told(t, t.TempDir(), true)
	if !strings.Contains(out, " (586/587) ") {
		t.Error("there is no bar")
	}
	want, err := os.ReadFile(filepath.Join("testdata", "output.txt"))
	if err != nil {
		t.Fatal(err)
	}
	left := regexp.MustCompile(`\r[^\n]*\r`).ReplaceAllString(out, "")
	if left != regexp.MustCompile(`(?m)^\d+ of \d+ changes\n`).ReplaceAllString(string(want), "") {
		t.Errorf("the rest is not that of the golden file:\n%s", left)
	}
}

// told plays the story and returns what was said.
func told(t *testing.T, dir string, bar bool) string {
	t.Helper()
	var out bytes.Buffer
	if err := play(t.Context(), terminal{Writer: &out, bar: bar}, dir); err != nil {
		t.Fatalf("%v, after:\n%s", err, out.String())
	}
	return out.String()
}
