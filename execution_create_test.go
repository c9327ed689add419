package provision

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

var errTimeout = target.Fail(target.Unclear, errors.New("timeout"))

// Two hundred and fifty creates, of each of which the first answer is lost after
// the target has done it: nobody gets two accounts.
func TestExecutionAmbiguousCreatesMakeNoDoubles(t *testing.T) {
	for _, class := range []target.Class{target.Unclear, target.Transient} {
		t.Run(class.String(), func(t *testing.T) {
			at(t, func(t *testing.T) {
				b := newBench(t)
				b.caps.IdempotentCreate = false
				for i := range b.caps.Attributes {
					b.caps.Attributes[i].Unique = false // nothing but us prevents a double
				}
				b.start()
				var changes []reconcile.Change
				for i := range 250 {
					changes = append(changes, creating(fmt.Sprint("E", i)))
					b.app.Inject(memtarget.Fault{
						Method: "Create", Key: changes[i].Key, Err: target.Fail(class, errDown), Times: 1, AfterCommit: i%2 == 0,
					})
				}
				// The breaker is not what is tested here.
				for i := 0; i < len(changes); i += 5 {
					for j, r := range b.do(changes[i : i+5]...) {
						require.Equal(t, Done, r.Outcome, "%v", r.Err)
						require.Equal(t, 1+(i+j)%2, r.Attempts, "repeated only if it did not happen")
						require.Len(t, b.app.ByKey(r.Change.Key), 1)
						require.Equal(t, b.app.ByKey(r.Change.Key)[0].ID, r.Account)
					}
					b.progress = nil
				}
				assert.Len(t, b.app.All(), 250)
			})
		})
	}
}

func TestExecutionAmbiguousCreate(t *testing.T) {
	for _, c := range []struct {
		name  string
		alter func(b *bench)
		want  Outcome
		calls int
		check func(t *testing.T, b *bench, r Result)
	}{
		{
			name: "cannot be found by key, but by a unique value", want: Done, calls: 1,
			alter: func(b *bench) {
				b.caps.FindKey = false
				b.start().Inject(memtarget.Fault{Method: "Create", Times: 1, AfterCommit: true})
			},
		},
		{
			name: "somebody else took the unique value meanwhile", want: Failed, calls: 1,
			alter: func(b *bench) {
				b.caps.FindKey = false
				b.start().FailNext("Create", errTimeout)
				b.on = func(_ context.Context, c memtarget.Call) {
					if c.Method == "Find" && len(b.app.All()) == 0 {
						b.app.Put(target.Account{Key: key("E7"), Attributes: target.Attrs(map[string]string{"userName": "E1@acme.example"})})
					}
				}
			},
			check: func(t *testing.T, _ *bench, r Result) {
				assert.Equal(t, target.Exists, r.Class)
				assert.Equal(t, "userName", target.FieldOf(r.Err))
			},
		},
		{
			name: "cannot be found at all", want: Unconfirmed, calls: 1,
			alter: func(b *bench) {
				b.caps.FindKey, b.caps.Find = false, nil
				b.start().FailNext("Create", errTimeout)
			},
		},
		{
			name: "found, but the target keeps no keys", want: Unconfirmed, calls: 1,
			alter: func(b *bench) {
				b.caps.FindKey, b.caps.Keys = false, false
				b.start().FailNext("Create", errTimeout)
			},
		},
		{
			name: "cannot be found, but the target recognises a repeated create", want: Done, calls: 2,
			alter: func(b *bench) {
				b.caps.FindKey, b.caps.Find, b.caps.IdempotentCreate = false, nil, true
				b.start().Inject(memtarget.Fault{Method: "Create", Times: 1, AfterCommit: true})
			},
		},
		{
			name: "reading back fails for a while", want: Done, calls: 1,
			alter: func(b *bench) {
				b.start().Inject(memtarget.Fault{Method: "Create", Times: 1, AfterCommit: true})
				b.app.Inject(memtarget.Fault{Method: "Find", Times: 4, Err: target.Fail(target.Transient, errDown)})
			},
		},
		{
			name: "reading back fails for good", want: Unconfirmed, calls: 1,
			alter: func(b *bench) {
				b.start().Inject(memtarget.Fault{Method: "Create", Times: 1, AfterCommit: true})
				b.app.FailAlways("Find", target.Fail(target.Permanent, errDown))
			},
			check: func(t *testing.T, _ *bench, r Result) { require.ErrorIs(t, r.Err, errDown) },
		},
		{
			name: "is there twice", want: Unconfirmed, calls: 1,
			alter: func(b *bench) {
				b.start().FailNext("Create", errTimeout)
				b.on = func(_ context.Context, c memtarget.Call) {
					if c.Method == "Find" {
						b.app.Put(target.Account{Key: key("E1")})
						b.app.Put(target.Account{Key: key("E1")})
					}
				}
			},
			check: func(t *testing.T, _ *bench, r Result) { require.ErrorIs(t, r.Err, errSeveral) },
		},
		{
			name: "reads lag behind: the second create meets the first one", want: Unconfirmed, calls: 2,
			alter: func(b *bench) {
				b.start().LagReads()
				b.app.Inject(memtarget.Fault{Method: "Create", Times: 1, AfterCommit: true})
			},
			check: func(t *testing.T, b *bench, _ Result) { assert.Len(t, b.app.All(), 1) },
		},
		{
			name: "is shown at the second look only", want: Done, calls: 1,
			alter: func(b *bench) {
				for i := range b.caps.Attributes {
					b.caps.Attributes[i].Unique = false
				}
				b.start().LagReads()
				b.app.Inject(memtarget.Fault{Method: "Create", Times: 1, AfterCommit: true})
				finds := 0
				b.on = func(_ context.Context, c memtarget.Call) {
					if c.Method == "Find" {
						if finds++; finds == 2 {
							b.app.SettleReads()
						}
					}
				}
			},
		},
		{
			name: "had no effect, and then cannot be sent", want: Failed, calls: 5,
			alter: func(b *bench) {
				b.start().FailNext("Create", errTimeout)
				b.app.FailAlways("Create", target.Fail(target.NotSent, errDown))
			},
			check: func(t *testing.T, _ *bench, r Result) {
				assert.Equal(t, target.NotSent, r.Class, "twice not found is known not to be")
			},
		},
		{
			name: "asks for too long a wait", want: Unconfirmed, calls: 1,
			alter: func(b *bench) {
				b.start().FailNext("Create", &target.Error{Class: target.Transient, RetryAfter: time.Hour, Err: errDown})
			},
			check: func(t *testing.T, _ *bench, r Result) { assert.Equal(t, target.Transient, r.Class) },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			at(t, func(t *testing.T) {
				b := newBench(t)
				b.caps.IdempotentCreate = false
				c.alter(b)
				r := b.do(creating("E1"))[0]
				assert.Equal(t, c.want, r.Outcome, "%v", r.Err)
				assert.Equal(t, c.calls, r.Attempts)
				if c.want == Done {
					require.Len(t, b.app.ByKey(key("E1")), 1)
					assert.Equal(t, b.app.ByKey(key("E1"))[0].ID, r.Account)
				}
				if c.check != nil {
					c.check(t, b, r)
				}
			})
		})
	}
}

