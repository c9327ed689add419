package fetch

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
)

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
	const deepest = 10_000 // as encoding/json
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
		if depth > deepest {
			d.err = d.x.fail(BadContent, "the JSON%s is nested too deeply", d.at())
			return d.err
		}
	}
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

// advance permits the next value to be as large as a value may be. The decoder
// reads only when what it holds is not a whole value; ahead of it is one buffer.
func (d *Decoder) advance() {
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
