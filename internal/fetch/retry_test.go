package fetch_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

func TestRepeatsWhatMayPass(t *testing.T) {
	for name, c := range map[string]struct {
		fail     func(*http.Request) (*http.Response, error)
		attempts int // 1: not repeated
		kind     fetch.Kind
		is       error
	}{
		"429":                {status(429), 5, fetch.Throttled, source.ErrThrottled},
		"500":                {status(500), 5, fetch.Transient, source.ErrUnavailable},
		"502":                {status(502), 5, fetch.Transient, source.ErrUnavailable},
		"503":                {status(503), 5, fetch.Transient, source.ErrUnavailable},
		"503 with a wait":    {status(503, "Retry-After", "1"), 5, fetch.Throttled, source.ErrThrottled},
		"504":                {status(504), 5, fetch.Transient, source.ErrUnavailable},
		"598":                {status(598), 5, fetch.Transient, source.ErrUnavailable},
		"501":                {status(501), 1, fetch.Refused, nil},
		"505":                {status(505), 1, fetch.Refused, nil},
		"400":                {status(400), 1, fetch.Refused, nil},
		"401":                {status(401), 1, fetch.Unauthorized, source.ErrUnauthorized},
		"403":                {status(403), 1, fetch.Forbidden, source.ErrForbidden},
		"403 with a wait":    {status(403, "Retry-After", "1"), 1, fetch.Forbidden, source.ErrForbidden},
		"404":                {status(404), 1, fetch.NotFound, nil},
		"408":                {status(408), 1, fetch.Refused, nil},
		"410":                {status(410), 1, fetch.NotFound, nil},
		"422":                {status(422), 1, fetch.Refused, nil},
		"304":                {status(304), 1, fetch.Refused, nil},
		"302 to nowhere":     {status(302, "Location", "%zz?token=hunter2"), 1, fetch.Refused, nil},
		"refused connection": {fault(syscall.ECONNREFUSED), 5, fetch.Transient, source.ErrUnavailable},
		"reset":              {fault(syscall.ECONNRESET), 5, fetch.Transient, syscall.ECONNRESET},
		"closed early":       {fault(io.ErrUnexpectedEOF), 5, fetch.Transient, io.ErrUnexpectedEOF},
		"timeout":            {fault(os.ErrDeadlineExceeded), 5, fetch.Transient, source.ErrUnavailable},
		"DNS is slow":        {fault(&net.DNSError{Err: "timeout", IsTimeout: true}), 5, fetch.Transient, source.ErrUnavailable},
		"no such host":       {fault(&net.DNSError{Err: "no such host", IsNotFound: true}), 1, fetch.Refused, nil},
		"breaks off":         {breaksOff, 5, fetch.Transient, io.ErrUnexpectedEOF},
		"empty":              {status(200), 1, fetch.BadContent, source.ErrBadContent},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sent := 0
				client := newClient(t, func(r *http.Request) (*http.Response, error) {
					sent++
					return c.fail(r)
				})
				_, err := client.Read(t.Context(), fetch.Request{Path: "/workers"})
				require.Error(t, err)
				assert.Equal(t, c.attempts, sent)
				assert.Equal(t, c.kind, fetch.KindOf(err), "%v", err)
				assert.NotContains(t, err.Error(), "hunter2")
				if c.is != nil {
					require.ErrorIs(t, err, c.is)
				}
				var e *fetch.Error
				require.ErrorAs(t, err, &e)
				assert.Equal(t, sent, e.Attempts)
			})
		})
	}
}

func TestErrorText(t *testing.T) {
	e := &fetch.Error{System: "acme-hr", Method: "GET", Path: "/api", Status: 429, Kind: fetch.Throttled, Attempts: 2, RetryAfter: time.Minute, Message: "slow down"}
	require.EqualError(t, e, "acme-hr: GET /api: 429 Too Many Requests: slow down (attempt 2, asked to wait 1m0s)")
	require.EqualError(t, &fetch.Error{Method: "GET", Path: "/", Status: 599}, "GET /: 599")
	words := map[string]bool{}
	for kind := fetch.Other; kind <= fetch.BadContent+1; kind++ {
		words[kind.String()] = true
	}
	assert.Len(t, words, 9)
	assert.Equal(t, "bad-content", fetch.BadContent.String())
	assert.Equal(t, "Kind(99)", fetch.Kind(99).String())
}

