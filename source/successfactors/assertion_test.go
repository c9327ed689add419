package successfactors

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/successfactors/successfactorstest"
)

func testSigner(t testing.TB) (*signer, string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "x"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	return &signer{key: key, certificate: der}, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func testClaim(user string) claim {
	at := time.Date(2026, time.November, 29, 12, 0, 0, 0, time.UTC)
	return claim{
		id: "_0a1b", issuer: "www.successfactors.com", audience: "www.successfactors.com",
		recipient: "https://api4.successfactors.com/oauth/token?a=1&b=2", user: user, apiKey: "key", byUsername: true,
		at: at, until: at.Add(10 * time.Minute),
	}
}

func expect(user, certificate string) successfactorstest.Expectation {
	return successfactorstest.Expectation{
		Audience: "www.successfactors.com", Recipient: "https://api4.successfactors.com/oauth/token?a=1&b=2", APIKey: "key", UserID: user,
		Certificate: certificate, Now: time.Date(2026, time.November, 29, 12, 1, 0, 0, time.UTC),
	}
}

// Somebody who canonicalises documents of any form finds the signature good, whatever
// the texts in it are; and bad when anything is changed.
func TestAssertionIsVerifiedIndependently(t *testing.T) {
	s, certificate := testSigner(t)
	for _, user := range []string{"sfapi", "", `a&b<c>"d'e`, "  blanks  ", "Zoë 数 \u0085", "]]>"} {
		document, err := s.assertion(testClaim(user))
		require.NoError(t, err)
		id, err := successfactorstest.Verify([]byte(document), expect(user, certificate))
		require.NoError(t, err, "%q", user)
		require.Equal(t, "_0a1b", id)
	}
	document, err := s.assertion(testClaim("sfapi"))
	require.NoError(t, err)
	for _, change := range [][2]string{
		{">sfapi<", ">admin<"},
		{">key<", ">yek<"},
		{`"2026-11-29T12:10:00.000Z"`, `"2036-11-29T12:10:00.000Z"`},
		{"rsa-sha256", "rsa-sha1"},
		{`ID="_0a1b"`, `ID="_0a1c"`},
		{"</saml:Conditions>", " </saml:Conditions>"},
		{"<saml:Subject>", "<saml:Subject><!-- -->"},
		{"<ds:DigestValue>", "<ds:DigestValue>A"},
		{"<ds:SignatureValue>", "<ds:SignatureValue>A"},
		{`SAML:2.0:assertion"`, `SAML:2.0:assertion" xmlns:ds="urn:x"`},
	} {
		changed := strings.Replace(document, change[0], change[1], 1)
		if change[1] == `SAML:2.0:assertion" xmlns:ds="urn:x"` {
			// A declaration that nothing uses is no change of the canonical form.
			_, err := successfactorstest.Verify([]byte(changed), expect("sfapi", certificate))
			require.NoError(t, err)
			continue
		}
		require.NotEqual(t, document, changed, change[0])
		_, err := successfactorstest.Verify([]byte(changed), expect("sfapi", certificate))
		require.Error(t, err, change[0])
	}
	_, other := testSigner(t)
	_, err = successfactorstest.Verify([]byte(document), expect("sfapi", other))
	require.ErrorContains(t, err, "another certificate")
	late := expect("sfapi", certificate)
	late.Now = late.Now.Add(time.Hour)
	_, err = successfactorstest.Verify([]byte(document), late)
	require.ErrorContains(t, err, "no longer good")
}

// The golden files are what another implementation of canonicalisation made of the
// same documents in another spelling, which lie beside them: that of Python 3.11,
// xml.etree.ElementTree.canonicalize, whose C14N 2.0 gives documents like these the
// form that exclusive C14N 1.0 gives them. It found the digest and, with openssl, the
// signature of a whole assertion good as well.
func TestAssertionIsCanonical(t *testing.T) {
	c := testClaim(`a&b<c>"d'e Zoë`)
	before, after := c.parts()
	for name, got := range map[string]string{"assertion": before + after, "signedinfo": signedInfo("_0a1b", make([]byte, 32))} {
		want, err := os.ReadFile("testdata/" + name + ".c14n.xml")
		require.NoError(t, err)
		assert.Equal(t, string(want), got)
	}
}

func TestKeys(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(rsaKey)
	require.NoError(t, err)
	good := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
	parsed, err := parseKey(string(good))
	require.NoError(t, err)
	require.True(t, parsed.Equal(rsaKey))
	for name, text := range map[string]string{
		"nothing": "", "no PEM": base64.StdEncoding.EncodeToString(pkcs8),
		"damaged": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8[:40]})),
	} {
		_, err := parseKey(text)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), "MII", "nothing of a key is shown")
	}
	assert.NotContains(t, fmt.Sprintf("%v %+v %#v", SAMLBearer(SAML{PrivateKey: Key(good)}), SAML{PrivateKey: Key(good)}, SAML{PrivateKey: Key(good)}), "BEGIN")
}
