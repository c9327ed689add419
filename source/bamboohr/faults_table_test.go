package bamboohr_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/bamboohr"
	"github.com/provision-go/provision/source/bamboohr/bambootest"
	"github.com/provision-go/provision/source/sourcetest"
)

func TestFaultsOfAnySystem(t *testing.T) {
	for name, strategy := range map[string]bamboohr.Strategy{"employees": bamboohr.Employees, "dataset": bamboohr.Dataset} {
		t.Run(name, func(t *testing.T) {
			sourcetest.Faults(t, sourcetest.FaultOptions{
				Fake: func() http.Handler {
					return bambootest.New(bambootest.Config{APIKey: key, People: staff()})
				},
				Source: func(t *testing.T, through http.RoundTripper) source.Source {
					t.Helper()
					return newSource(t, "https://acme.bamboohr.example/api", func(c *bamboohr.Config) {
						c.Strategy, c.Transport, c.Clock = strategy, through, time.Now
					})
				},
				Columns: []string{"status", "terminationDate", "hireDate"},
			})
		})
	}
}