func TestOnlyTheSentinelOfTheKindMatches(t *testing.T) {
	sentinels := map[fetch.Kind]error{
		fetch.Unauthorized: source.ErrUnauthorized, fetch.Forbidden: source.ErrForbidden, fetch.Throttled: source.ErrThrottled,
		fetch.Transient: source.ErrUnavailable, fetch.BadContent: source.ErrBadContent,
	}
	for kind := fetch.Other; kind <= fetch.BadContent; kind++ {
		for other, sentinel := range sentinels {
			assert.Equal(t, kind == other, errors.Is(&fetch.Error{Kind: kind}, sentinel), "%s, %v", kind, sentinel)
		}
		assert.NotErrorIs(t, &fetch.Error{Kind: kind}, source.ErrNotFound)
	}
}

func TestSucceedsAfterFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fails := []func(*http.Request) (*http.Response, error){status(503), fault(syscall.ECONNRESET), breaksOff, status(429)}
		var bodies []string
		client := newClient(t, func(r *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			bodies = append(bodies, string(body))
			if n := len(bodies) - 1; n < len(fails) {
				return fails[n](r)
			}
			return answer(r, 200, `{"id":"1"}`), nil
		})
		var w worker
		_, err := client.JSON(t.Context(), fetch.Request{Path: "/worker.info", Body: []byte(`{"id":1}`)}, &w)
		require.NoError(t, err)
		assert.Equal(t, "1", w.ID)
		assert.Equal(t, []string{`{"id":1}`, `{"id":1}`, `{"id":1}`, `{"id":1}`, `{"id":1}`}, bodies)
	})
}

func TestWaitsGrowAndAreJittered(t *testing.T) {
	const repetitions = 10
	var longest [repetitions]time.Duration
	totals := map[time.Duration]bool{}
	for range 40 {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			var gaps []time.Duration
			client := newClient(t, func(r *http.Request) (*http.Response, error) {
				gaps = append(gaps, time.Since(begin))
				return status(503)(r)
			}, func(c *fetch.Config) { c.Attempts = repetitions + 1 })
			_, err := client.Read(t.Context(), fetch.Request{})
			require.ErrorIs(t, err, source.ErrUnavailable)
			require.Len(t, gaps, repetitions+1)
			for i := range longest {
				longest[i] = max(longest[i], gaps[i+1]-gaps[i])
			}
			totals[time.Since(begin)] = true
		})
	}
	assert.Greater(t, len(totals), 30, "waits are all alike")
	bound := 500 * time.Millisecond
	for i, wait := range longest {
		assert.LessOrEqual(t, wait, bound, "wait %d", i+1)
		assert.Greater(t, wait, bound/2, "wait %d does not grow", i+1) // it fails by chance once in 2^40
		bound = min(2*bound, 30*time.Second)
	}
}

