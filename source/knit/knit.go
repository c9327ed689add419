package knit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
)

const (
	dataType = "employee"
	mostID   = 255 // bytes
)

// A Connector takes what Knit pushes, as an [http.Handler], asks Knit for syncs, and
// makes sources of what came. It is safe for concurrent use. Whatever it knows is in
// the store: a new one over the same store goes on where another ended.
type Connector struct {
	cfg      Config
	keys     []string
	client   *fetch.Client
	words    meanings
	gone     source.Status
	finished map[string]bool
	mappings []mapping
	mapped   map[string][]int // by place; there is an entry for every place that is kept
	within   map[string]bool  // places, and what leads to them
	locks    locks
}

var _ http.Handler = (*Connector)(nil)

// New checks the configuration; it asks Knit nothing. The error joins everything that
// is wrong and names the fields.
func New(cfg Config) (*Connector, error) {
	cfg, err := cfg.filled()
	words := newMeanings(&cfg)
	mappings, wrong := mappingsOf(cfg.Fields, words.types)
	if err := errors.Join(err, wrong); err != nil {
		return nil, fmt.Errorf("knit: %w", err)
	}
	key := cfg.APIKey
	client, err := fetch.New(fetch.Config{
		System: cfg.Name, Base: cfg.BaseURL, Private: cfg.Private, Transport: cfg.Transport,
		Authorize: func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", "Bearer "+string(key))
			return nil
		},
	})
	if err != nil {
		return nil, fmt.Errorf("knit: field BaseURL: %w", err)
	}
	c := &Connector{cfg: cfg, client: client, words: words, mappings: mappings, finished: map[string]bool{}, locks: newLocks()}
	for _, k := range append([]Key{key}, cfg.OldKeys...) {
		c.keys = append(c.keys, string(k))
	}
	c.gone = source.Terminated
	if cfg.Gone != nil {
		c.gone = *cfg.Gone
	}
	for _, word := range cfg.Finished {
		c.finished[vocabulary.Fold(word)] = true
	}
	c.index()
	return c, nil
}

// String returns the name. It keeps a printed Connector from showing what it is
// configured with.
func (c *Connector) String() string { return "knit.Connector(" + c.cfg.Name + ")" }

// GoString returns what String returns.
func (c *Connector) GoString() string { return c.String() }

// quote returns a text as JSON.
func quote(s string) []byte {
	quoted, _ := json.Marshal(s) // of a string it cannot fail
	return quoted
}
