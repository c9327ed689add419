package successfactors

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// signer makes signed assertions.
type signer struct {
	key         *rsa.PrivateKey
	certificate []byte // DER
}

// A claim is what an assertion says.
type claim struct {
	id, issuer, audience, recipient, user, apiKey string
	byUsername                                    bool
	at, until                                     time.Time
}

// early is how far the assertion's time begins before ours: clocks differ.
const assertionEarly = 5 * time.Minute

const (
	samlNS = "urn:oasis:names:tc:SAML:2.0:assertion"
	dsigNS = "http://www.w3.org/2000/09/xmldsig#"
)

// newID returns an ID for an assertion: an NCName, which no digit may begin.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	return "_" + hex.EncodeToString(b[:])
}

// assertion returns a signed assertion (SAML 2.0 core, section 2.3.3, as RFC 7522,
// section 3, wants it).
//
// Nothing here canonicalises XML. The assertion is written in the form that Exclusive
// XML Canonicalization (https://www.w3.org/TR/xml-exc-c14n/) would give it: no XML
// declaration, comments and white space between elements, start and end tags for
// empty elements, double quotes, namespaces declared where they are first used and
// before the attributes, attributes sorted by name, text escaped as in [escaped]. Its
// digest is that of the bytes without the signature, which is what the enveloped
// transform leaves.
func (s *signer) assertion(c claim) (string, error) {
	before, after := c.parts()
	digest := sha256.Sum256([]byte(before + after))
	info := signedInfo(c.id, digest[:])
	hashed := sha256.Sum256([]byte(info))
	signature, err := rsa.SignPKCS1v15(nil, s.key, crypto.SHA256, hashed[:])
	if err != nil {
		return "", fmt.Errorf("sign the assertion: %w", err)
	}
	var out strings.Builder
	out.WriteString(before)
	element(&out, "ds:Signature", [][2]string{{"xmlns:ds", dsigNS}}, func() {
		out.WriteString(info)
		text(&out, "ds:SignatureValue", base64.StdEncoding.EncodeToString(signature))
		element(&out, "ds:KeyInfo", nil, func() {
			element(&out, "ds:X509Data", nil, func() {
				text(&out, "ds:X509Certificate", base64.StdEncoding.EncodeToString(s.certificate))
			})
		})
	})
	out.WriteString(after)
	return out.String(), nil
}

// parts returns the assertion before and after the place of its signature, which is
// behind the issuer (SAML 2.0 core, section 2.3.3).
func (c *claim) parts() (before, after string) {
	at, until := instant(c.at), instant(c.until)
	var out strings.Builder
	open(&out, "saml:Assertion", [][2]string{{"xmlns:saml", samlNS}, {"ID", c.id}, {"IssueInstant", at}, {"Version", "2.0"}})
	text(&out, "saml:Issuer", c.issuer)
	before = out.String()
	out.Reset()
	element(&out, "saml:Subject", nil, func() {
		open(&out, "saml:NameID", [][2]string{{"Format", "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"}})
		out.WriteString(escaped(c.user, false) + "</saml:NameID>")
		element(&out, "saml:SubjectConfirmation", [][2]string{{"Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer"}}, func() {
			element(&out, "saml:SubjectConfirmationData", [][2]string{{"NotOnOrAfter", until}, {"Recipient", c.recipient}}, nil)
		})
	})
	element(&out, "saml:Conditions", [][2]string{{"NotBefore", instant(c.at.Add(-assertionEarly))}, {"NotOnOrAfter", until}}, func() {
		element(&out, "saml:AudienceRestriction", nil, func() { text(&out, "saml:Audience", c.audience) })
	})
	element(&out, "saml:AuthnStatement", [][2]string{{"AuthnInstant", at}, {"SessionIndex", c.id}}, func() {
		element(&out, "saml:AuthnContext", nil, func() {
			text(&out, "saml:AuthnContextClassRef", "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified")
		})
	})
	element(&out, "saml:AttributeStatement", nil, func() {
		attribute(&out, "api_key", c.apiKey)
		if c.byUsername {
			attribute(&out, "use_username", "true")
		}
	})
	return before, out.String() + "</saml:Assertion>"
}

// signedInfo declares its namespace itself, although its parent does: so it has the
// bytes that canonicalisation gives it when it stands alone.
func signedInfo(id string, digest []byte) string {
	algorithm := func(name string) [][2]string { return [][2]string{{"Algorithm", name}} }
	var out strings.Builder
	element(&out, "ds:SignedInfo", [][2]string{{"xmlns:ds", dsigNS}}, func() {
		element(&out, "ds:CanonicalizationMethod", algorithm("http://www.w3.org/2001/10/xml-exc-c14n#"), nil)
		element(&out, "ds:SignatureMethod", algorithm("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"), nil)
		element(&out, "ds:Reference", [][2]string{{"URI", "#" + id}}, func() {
			element(&out, "ds:Transforms", nil, func() {
				element(&out, "ds:Transform", algorithm("http://www.w3.org/2000/09/xmldsig#enveloped-signature"), nil)
				element(&out, "ds:Transform", algorithm("http://www.w3.org/2001/10/xml-exc-c14n#"), nil)
			})
			element(&out, "ds:DigestMethod", algorithm("http://www.w3.org/2001/04/xmlenc#sha256"), nil)
			text(&out, "ds:DigestValue", base64.StdEncoding.EncodeToString(digest))
		})
	})
	return out.String()
}

func attribute(out *strings.Builder, name, value string) {
	element(out, "saml:Attribute", [][2]string{{"Name", name}}, func() { text(out, "saml:AttributeValue", value) })
}

// open writes a start tag.
func open(out *strings.Builder, name string, attributes [][2]string) {
	out.WriteString("<" + name)
	for _, a := range attributes {
		out.WriteString(" " + a[0] + `="` + escaped(a[1], true) + `"`)
	}
	out.WriteString(">")
}

// element writes an element with its content, nil for none.
func element(out *strings.Builder, name string, attributes [][2]string, content func()) {
	open(out, name, attributes)
	if content != nil {
		content()
	}
	out.WriteString("</" + name + ">")
}

func text(out *strings.Builder, name, value string) {
	element(out, name, nil, func() { out.WriteString(escaped(value, false)) })
}

// escaped writes a text, or the value of an attribute, as Canonical XML does
// (https://www.w3.org/TR/xml-c14n, section 2.3).
func escaped(s string, attribute bool) string {
	if attribute {
		return strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "\t", "&#x9;", "\n", "&#xA;", "\r", "&#xD;").Replace(s)
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;").Replace(s)
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
