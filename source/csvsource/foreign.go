package csvsource

import "bytes"

// foreign says what a file is by its first bytes, if it is surely no table of
// text: a page that asks for a password, an answer that holds an error, a
// spreadsheet. It returns "" otherwise.
func foreign(head []byte) string {
	for _, kind := range []struct{ begins, fault string }{
		{littleEndian, "the file is UTF-16, and Config.Encoding says otherwise"},
		{bigEndian, "the file is UTF-16, and Config.Encoding says otherwise"},
		{"PK\x03\x04", "the file is a spreadsheet or an archive; export it as CSV"},
		{"\xd0\xcf\x11\xe0", "the file is a spreadsheet; export it as CSV"},
		{"\x1f\x8b", "the file is compressed (gzip); decompress it in Open"},
		{"%PDF-", "the file is a PDF; export it as CSV"},
	} {
		if bytes.HasPrefix(head, []byte(kind.begins)) {
			return kind.fault
		}
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	inner := bytes.TrimLeft(text[min(1, len(text)):], " \t\r\n")
	switch {
	case bytes.HasPrefix(text, []byte("<")):
		return "the file is HTML or XML: did a log-in page or an error page answer?"
	case bytes.HasPrefix(text, []byte("{")), bytes.HasPrefix(text, []byte("[")) && bytes.ContainsAny(inner[:min(1, len(inner))], `{["]`):
		return "the file is JSON: did an error answer?"
	case bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0:
		return "the lines of the file end with a carriage return alone; they must end with LF or CRLF"
	}
	return ""
}
