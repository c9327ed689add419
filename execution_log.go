package provision

import (
	"context"
	"log/slog"
	"time"
)

// logEnd logs how a change ended: what needs somebody's attention as a warning,
// the rest for debugging. Values of attributes are not in it.
func (x *execution) logEnd(ctx context.Context, r *Result) {
	level := slog.LevelDebug
	switch r.Outcome {
	case Failed, Unconfirmed, Stale:
		level = slog.LevelWarn
	case Done, AlreadySo, Held, Skipped, Cancelled:
		if r.Verified == Contradicted {
			level = slog.LevelWarn
		}
	}
	if !x.logs(ctx, level) {
		return
	}
	attrs := append(x.about(r),
		slog.String("outcome", r.Outcome.String()), slog.Int("attempts", r.Attempts), slog.Duration("took", r.Took))
	if r.Verified != NotRead {
		attrs = append(attrs, slog.String("verified", r.Verified.String()))
	}
	if r.Outcome == Failed || r.Outcome == Unconfirmed {
		attrs = append(attrs, slog.String("class", r.Class.String()))
	}
	if r.Err != nil && r.Outcome != Skipped { // that one is of another change, and was logged with it
		attrs = append(attrs, slog.String("error", forJournal(r.Err, &r.Change, &x.masks)))
	}
	x.config.Logger.LogAttrs(ctx, level, "change ended", attrs...)
}

// logBegin logs that an attempt begins: of one that hangs there is no other word.
func (x *execution) logBegin(ctx context.Context, a *attempt) {
	if x.logs(ctx, slog.LevelDebug) {
		x.config.Logger.LogAttrs(ctx, slog.LevelDebug, "attempt begins", slog.String("run", x.run), slog.String("target", x.name),
			slog.String("change", a.change.ID), slog.String("action", a.change.Action.String()))
	}
}

// logAgain logs that an attempt comes again after a failure.
func (x *execution) logAgain(ctx context.Context, a *attempt) {
	if a.failed == nil || a.result == nil || !x.logs(ctx, slog.LevelDebug) {
		return
	}
	x.config.Logger.LogAttrs(ctx, slog.LevelDebug, "change waits to be repeated", append(x.about(a.result),
		slog.Duration("wait", a.wait.Round(time.Millisecond)),
		slog.String("error", forJournal(a.failed, a.change, &x.masks)))...)
}

// logHalt logs that nothing more is started on the target.
func (x *execution) logHalt(ctx context.Context, a *attempt, err error) {
	if x.logs(ctx, slog.LevelError) {
		x.config.Logger.LogAttrs(ctx, slog.LevelError, "target stopped", slog.String("run", x.run),
			slog.String("target", x.name), slog.String("error", forJournal(err, a.change, &x.masks)))
	}
}

func (x *execution) logs(ctx context.Context, level slog.Level) bool {
	return x.config.Logger.Enabled(ctx, level)
}

func (x *execution) about(r *Result) []slog.Attr {
	c := &r.Change
	attrs := []slog.Attr{
		slog.String("run", x.run), slog.String("target", x.name), slog.String("change", c.ID),
		slog.String("action", c.Action.String()),
	}
	if !c.Key.IsZero() {
		attrs = append(attrs, slog.String("key", c.Key.String()))
	}
	if r.Account != "" {
		attrs = append(attrs, slog.String("account", r.Account))
	}
	if e := c.Entitlement.String(); e != "" {
		attrs = append(attrs, slog.String("entitlement", e))
	}
	return attrs
}
