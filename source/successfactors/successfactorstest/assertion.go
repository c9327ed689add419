package successfactorstest

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	samlNS      = "urn:oasis:names:tc:SAML:2.0:assertion"
	signatureNS = "http://www.w3.org/2000/09/xmldsig#"
)

// An Expectation is what an assertion has to say to be accepted.
type Expectation struct {
	Audience, Recipient, APIKey, UserID string
	Certificate                         string // in PEM
	Now                                 time.Time
}

// Verify checks an assertion and its signature (https://www.w3.org/TR/xmldsig-core1/,
// section 3.2), and returns its ID. It canonicalises the document itself and shares no
// code with what makes assertions.
func Verify(document []byte, want Expectation) (string, error) {
	root, err := parseXML(document)
	if err != nil {
		return "", err
	}
	if !root.is(scope{}, samlNS, "Assertion") || root.attr("Version") != "2.0" {
		return "", errors.New("it is no assertion of SAML 2.0")
	}
	if err := root.verifySignature(want.Certificate); err != nil {
		return "", fmt.Errorf("signature: %w", err)
	}
	return root.attr("ID"), root.verifyClaims(want)
}

// is reports whether an element has a name in a namespace.
func (e *element) is(outer scope, namespace, local string) bool {
	return e.name.Local == local && e.within(outer)[e.name.Space] == namespace
}

func (e *element) attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Space == "" && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// only returns the element behind a path of local names, nil unless there is exactly
// one at each step.
func (e *element) only(path ...string) *element {
	for _, name := range path {
		var next *element
		for _, c := range e.elements() {
			if c.name.Local == name {
				if next != nil {
					return nil
				}
				next = c
			}
		}
		if e = next; e == nil {
			return nil
		}
	}
	return e
}

func (e *element) elements() []*element {
	var all []*element
	if e != nil {
		for _, child := range e.children {
			if c, ok := child.(*element); ok {
				all = append(all, c)
			}
		}
	}
	return all
}

func (e *element) text() string {
	if e == nil {
		return ""
	}
	var out strings.Builder
	for _, child := range e.children {
		if s, ok := child.(string); ok {
			out.WriteString(s)
		}
	}
	return out.String()
}

func (e *element) verifySignature(certificate string) error {
	block, _ := pem.Decode([]byte(certificate))
	if block == nil {
		return errors.New("no certificate is registered")
	}
	registered, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return err
	}
	key, ok := registered.PublicKey.(*rsa.PublicKey)
	if !ok {
		return errors.New("the certificate has no RSA key")
	}
	outer := e.within(scope{})
	signature := e.only("Signature")
	if signature == nil || !signature.is(outer, signatureNS, "Signature") {
		return errors.New("there is not exactly one")
	}
	if sent := signature.only("KeyInfo", "X509Data", "X509Certificate").text(); sent != base64.StdEncoding.EncodeToString(block.Bytes) {
		return errors.New("it has another certificate than the registered one")
	}
	info := signature.only("SignedInfo")
	if err := info.verifyReference(e, signature); err != nil {
		return err
	}
	value, err := base64.StdEncoding.DecodeString(signature.only("SignatureValue").text())
	if err != nil {
		return err
	}
	var signed strings.Builder
	info.canonical(&signed, signature.within(outer), scope{}, nil)
	hashed := sha256.Sum256([]byte(signed.String()))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, hashed[:], value)
}

// verifyReference checks what a signature is of.
func (e *element) verifyReference(assertion, signature *element) error {
	if e == nil {
		return errors.New("no SignedInfo")
	}
	reference := e.only("Reference")
	transforms := e.only("Reference", "Transforms").elements()
	switch {
	case reference == nil || len(transforms) != 2:
		return errors.New("want one reference with two transforms")
	case assertion.attr("ID") == "" || reference.attr("URI") != "#"+assertion.attr("ID"):
		return errors.New("it is of something else than the assertion")
	}
	for _, a := range []struct {
		at        *element
		algorithm string
	}{
		{transforms[0], "http://www.w3.org/2000/09/xmldsig#enveloped-signature"},
		{transforms[1], "http://www.w3.org/2001/10/xml-exc-c14n#"},
		{e.only("CanonicalizationMethod"), "http://www.w3.org/2001/10/xml-exc-c14n#"},
		{e.only("SignatureMethod"), "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"},
		{reference.only("DigestMethod"), "http://www.w3.org/2001/04/xmlenc#sha256"},
	} {
		if a.at == nil || a.at.attr("Algorithm") != a.algorithm {
			return fmt.Errorf("want the algorithm %s", a.algorithm)
		}
	}
	var signed strings.Builder
	assertion.canonical(&signed, scope{}, scope{}, signature)
	digest := sha256.Sum256([]byte(signed.String()))
	if reference.only("DigestValue").text() != base64.StdEncoding.EncodeToString(digest[:]) {
		return errors.New("the digest is another one")
	}
	return nil
}

// verifyClaims checks what RFC 7522, section 3, and SuccessFactors want of an
// assertion.
func (e *element) verifyClaims(want Expectation) error {
	confirmation := e.only("Subject", "SubjectConfirmation")
	data := e.only("Subject", "SubjectConfirmation", "SubjectConfirmationData")
	conditions := e.only("Conditions")
	if confirmation == nil || data == nil || conditions == nil || e.only("AttributeStatement") == nil {
		return errors.New("want a subject, its confirmation, conditions and attributes")
	}
	attributes := map[string]string{}
	for _, a := range e.only("AttributeStatement").elements() {
		if a.name.Local == "Attribute" {
			attributes[a.attr("Name")] = a.only("AttributeValue").text()
		}
	}
	before := func(text string) bool {
		t, err := time.Parse(time.RFC3339, text)
		return err == nil && want.Now.Before(t)
	}
	switch {
	case e.only("Issuer").text() == "":
		return errors.New("no issuer")
	case confirmation.attr("Method") != "urn:oasis:names:tc:SAML:2.0:cm:bearer":
		return errors.New("want a bearer confirmation")
	case e.only("Subject", "NameID").text() != want.UserID:
		return errors.New("another user")
	case e.only("Conditions", "AudienceRestriction", "Audience").text() != want.Audience:
		return errors.New("another audience")
	case data.attr("Recipient") != want.Recipient:
		return errors.New("another recipient")
	case attributes["api_key"] != want.APIKey:
		return errors.New("another api_key")
	case before(conditions.attr("NotBefore")):
		return errors.New("it is not yet good")
	case !before(conditions.attr("NotOnOrAfter")) || !before(data.attr("NotOnOrAfter")):
		return errors.New("it is no longer good")
	}
	return nil
}
