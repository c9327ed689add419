package target

import "github.com/provision-go/provision/internal/asked"

// FromTransport classifies an error of [net/http.Client.Do], as [ClassOf] does,
// and takes the query, the fragment and the user information out of its text:
// net/http prints the whole address, and tokens travel in queries. errors.Is and
// errors.As still see what net/http wrapped. FromTransport(nil) is nil.
func FromTransport(err error) error {
	if err == nil {
		return nil
	}
	return &Error{Class: ClassOf(err), Err: asked.Failure(err)}
}
