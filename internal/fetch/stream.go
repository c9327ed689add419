package fetch

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
)

// ahead is how much of a stream is read before it is asked for.
const ahead = 64 << 10

// ErrStop ends a stream without an error; see [Client.Stream].
var ErrStop = errors.New("stop reading")

// Stream asks and has a function read the JSON of the answer while it arrives, so
// that a list of everybody is never held as a whole.
//
// Until the function is called, a read is repeated as by [Client.Read]. From then
// on nothing is repeated: what was read cannot be taken back. If the function
// returns nil, the answer is read to its end, so that one that breaks off is an
// error; if it returns [ErrStop], the rest is dropped. Its other errors are
// returned as they are.
func (c *Client) Stream(ctx context.Context, r Request, read func(*Decoder) error) error {
	return c.do(ctx, r, c.cfg.MaxStream, func(x *exchange) error {
		source := &capped{x: x, limit: x.limit, until: x.limit}
		buffered := bufio.NewReaderSize(source, ahead)
		if err := x.peek(buffered); err != nil {
			return err
		}
		x.begun = true
		d := &Decoder{x: x, source: source, json: json.NewDecoder(buffered)}
		err := read(d)
		if err == nil {
			err = d.end()
		}
		if errors.Is(err, ErrStop) {
			return nil
		}
		return err
	})
}

// peek looks at the beginning of a body, and skips a byte order mark.
func (x *exchange) peek(r *bufio.Reader) error {
	if head, _ := r.Peek(len(mark())); bytes.Equal(head, mark()) {
		_, _ = r.Discard(len(head))
	}
	for {
		first, err := r.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return x.fail(BadContent, "the answer is empty")
		case err != nil:
			return err
		case first == ' ' || first == '\t' || first == '\r' || first == '\n':
			continue
		}
		_ = r.UnreadByte() // it was just read
		head, _ := r.Peek(min(r.Buffered(), 64))
		return x.expect(sniff(head))
	}
}

// Elements streams the elements of an array in a JSON answer: of the one that the
// members named by at lead to ("data", "employees"), or of the answer itself. An
// answer without that array is an error: it would read as "nobody". An error is
// yielded once and last. The sequence may be ranged over again, which asks again.
func Elements[T any](ctx context.Context, c *Client, r Request, at ...string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		left := false
		err := c.Stream(ctx, r, func(d *Decoder) error {
			return d.find(at, func() error {
				var value T
				if err := d.Value(&value); err != nil {
					return err
				}
				if left = !yield(value, nil); left {
					return ErrStop
				}
				return nil
			})
		})
		if err != nil && !left {
			yield(none, err)
		}
	}
}

// find goes to the array that the names lead to.
func (d *Decoder) find(names []string, element func() error) error {
	if len(names) == 0 {
		return d.Array(element)
	}
	found := false
	err := d.Object(func(name string) error {
		if name != names[0] {
			return nil
		}
		if found {
			return d.x.fail(BadContent, "the JSON has two members %q", name)
		}
		found = true
		return d.find(names[1:], element)
	})
	if err == nil && !found {
		err = d.x.fail(BadContent, "the JSON has no member %q%s", names[0], d.at())
	}
	return err
}