func TestHonoursRetryAfter(t *testing.T) {
	date := func(after time.Duration) string { return time.Now().Add(after).UTC().Format(http.TimeFormat) }
	for name, c := range map[string]struct {
		header func() []string
		wait   time.Duration // at least, and less than 1 s more; 0: the ordinary wait
		gives  time.Duration // > 0: gives up at once and says so
	}{
		"seconds": {func() []string { return []string{"Retry-After", "30"} }, 30 * time.Second, 0},
		"date":    {func() []string { return []string{"Retry-After", date(time.Minute), "Date", date(0)} }, time.Minute, 0},
		"wrong clock": {func() []string {
			return []string{"Retry-After", date(time.Hour + 5*time.Second), "Date", date(time.Hour)}
		}, 5 * time.Second, 0},
		"past date":     {func() []string { return []string{"Retry-After", date(-time.Minute), "Date", date(0)} }, 0, 0},
		"nonsense":      {func() []string { return []string{"Retry-After", "soon"} }, 0, 0},
		"zero":          {func() []string { return []string{"Retry-After", "0"} }, 0, 0},
		"too long":      {func() []string { return []string{"Retry-After", "901"} }, 0, 901 * time.Second},
		"ten years":     {func() []string { return []string{"Retry-After", "315360000"} }, 0, 365 * 24 * time.Hour},
		"vendor header": {func() []string { return []string{"X-Wait-Ms", "7000"} }, 7 * time.Second, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sent, begin := 0, time.Now()
				client := newClient(t, func(r *http.Request) (*http.Response, error) {
					if sent++; sent == 1 {
						return answer(r, 429, "", c.header()...), nil
					}
					return answer(r, 200, "{}"), nil
				}, func(cfg *fetch.Config) {
					cfg.Fault = func(e *fetch.Error, h http.Header, _ []byte) {
						if ms, err := time.ParseDuration(h.Get("X-Wait-Ms") + "ms"); err == nil {
							e.RetryAfter = ms
						}
					}
				})
				_, err := client.Read(t.Context(), fetch.Request{})
				waited := time.Since(begin)
				if c.gives > 0 {
					var e *fetch.Error
					require.ErrorAs(t, err, &e)
					assert.Equal(t, fetch.Throttled, e.Kind)
					assert.Equal(t, c.gives, e.RetryAfter)
					assert.Zero(t, waited)
					assert.Equal(t, 1, sent)
					return
				}
				require.NoError(t, err)
				assert.GreaterOrEqual(t, waited, c.wait)
				assert.LessOrEqual(t, waited, c.wait+time.Second)
			})
		})
	}
}

func TestWaitsAreBoundedTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		client := newClient(t, status(429, "Retry-After", "50"), func(c *fetch.Config) { c.MaxWait = 2 * time.Minute })
		_, err := client.Read(t.Context(), fetch.Request{})
		require.ErrorIs(t, err, source.ErrThrottled)
		assert.InDelta(t, 100*time.Second, time.Since(begin), float64(2*time.Second))
	})
}

func TestDoesNotOutwaitTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		client := newClient(t, status(429, "Retry-After", "50"))
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		_, err := client.Read(ctx, fetch.Request{})
		require.ErrorIs(t, err, source.ErrThrottled, "a wait that the deadline ends is not begun")
		assert.Zero(t, time.Since(begin))

		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(7*time.Second, cancel)
		_, err = client.Read(ctx, fetch.Request{})
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, 7*time.Second, time.Since(begin))
		require.EqualError(t, err, "acme-hr: GET /api: 429 Too Many Requests: context canceled")

		_, err = client.Read(ctx, fetch.Request{}) // it has ended before
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, fetch.Other, fetch.KindOf(err))
	})
}

func TestAContextThatEndsWhileReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := inMemory(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(`[{"id":"1"},`))
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		})
		read := map[string]func(context.Context) error{
			"whole": func(ctx context.Context) error { _, err := client.Read(ctx, fetch.Request{}); return err },
			"streamed": func(ctx context.Context) error {
				var last error
				for _, last = range fetch.Elements[worker](ctx, client, fetch.Request{}) {
					continue
				}
				return last
			},
		}
		for how, f := range read {
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(time.Second, func() { cancel(errors.New("the user went home")) })
			err := f(ctx)
			require.ErrorIs(t, err, context.Canceled, how)
			assert.Equal(t, fetch.Other, fetch.KindOf(err), how)
			var e *fetch.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, 1, e.Attempts)
		}
	})
}

