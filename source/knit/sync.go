package knit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/jsonscan"
)

// SyncType says what Knit is to push.
type SyncType string

const (
	// Initial pushes everybody who is active; when it is complete, who is not in it is
	// not there any more.
	Initial SyncType = initialSync
	// Delta pushes what changed since the sync before.
	Delta SyncType = "delta_sync"
)

const initialSync = "initial_sync"

// Start asks Knit to push the employees of an integration, and returns the id of the
// sync job, "" if the answer does not have one; see Config.Accept. That Knit has been
// asked says nothing about people: those come to [Connector.ServeHTTP].
//
// An answer that cannot be understood is an error, and so is one that does not come:
// nobody knows then whether a sync was started. Starting it again does no harm.
func (c *Connector) Start(ctx context.Context, integration string, t SyncType) (string, error) {
	if integration == "" {
		return "", errors.New("start a sync: no integration is named")
	}
	if t != Initial && t != Delta {
		return "", errors.New("start a sync: want Initial or Delta")
	}
	body, err := json.Marshal(struct {
		DataType string   `json:"dataType"`
		Models   []string `json:"models"`
		SyncType SyncType `json:"syncType"`
	}{dataType, c.cfg.Models, t})
	if err != nil {
		return "", err
	}
	job, err := c.start(ctx, integration, body)
	if err != nil {
		return "", fmt.Errorf("start %s of %s: %w", t, integration, err)
	}
	return job, nil
}

func (c *Connector) start(ctx context.Context, integration string, body []byte) (string, error) {
	// A request that is sent twice starts two syncs, of which the later one wins: so it
	// may be repeated like a read.
	answer, err := c.client.Read(ctx, fetch.Request{
		Method: http.MethodPost, Path: "/sync.start", Body: body, Header: http.Header{integrationHeader: {integration}},
	})
	if err != nil {
		return "", err
	}
	job, err := readStarted(answer.Body)
	if err != nil {
		return "", answer.Fail(fetch.BadContent, err)
	}
	return job, nil
}

// readStarted reads {"success":true,"data":{"syncJobId":"sj_1"}}. What is in data is
// not documented, and not needed.
func readStarted(body []byte) (string, error) {
	success, refused, job := false, false, ""
	member := func(key []byte, v jsonscan.Value) error {
		switch name := string(key); {
		case name == "success":
			success, refused = string(v.Raw) == "true", string(v.Raw) == "false"
		case name == "error" && v.Kind != jsonscan.Null:
			refused = true
		case name == "syncJobId":
			return text(&job, key, v)
		}
		return nil
	}
	s := jsonscan.New(body)
	err := s.Members(func(key []byte) error {
		v, err := s.Value()
		if err == nil && string(key) == "data" && v.Kind == jsonscan.Object {
			inner := jsonscan.New(v.Raw)
			return inner.Members(func(key []byte) error {
				v, err := inner.Value()
				return errors.Join(err, member(key, v))
			})
		}
		return errors.Join(err, member(key, v))
	})
	switch err = errors.Join(err, s.End()); {
	case err != nil:
		return "", err
	case refused:
		return "", errors.New("it says that no sync was started")
	case !success && job == "":
		return "", errors.New("it does not say that a sync was started")
	}
	return job, nil
}
