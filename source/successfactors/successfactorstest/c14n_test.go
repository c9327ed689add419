package successfactorstest

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func canonicalised(t *testing.T, document string) string {
	t.Helper()
	root, err := parseXML([]byte(document))
	require.NoError(t, err)
	var out strings.Builder
	root.canonical(&out, scope{}, scope{}, nil)
	return out.String()
}

// Documents in any spelling get the form that Python gave them.
func TestCanonical(t *testing.T) {
	for _, name := range []string{"assertion", "signedinfo"} {
		document, err := os.ReadFile("../testdata/" + name + ".xml")
		require.NoError(t, err)
		want, err := os.ReadFile("../testdata/" + name + ".c14n.xml")
		require.NoError(t, err)
		assert.Equal(t, string(want), canonicalised(t, string(document)))
	}
}

// The rules of https://www.w3.org/TR/xml-exc-c14n/ and of https://www.w3.org/TR/xml-c14n.
func TestCanonicalRules(t *testing.T) {
	for document, want := range map[string]string{
		`<a/>`:                           `<a></a>`,
		`<a b='1' a = "2"/>`:             `<a a="2" b="1"></a>`,
		`<a xmlns="u"><b/></a>`:          `<a xmlns="u"><b></b></a>`,
		`<a xmlns="u"><b xmlns=""/></a>`: `<a xmlns="u"><b xmlns=""></b></a>`,
		`<p:a xmlns:p="u" xmlns:q="v"><q:b/><q:b/></p:a>`:     `<p:a xmlns:p="u"><q:b xmlns:q="v"></q:b><q:b xmlns:q="v"></q:b></p:a>`,
		`<a xmlns:z="a" xmlns:y="b" z:i="1" y:i="2" i="3"/>`:  `<a xmlns:y="b" xmlns:z="a" i="3" z:i="1" y:i="2"></a>`,
		"<a b='&#9;&#10;&quot;&lt;'>&gt;&#13;&amp;]]&gt;</a>": `<a b="&#x9;&#xA;&quot;&lt;">&gt;&#xD;&amp;]]&gt;</a>`,
	} {
		assert.Equal(t, want, canonicalised(t, document), document)
	}
	for _, document := range []string{``, `<a>`, `<a/><b/>`, `<a></b>`, `<?xml version="1.0"?><a/>`, `<a><!-- x --></a>`, `<a><?x?></a>`} {
		_, err := parseXML([]byte(document))
		assert.Error(t, err, document)
	}
}
