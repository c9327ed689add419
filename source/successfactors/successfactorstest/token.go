package successfactorstest

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// giveToken answers with a token.
func (s *Server) giveToken(w http.ResponseWriter, r *http.Request) {
	unauthorized := func(message string) {
		writeJSON(w, http.StatusUnauthorized, map[string]string{"errorHttpCode": "401", "errorMessage": message})
	}
	if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		writeJSON(w, http.StatusBadRequest, map[string]string{"errorMessage": "want a form"})
		return
	}
	if err := r.ParseForm(); err != nil || r.URL.RawQuery != "" || r.Header.Get("Authorization") != "" {
		unauthorized("credentials belong into the form")
		return
	}
	for name, values := range r.PostForm {
		if !slices.Contains(strings.Fields("company_id client_id grant_type assertion new_token"), name) || len(values) != 1 {
			unauthorized("unknown parameter " + name)
			return
		}
	}
	form := r.PostForm
	document, err := base64.StdEncoding.DecodeString(form.Get("assertion"))
	switch {
	case form.Get("grant_type") != "urn:ietf:params:oauth:grant-type:saml2-bearer":
		unauthorized("unsupported grant_type")
		return
	case form.Get("company_id") != s.cfg.CompanyID || form.Get("client_id") != s.cfg.APIKey:
		unauthorized("unknown company or client")
		return
	case err != nil:
		unauthorized("the assertion is not in base64")
		return
	}
	scheme := "http://"
	if r.TLS != nil || r.URL.Scheme == "https" {
		scheme = "https://"
	}
	id, err := Verify(document, Expectation{
		Audience: "www.successfactors.com", Recipient: scheme + r.Host + "/oauth/token", APIKey: s.cfg.APIKey, UserID: s.cfg.UserID,
		Certificate: s.cfg.Certificate, Now: s.cfg.Clock(),
	})
	if err != nil {
		unauthorized("Unable to authenticate the client: " + err.Error())
		return
	}
	token := s.assertions[id]
	if token == "" || form.Get("new_token") == "true" {
		token = fmt.Sprintf("test-token-%d", len(s.requests))
		s.tokens[token] = s.cfg.Clock().Add(s.cfg.TokenLife)
		s.assertions[id] = token
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"access_token": token, "token_type": "Bearer", "expires_in": int(s.tokens[token].Sub(s.cfg.Clock()).Seconds()),
	})
}
