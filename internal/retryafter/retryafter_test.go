package retryafter_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/internal/retryafter"
)

func TestParse(t *testing.T) {
	const now = "Mon, 02 Mar 2026 10:00:00 GMT"
	for _, c := range []struct {
		text, date string
		wait       time.Duration
		stated     bool
	}{
		{text: ""},
		{text: "30", wait: 30 * time.Second, stated: true},
		{text: " 30 ", wait: 30 * time.Second, stated: true},
		{text: "0", stated: true},
		{text: "Mon, 02 Mar 2026 10:01:00 GMT", date: now, wait: time.Minute, stated: true},
		{text: "Monday, 02-Mar-26 10:01:00 GMT", date: now, wait: time.Minute, stated: true},
		{text: "Mon Mar  2 10:01:00 2026", date: now, wait: time.Minute, stated: true},
		{text: "Mon, 02 Mar 2026 09:00:00 GMT", date: now, stated: true}, // past
		{text: "Mon, 02 Mar 2026 10:01:00 GMT", stated: true},            // nobody's clock to count from
		{text: "Mon, 02 Mar 2126 10:01:00 GMT", date: now, wait: retryafter.Max, stated: true},
		{text: "99999999999999999999999", wait: retryafter.Max, stated: true},
		{text: "31536001", wait: retryafter.Max, stated: true},
		{text: "-1"},
		{text: "1.5"},
		{text: "soon"},
		{text: "30s"},
		{text: "0x10"},
	} {
		wait, stated := retryafter.Parse(c.text, c.date)
		assert.Equal(t, c.wait, wait, "%q", c.text)
		assert.Equal(t, c.stated, stated, "%q", c.text)
	}
}

func FuzzRetryAfter(f *testing.F) {
	f.Add("30", "")
	f.Add("Mon, 02 Mar 2026 10:01:00 GMT", "Mon, 02 Mar 2026 10:00:00 GMT")
	f.Fuzz(func(t *testing.T, text, date string) {
		wait, stated := retryafter.Parse(text, date)
		if wait < 0 || wait > retryafter.Max || !stated && wait != 0 {
			t.Fatalf("wait %s, stated %t", wait, stated)
		}
		if time.Unix(0, 0).Add(wait).Before(time.Unix(0, 0)) {
			t.Fatalf("wait %s overflows", wait)
		}
	})
}
