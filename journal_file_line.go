package provision

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"

	"github.com/provision-go/provision/target"
)

// A line of a FileJournal is one JSON object:
//
//	{"sum":"1f2e3d4c","more":2,"position":17, … }
//
// sum is the CRC-32C of everything after its comma, up to the end of the line. more is
// how many lines follow that were appended by the same call; it is missing if none do.
// The rest is an Entry.
const (
	lineBegin = `{"sum":"`
	sumDigits = 8
	headSize  = len(lineBegin) + sumDigits + len(`",`)
)

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) } // made once by the package

// lineHead is what a line says besides its entry.
type lineHead struct {
	sum      uint32
	more     int
	position uint64
}

// Why a line cannot be used.
var (
	errNoEntry     = errors.New("it is no entry of a journal")
	errSum         = errors.New("its checksum does not fit what it says")
	errZeros       = errors.New("it has zero bytes")
	errUnstorable  = errors.New("a key that cannot be read back")
	errNotAnObject = errors.New("an entry is no JSON object")
)

// parseHead checks a line without its end.
func parseHead(line []byte) (lineHead, error) {
	var h lineHead
	if bytes.IndexByte(line, 0) >= 0 {
		return h, errZeros
	}
	if len(line) <= headSize || !bytes.HasPrefix(line, []byte(lineBegin)) ||
		string(line[headSize-2:headSize]) != `",` {
		return h, errNoEntry
	}
	var sum [sumDigits / 2]byte
	digits := line[len(lineBegin) : len(lineBegin)+sumDigits]
	if _, err := hex.Decode(sum[:], digits); err != nil || !bytes.Equal(digits, bytes.ToLower(digits)) {
		return h, errNoEntry
	}
	h.sum = uint32(sum[0])<<24 | uint32(sum[1])<<16 | uint32(sum[2])<<8 | uint32(sum[3])
	rest := line[headSize:]
	if crc32.Checksum(rest, castagnoli()) != h.sum {
		return h, errSum
	}
	if more, after, ok := number(rest, `"more":`); ok && len(after) > 0 && after[0] == ',' && more < 1<<31 {
		h.more, rest = int(more), after[1:]
	}
	position, _, ok := number(rest, `"position":`)
	if !ok || position == 0 {
		return h, errNoEntry
	}
	h.position = position
	return h, nil
}

// number reads a member that is a whole number.
func number(text []byte, name string) (value uint64, rest []byte, ok bool) {
	if !bytes.HasPrefix(text, []byte(name)) {
		return 0, text, false
	}
	text = text[len(name):]
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	value, err := strconv.ParseUint(string(text[:n]), 10, 64)
	return value, text[n:], err == nil
}

// lineWriter writes entries as lines. Its buffers are used again.
type lineWriter struct {
	lines bytes.Buffer
	one   bytes.Buffer
	enc   *json.Encoder
}

// add appends the line of an entry and returns its checksum.
func (w *lineWriter) add(e *Entry, more int) (uint32, error) {
	if err := storable(e); err != nil {
		return 0, err
	}
	w.one.Reset()
	if w.enc == nil {
		w.enc = json.NewEncoder(&w.one)
	}
	if err := w.enc.Encode(e); err != nil {
		return 0, err
	}
	text := w.one.Bytes() // {…} and a line end
	if len(text) < 2 || text[0] != '{' {
		return 0, errNotAnObject
	}
	w.lines.WriteString(lineBegin)
	at := w.lines.Len()
	w.lines.WriteString(`00000000",`)
	begin := w.lines.Len()
	if more > 0 {
		w.lines.WriteString(`"more":`)
		w.lines.Write(strconv.AppendInt(w.lines.AvailableBuffer(), int64(more), 10))
		w.lines.WriteByte(',')
	}
	w.lines.Write(text[1:])
	all := w.lines.Bytes()
	sum := crc32.Checksum(all[begin:len(all)-1], castagnoli())
	hex.Encode(all[at:at+sumDigits], []byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)})
	return sum, nil
}

// reset forgets the lines, and a buffer that has become large.
func (w *lineWriter) reset() {
	const large = 1 << 20
	if w.lines.Cap() > large || w.one.Cap() > large {
		*w = lineWriter{}
		return
	}
	w.lines.Reset()
}

// storable refuses an entry that could be written and not be read back: the file
// would be of no use from then on.
func storable(e *Entry) error {
	if err := readable(e.Key); err != nil {
		return err
	}
	if err := readable(e.To); err != nil {
		return err
	}
	if e.End != nil {
		for _, k := range e.End.Missing {
			if err := readable(k); err != nil {
				return err
			}
		}
	}
	return nil
}

func readable(k target.Key) error {
	if k.Slot == "" && !strings.Contains(k.Identity, "~") {
		return nil
	}
	if again, err := target.ParseKey(k.String()); err != nil || again != k {
		return fmt.Errorf("%w: identity %q, slot %q", errUnstorable, k.Identity, k.Slot)
	}
	return nil
}