func TestFaultDecides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		client := newClient(t, func(r *http.Request) (*http.Response, error) {
			sent++
			return answer(r, 500, `<fault>validation</fault>`, "Content-Type", "text/xml"), nil
		}, func(c *fetch.Config) {
			c.Fault = func(e *fetch.Error, _ http.Header, body []byte) {
				assert.Equal(t, fetch.Transient, e.Kind)
				e.Kind, e.Message, e.RetryAfter = fetch.Refused, "fault:\n"+string(body[7:17]), time.Hour
			}
		})
		_, err := client.Read(t.Context(), fetch.Request{Path: "/soap", Want: fetch.XML, Body: []byte("<a/>"), ContentType: "text/xml"})
		require.EqualError(t, err, "acme-hr: POST /api/soap: 500 Internal Server Error: fault: validation")
		assert.Equal(t, 1, sent)
		var e *fetch.Error
		require.ErrorAs(t, err, &e)
		assert.Zero(t, e.RetryAfter, "nobody is to come back")
	})
}

func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		client := newClient(t, status(503), func(c *fetch.Config) { c.Rate, c.Burst, c.Attempts = 0.1, 2, 3 })
		_, err := client.Read(t.Context(), fetch.Request{})
		require.ErrorIs(t, err, source.ErrUnavailable)
		assert.InDelta(t, 10*time.Second, time.Since(begin), float64(time.Second), "repetitions count: two at once, then one in 10 s")

		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		_, err = client.Read(ctx, fetch.Request{})
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestStallsAndTricklesEnd(t *testing.T) {
	for name, c := range map[string]struct {
		serve http.HandlerFunc
		after time.Duration
		says  string
	}{
		"no answer": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 2 * time.Minute, "no answer within 2m0s"},
		"stalls": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(`{"a":`))
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, 30 * time.Second, "no more of the body within 30s"},
		"trickles": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = w.Write([]byte(" "))
				_ = http.NewResponseController(w).Flush()
				select {
				case <-time.After(29 * time.Second):
				case <-r.Context().Done():
				}
			}
		}, 15 * time.Minute, "the body took too long"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var served atomic.Int32
				client := inMemory(t, func(w http.ResponseWriter, r *http.Request) {
					served.Add(1)
					c.serve(w, r)
				}, func(cfg *fetch.Config) { cfg.Attempts = 2 })
				begin := time.Now()
				_, err := client.Read(t.Context(), fetch.Request{})
				require.ErrorIs(t, err, source.ErrUnavailable)
				assert.ErrorContains(t, err, c.says)
				assert.InDelta(t, 2*c.after, time.Since(begin), float64(2*time.Second))
				assert.EqualValues(t, 2, served.Load())
			})
		})
	}
}

func TestSlowReaderIsNotAStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := inMemory(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("["))
			for i := range 2000 {
				if i > 0 {
					_, _ = w.Write([]byte(","))
				}
				_, _ = w.Write([]byte(`{"id":"123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 "}`))
			}
			_, _ = w.Write([]byte("]"))
		})
		n := 0
		for _, err := range fetch.Elements[worker](t.Context(), client, fetch.Request{}) {
			require.NoError(t, err)
			n++
			time.Sleep(10 * time.Second) // five and a half hours in all
		}
		assert.Equal(t, 2000, n)
	})
}

// newClient returns a client whose transport is a function.
func newClient(t *testing.T, transport respond, alter ...func(*fetch.Config)) *fetch.Client {
	t.Helper()
	cfg := fetch.Config{System: "acme-hr", Base: "https://acme.example/api", Transport: transport}
	for _, a := range alter {
		a(&cfg)
	}
	client, err := fetch.New(cfg)
	require.NoError(t, err)
	return client
}

func status(code int, header ...string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) { return answer(r, code, "", header...), nil }
}

func fault(err error) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: err}
	}
}

func breaksOff(r *http.Request) (*http.Response, error) {
	resp := answer(r, 200, "")
	resp.Body = io.NopCloser(io.MultiReader(newBody(`{"id":`), failing{io.ErrUnexpectedEOF}))
	return resp, nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
