package scimserver

import (
	"net/http"
	"time"
)

// direction is that in which a client is slow.
type direction uint8

const (
	receive direction = iota
	send
)

// limitTime gives a client time to send a body or to take an answer, and returns what ends
// that. Not every ResponseWriter has deadlines; then the server's own have to do. Where
// a server has its own, it is left alone: a later one would replace it.
func limitTime(w http.ResponseWriter, r *http.Request, wait time.Duration, way direction) func() {
	control := http.NewResponseController(w)
	server, _ := r.Context().Value(http.ServerContextKey).(*http.Server)
	set := control.SetReadDeadline
	if way == send {
		set = control.SetWriteDeadline
	}
	switch {
	case server == nil,
		way == receive && server.ReadTimeout > 0, way == send && server.WriteTimeout > 0,
		set(time.Now().Add(wait)) != nil:
		return func() {}
	}
	return func() {
		if way == send {
			_ = control.Flush() // what is buffered is part of it
		}
		_ = set(time.Time{})
	}
}