func TestExecutionCreateMeetsAnAccount(t *testing.T) {
	for _, c := range []struct {
		name    string
		alter   func(b *bench)
		want    Outcome
		account bool
	}{
		{"ours", func(b *bench) { b.place("E1") }, AlreadySo, true},
		{"ours, after an attempt of unknown outcome", func(b *bench) {
			b.start().Inject(memtarget.Fault{Method: "Create", Times: 1, AfterCommit: true})
			b.app.LagReads()
			n := 0
			b.on = func(_ context.Context, c memtarget.Call) {
				if c.Method == "Create" {
					if n++; n == 2 {
						b.app.SettleReads()
					}
				}
			}
		}, Done, true},
		{"somebody else's", func(b *bench) {
			b.start().Put(target.Account{Key: key("E7"), Attributes: target.Attrs(map[string]string{"userName": "E1@acme.example"})})
		}, Failed, false},
		{"nobody's", func(b *bench) {
			b.start().Put(target.Account{Attributes: target.Attrs(map[string]string{"userName": "E1@acme.example"})})
		}, Failed, false},
		{"nobody's, without search by key", func(b *bench) {
			b.caps.FindKey = false
			b.start().Put(target.Account{Attributes: target.Attrs(map[string]string{"userName": "E1@acme.example"})})
		}, Failed, false},
		{"ours, without search by key", func(b *bench) {
			b.caps.FindKey = false
			b.place("E1")
		}, AlreadySo, true},
		{"ours, twice", func(b *bench) {
			b.place("E1")
			b.app.Put(target.Account{Key: key("E1"), Attributes: target.Attrs(map[string]string{"userName": "E1@sub.acme.example"})})
		}, Failed, false},
		{"cannot tell", func(b *bench) {
			b.caps.FindKey, b.caps.Find = false, nil
			b.place("E1")
		}, Failed, false},
		{"ours, and looking fails twice", func(b *bench) {
			b.place("E1")
			b.app.Inject(memtarget.Fault{Method: "Find", Times: 2, Err: target.Fail(target.Transient, errDown)})
		}, AlreadySo, true},
		{"looking fails for good", func(b *bench) {
			b.place("E1")
			b.app.FailAlways("Find", target.Fail(target.Transient, errDown))
		}, Failed, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			at(t, func(t *testing.T) {
				b := newBench(t)
				b.caps.IdempotentCreate = false
				c.alter(b)
				r := b.do(creating("E1"))[0]
				assert.Equal(t, c.want, r.Outcome, "%v", r.Err)
				assert.Equal(t, c.account, r.Account != "")
				if c.want == Failed {
					assert.Equal(t, target.Exists, r.Class)
					assert.Equal(t, "userName", target.FieldOf(r.Err), "the field is named")
				}
				for _, call := range b.app.Writes() {
					req, _ := call.Request.(target.CreateRequest)
					assert.Equal(t, "E1@acme.example", req.Attributes.Get("userName"), "no other name is tried")
				}
			})
		})
	}
}

