package target_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
)

func TestFromTransport(t *testing.T) {
	assert.NoError(t, target.FromTransport(nil))
	leaky := &url.Error{Op: "Post", URL: "https://me:pw@api.example/Users/7?access_token=canary#canary", Err: io.ErrUnexpectedEOF}
	err := target.FromTransport(fmt.Errorf("%w", leaky))
	assert.EqualError(t, err, "POST api.example/Users/7: unexpected EOF")
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Equal(t, target.Unclear, target.ClassOf(err))

	leaky.Err = &net.OpError{Op: "dial", Err: io.EOF}
	assert.Equal(t, target.NotSent, target.ClassOf(target.FromTransport(leaky)))
	leaky.URL = "https://\x00?canary"
	assert.NotContains(t, target.FromTransport(leaky).Error(), "canary")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:1/?token=canary", http.NoBody)
	require.NoError(t, err)
	_, err = http.DefaultClient.Do(req)
	err = target.FromTransport(err)
	assert.ErrorIs(t, err, context.Canceled)
	assert.NotContains(t, err.Error(), "canary")
	assert.EqualError(t, target.FromTransport(io.EOF), "EOF")
}
