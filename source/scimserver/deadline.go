package scimserver

import (
	"net/http"
	"time"
)

// Deadlines are for clients that are slow on purpose. Not every ResponseWriter has
// them; then the server's own have to do. Where a server has its own, they are left
// alone: ours would replace them by later ones.

// limitReceiving gives a client time to send a body. That is also for requests that are
// refused without it, since net/http reads what is left of a body. It takes the limit
// away itself, at the end of a body and before the next request.
func (s *Server) limitReceiving(w http.ResponseWriter, r *http.Request) {
	server, _ := r.Context().Value(http.ServerContextKey).(*http.Server)
	if server != nil && server.ReadTimeout <= 0 && r.ContentLength != 0 {
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(s.cfg.Limits.Receive))
	}
}

// limitSending gives a client time to take an answer, and returns what ends that.
func (s *Server) limitSending(w http.ResponseWriter, r *http.Request) func() {
	server, _ := r.Context().Value(http.ServerContextKey).(*http.Server)
	control := http.NewResponseController(w)
	if server == nil || server.WriteTimeout > 0 || control.SetWriteDeadline(time.Now().Add(s.cfg.Limits.Send)) != nil {
		return func() {}
	}
	return func() {
		_ = control.Flush() // what is buffered is part of it
		_ = control.SetWriteDeadline(time.Time{})
	}
}