func TestExecutionCreateRequest(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		secrets := 0
		b.config.Secrets = func(_ context.Context, req SecretRequest) (target.Secret, error) {
			if secrets++; secrets == 1 {
				return target.Secret{}, errDown
			}
			return target.NewSecret(fmt.Sprint("hunter", secrets)), nil
		}
		var requests []target.CreateRequest
		f := &fake{caps: b.caps}
		f.caps.FindKey = false
		f.caps.Find = nil
		f.create = func(_ context.Context, req target.CreateRequest) (target.Account, error) {
			requests = append(requests, req)
			if len(requests) < 3 {
				return target.Account{}, target.Fail(target.Unclear, errDown)
			}
			return target.Account{ID: "n1"}, nil
		}
		c := creating("E1")
		c.Secrets = []string{"password"}
		x := b.execution(c)
		x.target = f
		r := x.do(t.Context())[0]
		require.Equal(t, Done, r.Outcome, "%v", r.Err)
		assert.Equal(t, "n1", r.Account)
		require.Len(t, requests, 3)
		for _, req := range requests {
			assert.Equal(t, c.ID, req.IdempotencyKey)
			assert.Equal(t, "hunter2", req.Secrets["password"].Reveal(), "one secret for all attempts")
			assert.Equal(t, target.Enabled, req.State)
		}
	})
}

func TestExecutionSecrets(t *testing.T) {
	at(t, func(t *testing.T) {
		c := creating("E1")
		c.Secrets = []string{"password"}

		b := newBench(t)
		r := b.do(c)[0]
		assert.Equal(t, Failed, r.Outcome)
		require.ErrorIs(t, r.Err, errNoSecrets)

		b = newBench(t)
		b.config.Secrets = func(context.Context, SecretRequest) (target.Secret, error) { return target.Secret{}, errDown }
		r = b.do(c)[0]
		assert.Equal(t, Failed, r.Outcome)
		assert.Equal(t, target.NotSent, r.Class)
		assert.Zero(t, r.Attempts)
		assert.Empty(t, b.journal, "no call was about to be made")

		b = newBench(t)
		b.config.Secrets = func(context.Context, SecretRequest) (target.Secret, error) { return target.NewSecret("hunter2"), nil }
		b.start().FailAlways("Create", target.InvalidError("password", errors.New(`bad "hunter2" for E1@acme.example`)))
		r = b.do(c)[0]
		assert.Equal(t, Failed, r.Outcome)
		assert.Equal(t, target.Permanent, r.Class)
		require.EqualError(t, r.Err, `password: bad "(sensitive)" for E1@acme.example`, "an indiscreet connector")
		assert.Equal(t, `password: bad "(sensitive)" for …`, b.journal[1].Text, "no values in the journal")
	})
}

// A target that says yes and gives no native id has to be asked again.
func TestExecutionCreateWithoutID(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		var mu sync.Mutex
		var accounts []target.Account
		f := &fake{caps: b.caps}
		f.create = func(_ context.Context, req target.CreateRequest) (target.Account, error) {
			mu.Lock()
			defer mu.Unlock()
			accounts = append(accounts, target.Account{ID: "n1", Key: req.Key})
			return target.Account{}, nil
		}
		f.find = func(context.Context, target.Find) ([]target.Account, error) {
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(accounts), nil
		}
		x := b.execution(creating("E1"))
		x.target = f
		r := x.do(t.Context())[0]
		assert.Equal(t, Done, r.Outcome)
		assert.Equal(t, "n1", r.Account)
		assert.Len(t, accounts, 1)
	})
}

// Some systems search without regard to case. Keys are not equal then.
func TestExecutionKeysAreExact(t *testing.T) {
	b := newBench(t)
	b.caps.IdempotentCreate = false
	f := &fake{caps: b.caps}
	f.create = func(context.Context, target.CreateRequest) (target.Account, error) {
		return target.Account{}, target.ExistsError("userName", nil)
	}
	f.find = func(context.Context, target.Find) ([]target.Account, error) {
		return []target.Account{{ID: "n1", Key: key("e1")}}, nil
	}
	x := b.execution(creating("E1"))
	x.target = f
	assert.Equal(t, []Outcome{Failed}, outcomes(x.do(t.Context())))
}
