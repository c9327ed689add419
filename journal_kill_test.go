//go:build unix

package provision_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// filedTarget is a target that outlives the process that writes to it: every write is
// a line in a file before it counts, and whoever opens the file makes them again.
type filedTarget struct {
	*memtarget.Target
	mu   sync.Mutex
	log  *os.File
	kill func(point string)
}

// filedCall is a line of the file.
type filedCall struct {
	Method string
	Create *target.CreateRequest   `json:",omitempty"`
	Update *target.UpdateRequest   `json:",omitempty"`
	State  *target.StateRequest    `json:",omitempty"`
	Grant  *target.GrantRequest    `json:",omitempty"`
	End    *target.SessionsRequest `json:",omitempty"`
	Hand   *target.HandoverRequest `json:",omitempty"`
}

func openFiledTarget(path string, kill func(string)) (*filedTarget, error) {
	can := memtarget.Everything()
	can.IdempotentCreate = false
	for i := range can.Attributes {
		can.Attributes[i].Unique = false // a second account of somebody would be made
	}
	f := &filedTarget{Target: memtarget.New("app", &memtarget.Config{Capabilities: &can}), kill: func(string) {}}
	f.AddEntitlements(group("engineering"), group("sales"), group("money"))
	b, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	for line := range strings.Lines(string(b)) {
		var c filedCall
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			return nil, err
		}
		_, _ = f.again(context.Background(), &c) // what was refused then is refused now
	}
	f.kill = kill
	f.log, err = os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	return f, err
}

func (f *filedTarget) again(ctx context.Context, c *filedCall) (target.Account, error) {
	t := f.Target
	switch c.Method {
	case "create":
		return t.Create(ctx, *c.Create)
	case "update":
		return t.Update(ctx, *c.Update)
	case "disable":
		return t.Disable(ctx, *c.State)
	case "enable":
		return t.Enable(ctx, *c.State)
	case "grant":
		return target.Account{}, t.Grant(ctx, *c.Grant)
	case "revoke":
		return target.Account{}, t.Revoke(ctx, *c.Grant)
	case "end":
		return target.Account{}, t.EndSessions(ctx, *c.End)
	default:
		return target.Account{}, t.Handover(ctx, *c.Hand)
	}
}

// do makes a call durable, and makes it.
func (f *filedTarget) do(ctx context.Context, c *filedCall) (target.Account, error) {
	f.kill("before " + c.Method)
	f.mu.Lock()
	line, err := json.Marshal(c)
	if err == nil {
		_, err = f.log.Write(append(line, '\n'))
	}
	if err != nil {
		f.mu.Unlock()
		return target.Account{}, target.Fail(target.NotSent, err)
	}
	a, err := f.again(ctx, c)
	f.mu.Unlock()
	f.kill("after " + c.Method)
	return a, err
}

func (f *filedTarget) Create(ctx context.Context, r target.CreateRequest) (target.Account, error) {
	return f.do(ctx, &filedCall{Method: "create", Create: &r})
}

func (f *filedTarget) Update(ctx context.Context, r target.UpdateRequest) (target.Account, error) {
	return f.do(ctx, &filedCall{Method: "update", Update: &r})
}

func (f *filedTarget) Disable(ctx context.Context, r target.StateRequest) (target.Account, error) {
	return f.do(ctx, &filedCall{Method: "disable", State: &r})
}

func (f *filedTarget) Enable(ctx context.Context, r target.StateRequest) (target.Account, error) {
	return f.do(ctx, &filedCall{Method: "enable", State: &r})
}

func (f *filedTarget) Grant(ctx context.Context, r target.GrantRequest) error {
	_, err := f.do(ctx, &filedCall{Method: "grant", Grant: &r})
	return err
}

func (f *filedTarget) Revoke(ctx context.Context, r target.GrantRequest) error {
	_, err := f.do(ctx, &filedCall{Method: "revoke", Grant: &r})
	return err
}

func (f *filedTarget) EndSessions(ctx context.Context, r target.SessionsRequest) error {
	_, err := f.do(ctx, &filedCall{Method: "end", End: &r})
	return err
}

func (f *filedTarget) Handover(ctx context.Context, r target.HandoverRequest) error {
	_, err := f.do(ctx, &filedCall{Method: "handover", Hand: &r})
	return err
}

// killable is a journal that can kill the process around its writing.
type killable struct {
	provision.Journal
	kill func(point string)
}

func (k *killable) Append(ctx context.Context, entries ...provision.Entry) error {
	k.kill("before append")
	err := k.Journal.Append(ctx, entries...)
	k.kill("after append")
	return err
}

// killDay is who works on which day: every day somebody joins, moves, leaves.
func killDay(n int) []source.Identity {
	people := staff(10 + n)
	for i := range people {
		people[i].Department = source.Named([]string{"Engineering", "Sales", "Finance"}[(i+n)%3])
	}
	for i := range n {
		people[i].Status, people[i].LastDay = source.Terminated, source.DateOf(killNoon(i))
	}
	return people
}

