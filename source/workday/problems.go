package workday

import (
	"errors"
	"fmt"
)

// problems gather what is wrong with a configuration. Each begins with the name of a
// field.
type problems struct{ errs []error }

func (p *problems) add(format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf(format, args...))
}

func (p *problems) err() error { return errors.Join(p.errs...) }
