package fetch

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
)

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
		buffered := bufio.NewReaderSize(source, 64<<10)
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

// A Decoder reads one JSON value from its beginning to its end. After an error
// all its methods return that error.
type Decoder struct {
	x      *exchange
	source *capped
	json   *json.Decoder
	place  []step
	err    error
}

// step is one step of the way to the current value.
type step struct {
	name  string
	index int // if name is ""
}

// Value decodes the current value as [json.Unmarshal] does, which leaves alone what
// the answer does not mention: take a new variable for each value. A value that
// does not fit is an error of kind BadContent that names the place and not the
// value.
func (d *Decoder) Value(into any) error {
	if d.err != nil {
		return d.err
	}
	d.advance()
	if err := d.json.Decode(into); err != nil {
		return d.failed(err)
	}
	return nil
}

// Object calls a function with the name of each member of the current value, in
// the order of the answer. The function reads the member's value; if it does not,
// the value is skipped. A value that is no object, null included, is an error.
func (d *Decoder) Object(member func(name string) error) error {
	return d.inside('{', "an object", func() error {
		token, err := d.json.Token()
		if err != nil {
			return d.failed(err)
		}
		name, _ := token.(string) // the decoder takes nothing else for a name
		d.place[len(d.place)-1].name = name
		return d.orSkip(func() error { return member(name) })
	})
}

// Array calls a function for each element of the current value. The function
// reads the element; if it does not, the element is skipped. A value that is no
// array, null included, is an error.
func (d *Decoder) Array(element func() error) error {
	return d.inside('[', "an array", func() error {
		d.place[len(d.place)-1].index++
		return d.orSkip(element)
	})
}

// inside goes through an object or array, as long as there is more in it.
func (d *Decoder) inside(open json.Delim, what string, each func() error) error {
	if d.err != nil {
		return d.err
	}
	d.advance()
	token, err := d.json.Token()
	if err != nil {
		return d.failed(err)
	}
	if token != open {
		d.err = d.x.fail(BadContent, "wanted %s%s, got %s", what, d.at(), nameOf(token))
		return d.err
	}
	d.place = append(d.place, step{index: -1})
	for d.json.More() {
		d.advance()
		if err := each(); err != nil {
			return err
		}
		if d.err != nil {
			return d.err
		}
	}
	d.place = d.place[:len(d.place)-1]
	if _, err := d.json.Token(); err != nil {
		return d.failed(err)
	}
	return nil
}

// orSkip skips the current value if it was not read.
func (d *Decoder) orSkip(read func() error) error {
	before := d.json.InputOffset()
	if err := read(); err != nil {
		return err
	}
	if d.err == nil && d.json.InputOffset() == before {
		return d.skip()
	}
	return d.err
}

// skip reads past the current value without keeping it.
func (d *Decoder) skip() error {
	for depth := 0; ; {
		d.advance()
		token, err := d.json.Token()
		if err != nil {
			return d.failed(err)
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
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

// end makes sure that nothing but space follows.
func (d *Decoder) end() error {
	if d.err != nil {
		return d.err
	}
	if d.json.InputOffset() == 0 {
		if err := d.skip(); err != nil {
			return err
		}
	}
	d.advance()
	switch _, err := d.json.Token(); {
	case errors.Is(err, io.EOF):
		return nil
	case d.source.err != nil && d.source.err != io.EOF: //nolint:errorlint // io.Reader returns it as it is
		return d.source.err
	}
	return d.x.fail(BadContent, "something follows the JSON")
}

// advance permits the next value to be as large as a value may be.
func (d *Decoder) advance() {
	const ahead = 256 << 10 // what the buffers may have read already
	d.source.until = d.json.InputOffset() + d.x.client.cfg.MaxBody + ahead
}

// failed remembers and returns what went wrong.
func (d *Decoder) failed(err error) error {
	if d.source.err != nil && d.source.err != io.EOF { //nolint:errorlint // io.Reader returns it as it is
		err = d.source.err
	}
	d.err = d.x.undecodable(d.way(), err)
	return d.err
}

// way returns the way to the current value, such as "data[17].name".
func (d *Decoder) way() string {
	var out strings.Builder
	for _, s := range d.place {
		switch {
		case s.name != "" && out.Len() > 0:
			out.WriteString("." + s.name)
		case s.name != "":
			out.WriteString(s.name)
		case s.index >= 0:
			out.WriteString("[" + strconv.Itoa(s.index) + "]")
		}
	}
	return oneLine(out.String())
}

func (d *Decoder) at() string {
	if way := d.way(); way != "" {
		return " at " + way
	}
	return ""
}

func nameOf(token json.Token) string {
	switch token := token.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a string"
	case json.Delim:
		if token == '{' {
			return "an object"
		}
		return "an array"
	}
	return "a number"
}