func killNoon(n int) time.Time { return time.Date(2026, 3, 2+n, 12, 0, 0, 0, time.UTC) }

// killRun is one process: it brings a day to its end, if it is left to.
func killRun(dir string, n, start int, kill func(string), started func()) error {
	app, err := openFiledTarget(filepath.Join(dir, "target"), kill)
	if err != nil {
		return err
	}
	j, err := provision.OpenFileJournal(filepath.Join(dir, "journal"))
	if err != nil {
		return err
	}
	set, err := rules.Build(companyRules())
	if err != nil {
		return err
	}
	begin, base := time.Now(), killNoon(n).Add(time.Duration(start)*5*time.Minute)
	e, err := provision.New(provision.Config{
		Source: memsource.New("hr", killDay(n)...), Targets: []target.Target{app}, Rules: set, Journal: &killable{j, kill},
		// Every process begins when the lease of the one before is over.
		Clock: func() time.Time { return base.Add(time.Since(begin)) },
		Retry: provision.Retry{Attempts: 2, Base: time.Microsecond, Max: time.Microsecond},
	})
	if err != nil {
		return err
	}
	started()
	for range 4 {
		report, err := e.Sync(context.Background())
		if err != nil {
			return err
		}
		if err := report.Err(); err != nil {
			return err
		}
		plan, err := e.Plan(context.Background())
		if err != nil || plan.NothingToDo() {
			return err
		}
	}
	return fmt.Errorf("day %d does not settle", n) //nolint:err113 // a test
}

// TestKillChild is the process that is killed; it is no test of its own.
func TestKillChild(t *testing.T) {
	args := strings.Fields(os.Getenv("PROVISION_KILL"))
	if len(args) != 5 {
		t.Skip("started by TestSIGKILL only")
	}
	n, _ := strconv.Atoi(args[1])
	start, _ := strconv.Atoi(args[2])
	point, times := strings.ReplaceAll(args[3], "_", " "), 0
	at, _ := strconv.Atoi(args[4])
	var mu sync.Mutex
	err := killRun(args[0], n, start, func(p string) {
		if p != point {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if times++; times >= at {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			time.Sleep(time.Hour)
		}
	}, func() { fmt.Println("STARTED") })
	if err != nil {
		t.Fatal(err)
	}
}

// TestSIGKILL kills a process that works on a journal in a file, again and again, after a
// random time or at a named point, and starts it again. In the end everything is as if
// it had never been killed. PROVISION_STORM=1 kills fifty times as often.
func TestSIGKILL(t *testing.T) {
	kills := 100
	if underRace {
		kills = 10
	}
	if os.Getenv("PROVISION_STORM") != "" {
		kills = 5_000
	}
	const days = 5
	want := quickDir(t)
	for n := range days {
		require.NoError(t, killRun(want, n, 0, func(string) {}, func() {}))
	}
	expected, err := openFiledTarget(filepath.Join(want, "target"), nil)
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(42, uint64(kills)))
	points := []string{"before_append", "after_append", "before_create", "after_create", "before_grant", "after_grant", "after_disable", "after_end"}
	done, round := 0, 0
	for done < kills {
		round++
		dir := quickDir(t)
		for n := range days {
			start := 0
			for range 10 {
				point := "-"
				if r.IntN(2) == 0 {
					point = points[r.IntN(len(points))]
				}
				if killChild(t, r, dir, n, start, point) {
					done++
				}
				start++
			}
			require.NoError(t, killRun(dir, n, start, func(string) {}, func() {}), "round %d, day %d", round, n)
		}
		got, err := openFiledTarget(filepath.Join(dir, "target"), nil)
		require.NoError(t, err)
		require.Equal(t, asItIs(expected.Target), asItIs(got.Target), "round %d", round)
		require.Equal(t, made(expected.Target), made(got.Target), "round %d: creates", round)
		require.NoError(t, got.log.Close())
	}
	t.Logf("killed %d times", done)
}

func made(app *memtarget.Target) int {
	n := 0
	for _, c := range app.Calls() {
		if c.Method == "Create" && c.Err == nil {
			n++
		}
	}
	return n
}

// killChild starts a process and reports whether it was killed.
func killChild(t *testing.T, r *rand.Rand, dir string, n, start int, point string) bool {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKillChild$", "-test.v")
	child.Env = append(os.Environ(), fmt.Sprintf("PROVISION_KILL=%s %d %d %s %d", dir, n, start, point, r.IntN(12)+1))
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	lines := bufio.NewScanner(out)
	var said strings.Builder
	for lines.Scan() && lines.Text() != "STARTED" {
		said.WriteString(lines.Text() + "\n")
	}
	if point == "-" {
		time.Sleep(time.Duration(r.IntN(20_000)+1) * time.Microsecond)
		_ = child.Process.Kill()
	}
	rest, _ := io.ReadAll(out)
	err = child.Wait()
	if err == nil {
		return false // it was done before
	}
	status, ok := child.ProcessState.Sys().(syscall.WaitStatus)
	require.True(t, ok && status.Signaled(), "the process failed by itself: %v\n%s%s", err, said.String(), rest)
	return true
}
