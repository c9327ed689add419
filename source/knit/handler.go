package knit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/signed"
)

// Sentinel errors that Config.Failed is told, beside [ErrRefused].
var (
	// ErrSignature: the push was not signed with one of the keys.
	ErrSignature = errors.New("push signature is not valid")
	// ErrForeign: Config.Accept does not accept it.
	ErrForeign = errors.New("the sync job belongs to another integration")
)

const (
	signatureHeader   = "X-Knit-Signature"
	integrationHeader = "X-Knit-Integration-Id"
)

// ServeHTTP takes a push: a POST with one event, or a list of them. What is answered
// with 200 is in the store. What is not, Knit delivers again, several times in four
// days (https://developers.getknit.dev/reference/event-glossary): an event that cannot
// be taken therefore keeps its sync from being complete, and nothing is lost without a
// word.
//
// The signature in X-Knit-Signature is the HMAC-SHA256 of the body in URL-safe base64,
// with or without padding (https://developers.getknit.dev/reference/authenticating-your-apis-with-knit).
// It is checked on the bytes that came, before anything in them is looked at. Events of
// another data type, and of types that are not known, are answered with 200 and left.
func (c *Connector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, integration := r.Context(), r.Header.Get(integrationHeader)
	status, err := c.serve(w, r, integration)
	if err != nil && c.cfg.Failed != nil {
		c.cfg.Failed(ctx, integration, err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if status == http.StatusOK {
		_, _ = io.WriteString(w, `{"success":true}`) // who does not hear it sends again
		return
	}
	_, _ = io.WriteString(w, `{"success":false}`)
}

func (c *Connector) serve(w http.ResponseWriter, r *http.Request, integration string) (int, error) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return http.StatusMethodNotAllowed, fmt.Errorf("%w: method %s", ErrRefused, excerpt.Of(r.Method))
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, c.cfg.MaxBody))
	if err != nil {
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return http.StatusRequestEntityTooLarge, fmt.Errorf("%w: it is larger than %d bytes", ErrRefused, c.cfg.MaxBody)
		}
		return http.StatusBadRequest, fmt.Errorf("read a push: %w", err)
	}
	if !signed.Base64URL(r.Header.Get(signatureHeader), c.keys, body) {
		return http.StatusUnauthorized, ErrSignature
	}
	if integration == "" {
		return http.StatusBadRequest, fmt.Errorf("%w: the header %s is missing", ErrRefused, integrationHeader)
	}
	events, err := c.readEvents(body)
	if err != nil {
		return http.StatusBadRequest, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	for n := range events {
		if status, err := c.takeEvent(r.Context(), integration, &events[n]); err != nil {
			return status, err
		}
	}
	return http.StatusOK, nil
}

// takeEvent writes an event and tells whom it changes.
func (c *Connector) takeEvent(ctx context.Context, integration string, e *event) (int, error) {
	if !e.about() {
		return http.StatusOK, nil
	}
	if c.cfg.Accept != nil {
		if err := c.cfg.Accept(ctx, integration, e.job); err != nil {
			return http.StatusForbidden, fmt.Errorf("%w: %w", ErrForeign, err)
		}
	}
	changes, err := c.apply(ctx, integration, e)
	switch {
	case errors.Is(err, ErrRefused):
		return http.StatusBadRequest, fmt.Errorf("event %s: %w", excerpt.Of(e.id), err)
	case err != nil:
		return http.StatusServiceUnavailable, fmt.Errorf("event %s: %w", excerpt.Of(e.id), err)
	}
	if c.cfg.Changed != nil {
		for _, change := range changes {
			c.cfg.Changed(ctx, change)
		}
	}
	return http.StatusOK, nil
}
