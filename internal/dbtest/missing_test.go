package dbtest

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
)

// verdict records how a test was ended.
type verdict struct {
	testing.TB
	skipped, failed string
}

func (v *verdict) Skip(args ...any) {
	v.skipped = fmt.Sprint(args...)
	runtime.Goexit()
}

func (v *verdict) Fatalf(format string, args ...any) {
	v.failed = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// TestMissing: a test without its engine says what to install, and fails where
// nothing may be skipped.
func TestMissing(t *testing.T) {
	want := server{engine: engine{name: "NoSQL", programs: []string{"no-such-program"}, folders: []string{"/usr/lib/nosql/*/bin"}, packages: "nosql"}}
	ask := func() verdict {
		v := verdict{TB: t}
		done := make(chan struct{})
		go func() {
			defer close(done)
			want.database(&v)
		}()
		<-done
		return v
	}
	const says = `NoSQL is needed, and there is no program "no-such-program" in PATH or in /usr/lib/nosql/*/bin: ` +
		"install the Debian packages nosql, or run .ci/need-databases"

	t.Setenv("CI", "")
	v := ask()
	assert.Equal(t, says, v.skipped)
	assert.Empty(t, v.failed)

	t.Setenv("CI", "true")
	v = ask()
	assert.Equal(t, says+"; with CI=true nothing is skipped", v.failed)
	assert.Empty(t, v.skipped)
}
