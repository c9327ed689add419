package csvsource

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encoding is how a file writes characters.
type Encoding uint8

// The encodings.
const (
	// Detect takes a file that begins with the byte order mark of UTF-16 for that, and
	// every other one for UTF-8. Older encodings of one byte cannot be told from each
	// other: name them.
	Detect Encoding = iota
	// UTF8, with or without a byte order mark.
	UTF8
	// UTF16 as its byte order mark says, little endian without one: what spreadsheets
	// call "Unicode text".
	UTF16
	// Windows1252 is what spreadsheets on Windows write in Western Europe and the
	// Americas. ISO 8859-1 and ISO 8859-15 files are read by it, but for a few signs.
	Windows1252
)

const (
	littleEndian = "\xff\xfe"
	bigEndian    = "\xfe\xff"
)

func (e Encoding) check() error {
	if e > Windows1252 {
		return fmt.Errorf("encoding %d: there is no such one", uint8(e))
	}
	return nil
}

// decoded returns a file as UTF-8. What is not valid in its encoding becomes U+FFFD,
// which no value may have.
func decoded(file io.Reader, e Encoding) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(file, headSize)
	mark, err := in.Peek(len(littleEndian))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if e == Detect && (bytes.Equal(mark, []byte(littleEndian)) || bytes.Equal(mark, []byte(bigEndian))) {
		e = UTF16
	}
	switch e {
	case UTF16:
		decoder := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
		return bufio.NewReaderSize(transform.NewReader(in, decoder), headSize), nil
	case Windows1252:
		return bufio.NewReaderSize(transform.NewReader(in, charmap.Windows1252.NewDecoder()), headSize), nil
	case Detect, UTF8:
	}
	return in, nil
}
