package faulty

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestServe(t *testing.T) {
	tests := map[string]struct {
		spoil  Spoil
		status int
		body   string
		fails  bool
	}{
		"none":           {Spoil{}, 201, "healthy", false},
		"status":         {Spoil{Status: 503, Body: "down", Header: map[string]string{"X-Kept": "spoiled"}}, 503, "down", false},
		"alter":          {Spoil{Alter: bytes.ToUpper}, 201, "HEALTHY", false},
		"cut":            {Spoil{Cut: 3}, 201, "hea", true},
		"cut at the end": {Spoil{Cut: -1}, 201, "health", true},
		"cut everything": {Spoil{Cut: -100}, 201, "", true},
		"cut nothing":    {Spoil{Cut: 100}, 201, "healthy", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			healthy := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Kept", "yes")
				w.WriteHeader(http.StatusCreated)
				_, _ = io.WriteString(w, "healthy")
			})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				tt.spoil.Serve(w, r, healthy)
			}))
			defer server.Close()
			answer, err := http.Get(server.URL)
			require.NoError(t, err)
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			assert.Equal(t, tt.fails, err != nil, "the error is %v", err)
			assert.Equal(t, tt.status, answer.StatusCode)
			assert.Equal(t, tt.body, string(body))
			want := "yes"
			if tt.spoil.Status != 0 {
				want = "spoiled"
			}
			assert.Equal(t, want, answer.Header.Get("X-Kept"))
		})
	}
}
