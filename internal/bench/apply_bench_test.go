package main

import (
	"testing"

	"github.com/provision-go/provision/internal/bench/loopback"
	"github.com/provision-go/provision/internal/bench/people"
)

// applied is how many accounts are made.
const applied = 5000

func loop(b *testing.B, c people.Company) *loopback.Server {
	b.Helper()
	server, err := loopback.Start(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := server.Stop(); err != nil {
			b.Error(err)
		}
	})
	return server
}

func benchmarkApply(b *testing.B, overHTTP bool) {
	b.Helper()
	c := people.Company{Size: applied, Seed: seed, Settled: true}
	client := loop(b, c).Client()
	defer client.Close()
	a := applying{company: c, app: absorbing{client.Target()}}
	if overHTTP {
		a.app = client.Target()
	}
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		if err := a.prepare(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := a.apply(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	perPerson(b, applied)
}

// BenchmarkApplyHTTP makes accounts over HTTP on this machine, 32 at once.
func BenchmarkApplyHTTP(b *testing.B) { benchmarkApply(b, true) }

// BenchmarkApplyMemory makes accounts on a target in memory, 32 at once.
func BenchmarkApplyMemory(b *testing.B) { benchmarkApply(b, false) }

// BenchmarkBareHTTP is the limit of BenchmarkApplyHTTP.
func BenchmarkBareHTTP(b *testing.B) {
	c := people.Company{Size: applied, Seed: seed, Settled: true}
	client, list := loop(b, c).Client(), c.Creates()
	defer client.Close()
	b.ReportAllocs()
	for b.Loop() {
		if err := client.CreateAll(b.Context(), list, atOnce); err != nil {
			b.Fatal(err)
		}
	}
	perPerson(b, applied)
}

// BenchmarkSyncOne brings one mover up to date, over HTTP on this machine.
func BenchmarkSyncOne(b *testing.B) {
	each(b, func(c people.Company) (func() error, error) {
		s, err := newSyncing(b.Context(), c.Size, asItIs)
		if err != nil {
			return nil, err
		}
		b.Cleanup(func() {
			if err := s.stop(); err != nil {
				b.Error(err)
			}
		})
		return func() error { return s.sync(b.Context(), 1) }, s.sync(b.Context(), 1)
	})
}

func benchmarkSQLite(b *testing.B, write func(d *database, c people.Company) error) {
	b.Helper()
	c := people.Company{Size: applied, Seed: seed, Settled: true}
	var d database
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		if err := d.renew(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := write(&d, c); err != nil {
			b.Fatal(err)
		}
	}
	perPerson(b, applied)
	if err := d.close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkConvergeSQLite brings a company into a table of an SQLite database.
func BenchmarkConvergeSQLite(b *testing.B) {
	benchmarkSQLite(b, func(d *database, c people.Company) error { return d.converge(b.Context(), c) })
}

// BenchmarkInsertSQLite is the limit of BenchmarkConvergeSQLite.
func BenchmarkInsertSQLite(b *testing.B) {
	benchmarkSQLite(b, func(d *database, c people.Company) error { return d.insert(b.Context(), c, c.Creates()) })
}
