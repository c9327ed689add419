package greenhouse_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strconv"

	"github.com/provision-go/provision/source/greenhouse/greenhousetest"
)

// inMemory carries requests to a handler without a network, so that waits take no
// time in a bubble.
type inMemory struct{ http.Handler }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	received := r.Clone(r.Context())
	received.Host, received.RequestURI = r.URL.Host, r.URL.RequestURI()
	if received.Body == nil {
		received.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	m.ServeHTTP(recorder, received)
	response := recorder.Result()
	response.Request = r
	return response, nil
}

// replaced alters an answer.
func replaced(old, by string) greenhousetest.Spoil {
	return greenhousetest.Spoil{Alter: func(body []byte) []byte { return bytes.ReplaceAll(body, []byte(old), []byte(by)) }}
}

// hide takes half of the records out of sight, from a first id on.
func hide(o *office, e greenhousetest.Endpoint, first int) {
	for n := range newcomers / 2 {
		o.Hide(e, strconv.Itoa(first+n))
	}
}
