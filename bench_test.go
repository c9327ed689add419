package provision_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

func benchWorld(b *testing.B, people int) *provision.Engine {
	b.Helper()
	set, err := rules.Build(companyRules())
	if err != nil {
		b.Fatal(err)
	}
	hr, app := memsource.New("hr", staff(people)...), memtarget.New("app", nil)
	app.AddEntitlements(group("engineering"), group("sales"), group("money"))
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	engine, err := provision.New(provision.Config{
		Source: hr, Targets: []target.Target{app}, Rules: set, Clock: func() time.Time { return noon },
	})
	if err != nil {
		b.Fatal(err)
	}
	return engine
}

// BenchmarkPlan plans a population in which nothing changed: read, decide,
// compare.
func BenchmarkPlan(b *testing.B) {
	for _, people := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			engine := benchWorld(b, people)
			if _, err := engine.Sync(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				plan, err := engine.Plan(b.Context())
				if err != nil || !plan.NothingToDo() {
					b.Fatal(plan, err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(people), "ns/person")
		})
	}
}

// BenchmarkFirstSync creates everybody.
func BenchmarkFirstSync(b *testing.B) {
	for _, people := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				engine := benchWorld(b, people)
				b.StartTimer()
				report, err := engine.Sync(b.Context())
				if err != nil || report.Err() != nil {
					b.Fatal(err, report.Err())
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(people), "ns/person")
		})
	}
}

// BenchmarkSyncOne looks at one person in a large population in which nothing
// changed.
func BenchmarkSyncOne(b *testing.B) {
	for _, people := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			engine := benchWorld(b, people)
			if _, err := engine.Sync(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := engine.SyncOne(b.Context(), "E0042"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
