package fetch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}
}

func TestStream(t *testing.T) {
	client := serve(t, text(`{"a":{"deep":[1,[2],{"x":"]"}]},"total":2,"list":[{"id":"1","tags":["x"]},{"id":"2"},"odd"],"next":null}`))
	var total int
	var ids, names []string
	err := client.Stream(t.Context(), fetch.Request{}, func(d *fetch.Decoder) error {
		return d.Object(func(name string) error {
			names = append(names, name)
			switch name {
			case "total":
				return d.Value(&total)
			case "list":
				n := 0
				return d.Array(func() error {
					if n++; n == 3 {
						return nil // skipped
					}
					return d.Object(func(name string) error {
						if name != "id" {
							return nil
						}
						var id string
						err := d.Value(&id)
						ids = append(ids, id)
						return err
					})
				})
			}
			return nil
		})
	})
	require.NoError(t, err)
	assert.Equal(t, 2, total)
	assert.Equal(t, []string{"1", "2"}, ids)
	assert.Equal(t, []string{"a", "total", "list", "next"}, names)

	require.NoError(t, client.Stream(t.Context(), fetch.Request{}, func(*fetch.Decoder) error { return nil }), "nothing read, all checked")
}

func TestStreamsThatAreNotWhole(t *testing.T) {
	for body, says := range map[string]string{
		`{"list":[{"id":"1"}`:                     "the JSON",
		`{"list":[{"id":"1"}]`:                    "the JSON",
		`{"list":[{"id":"1"}]]`:                   "the JSON",
		`{"list":[{"id":"1"} {"id":"2"}]}`:        "the JSON",
		`{"list":[{"id":"1"},]}`:                  "the JSON",
		`{"list":[{"id":"1"},{"id":true}]}`:       "the JSON at list[1], field id does not fit: got bool for string",
		`{"list":[{"id":"1"}],"list":[]}`:         `the JSON has two members "list"`,
		`{"list":null}`:                           "wanted an array at list, got null",
		`{"list":{"id":"1"}}`:                     "wanted an array at list, got an object",
		`{"list":3}`:                              "wanted an array at list, got a number",
		`[]`:                                      "wanted an object, got an array",
		`"list"`:                                  "wanted an object, got a string",
		`{"List":[]}`:                             `the JSON has no member "list"`,
		`{}`:                                      `the JSON has no member "list"`,
		`{"list":[]}{"list":[]}`:                  "something follows the JSON",
		`{"list":[]} <html>`:                      "something follows the JSON",
		`{"other":[{"a":}],"list":[]}`:            "the JSON",
		`{"other":` + strings.Repeat("[", 20_000): "the JSON at other is nested too deeply",
	} {
		client := serve(t, text(body))
		var err error
		for _, err = range fetch.Elements[worker](t.Context(), client, fetch.Request{}, "list") {
			continue
		}
		require.ErrorIs(t, err, source.ErrBadContent, body[:min(len(body), 50)])
		assert.ErrorContains(t, err, says, body[:min(len(body), 50)])
	}
}

// Whatever is streamed is what encoding/json would have found in the whole.
func FuzzElements(f *testing.F) {
	for _, s := range []string{
		`{"list":[{"id":"1"},2,"x"],"total":3}`, `{"a":[1,{"list":[]}],"list":[]}`, `{"list":[1]`, `{"list":[1],"list":[2]}`, `[]`, `{"List":[1]}`,
		"\ufeff {\"list\" : [ null , true ] }\n", `{"list":[1]}x`, `{"l\u0069st":[1.5e3]}`, "{\"\xff\":1,\"list\":[\"\xff\"]}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		client, err := fetch.New(fetch.Config{
			System: "acme-hr", Base: "https://acme.example", Attempts: 1,
			Transport: respond(func(r *http.Request) (*http.Response, error) { return answer(r, 200, string(body)), nil }),
		})
		if err != nil {
			t.Fatal(err)
		}
		var whole map[string]any
		broken := json.Unmarshal(bytes.TrimPrefix(body, []byte("\ufeff")), &whole)
		want, there := whole["list"].([]any)
		var got []any
		for element, err := range fetch.Elements[any](t.Context(), client, fetch.Request{}, "list") {
			if err != nil {
				once := bytes.Count(body, []byte("list")) == 1 && !bytes.ContainsRune(body, '\\')
				if fetch.KindOf(err) != fetch.BadContent || broken == nil && there && once {
					t.Fatal(err)
				}
				return
			}
			got = append(got, element)
		}
		if broken != nil || !there || len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("streamed %v out of %v: %v", got, whole, broken)
		}
	})
}

func TestStreamIsNotRepeatedOnceBegun(t *testing.T) {
	sent := 0
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		sent++
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `[{"id":"1"},{"id":"2"},`)
	})
	var ids []string
	var last error
	for w, err := range fetch.Elements[worker](t.Context(), client, fetch.Request{}) {
		require.NoError(t, last, "an error comes last")
		if last = err; err == nil {
			ids = append(ids, w.ID)
		}
	}
	require.ErrorIs(t, last, source.ErrUnavailable)
	assert.Equal(t, []string{"1", "2"}, ids)
	assert.Equal(t, 1, sent)
}

func TestStreamEndsWhereTheCallerWants(t *testing.T) {
	client := serve(t, text(`[{"id":"1"},{"id":"2"},oops`))
	for range 2 {
		for w, err := range fetch.Elements[worker](t.Context(), client, fetch.Request{}) {
			require.NoError(t, err)
			assert.Equal(t, "1", w.ID)
			break
		}
	}

	enough := errors.New("enough")
	err := client.Stream(t.Context(), fetch.Request{}, func(d *fetch.Decoder) error {
		return d.Array(func() error { return enough })
	})
	assert.Equal(t, enough, err, "as it is")

	err = client.Stream(t.Context(), fetch.Request{}, func(d *fetch.Decoder) error {
		_ = d.Array(func() error { return nil })
		var v any
		first := d.Value(&v)
		assert.Equal(t, first, d.Object(func(string) error { return nil }), "an error stays")
		return nil // and cannot be lost
	})
	require.ErrorIs(t, err, source.ErrBadContent)

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, err = range fetch.Elements[worker](ctx, client, fetch.Request{}) {
		cancel()
	}
	require.Error(t, err)
}

func TestValuesAreNotQuoted(t *testing.T) {
	client := serve(t, text(`{"a":"secret"}`))
	_, err := client.JSON(t.Context(), fetch.Request{}, &refusing{})
	require.EqualError(t, err, "acme-hr: GET /api: the JSON cannot be decoded: no thank you")

	client = serve(t, text(`[{"pay":95000.5}]`))
	for _, err = range fetch.Elements[struct{ Pay int }](t.Context(), client, fetch.Request{}) {
		continue
	}
	require.EqualError(t, err, "acme-hr: GET /api: the JSON at [0], field Pay does not fit: got number for int")
}
