//go:build !unix

package dbtest

import (
	"errors"
	"runtime"
)

type process struct{ home string }

func (e *engine) run(string) (process, error) {
	return process{}, errors.New("servers are not run on " + runtime.GOOS)
}
