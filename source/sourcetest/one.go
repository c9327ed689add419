package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/provision-go/provision/source"
)

// mostPeople is how many people are read one by one.
const mostPeople = 20

func checkSame(ctx context.Context, s source.Source, _ Options) error {
	people, err := list(ctx, s)
	if err != nil {
		return err
	}
	read := 0
	for _, listed := range people {
		if listed.ID == "" {
			continue
		}
		if read++; read > mostPeople {
			return nil
		}
		one, err := s.Identity(ctx, listed.ID)
		if errors.Is(err, source.ErrListOnly) && read == 1 {
			return errListOnly
		}
		if err != nil {
			return fmt.Errorf("read %q, who is listed: %w", listed.ID, err)
		}
		// What is noticed may depend on the way of reading; what is known may not.
		one.Findings, listed.Findings = nil, nil
		if !reflect.DeepEqual(one, listed) {
			return fmt.Errorf("read %q: it differs from the list:\n%+v\n%+v", listed.ID, one, listed)
		}
	}
	return nil
}

func checkMissing(ctx context.Context, s source.Source, o Options) error {
	i, err := s.Identity(ctx, o.MissingID)
	switch {
	case errors.Is(err, source.ErrListOnly):
		return errListOnly
	case err == nil:
		return fmt.Errorf("read %q, whom nobody knows: it gives %q and no error", o.MissingID, i.ID)
	case !errors.Is(err, source.ErrNotFound):
		return fmt.Errorf("read %q, whom nobody knows: the error does not wrap ErrNotFound: %w", o.MissingID, err)
	}
	return nil
}

func checkOneCancelled(ctx context.Context, s source.Source, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	_, err := s.Identity(ctx, o.MissingID)
	switch {
	case errors.Is(err, source.ErrListOnly):
		return errListOnly
	case errors.Is(err, source.ErrNotFound):
		return errors.New("reading one person with a cancelled context says that they are not found")
	}
	return wantCancelled(err, "reading one person with a cancelled context")
}

func checkChanges(ctx context.Context, s source.Source, _ Options) error {
	feed, ok := s.(source.DeltaSource)
	if !ok {
		return errNoChanges
	}
	deltas, err := drain(feed.Changes(ctx, ""))
	if err != nil {
		return fmt.Errorf("changes from the beginning: %w", err)
	}
	if len(deltas) == 0 {
		return errors.New("changes from the beginning yield nothing, not even a cursor")
	}
	last := deltas[len(deltas)-1].Cursor
	if last == "" {
		return errors.New("the last change has no cursor")
	}
	for _, d := range deltas {
		if d.Identity.ID == "" && d.Cursor == "" {
			return errors.New("a change has neither an identity nor a cursor")
		}
	}
	if _, err := drain(feed.Changes(ctx, last)); err != nil {
		return fmt.Errorf("changes since the last cursor: %w", err)
	}
	if _, err := drain(feed.Changes(ctx, "sourcetest: never given out")); err == nil {
		return errors.New("changes since a cursor that was never given out end without an error")
	}
	return nil
}

func checkChangesCancelled(ctx context.Context, s source.Source, _ Options) error {
	feed, ok := s.(source.DeltaSource)
	if !ok {
		return errNoChanges
	}
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	_, err := drain(feed.Changes(ctx, ""))
	return wantCancelled(err, "changes with a cancelled context")
}
