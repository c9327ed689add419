package rulestest_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/provision-go/provision/rules/rulestest"
)

// What was written anew holds; a file that cannot be read or written so is left as it
// is.
func FuzzUpdate(f *testing.F) {
	for _, name := range []string{"testdata/cases/access.yaml", "testdata/cases/leaving.yaml"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	const head = "as_of: 2026-11-19\npeople: {ana: {status: active, site: BER-1}}\ncases:\n"
	f.Add(head + "  - {person: ana}\n  - {person: ana, want: [], missing: [ # x\n ]}\n")
	f.Add(head + "- person: ana\n- person: ana\n  want:\n  - app/group:chat # x\n\n  next: >\n    never\n")
	f.Add(head + "- \"person\": 'ana'\n  \"next\": \"2026-11-\\x319\"\n  attributes: {app: {title: [a,b]}}\n")
	f.Add(`{"as_of": "2026-11-19", "people": {"ana": {}}, "cases": [{"person": "ana", "want": ["app/group:chat"], "account": {"app": "none"}}]}`)
	name := filepath.Join(f.TempDir(), "cases.yaml")
	set := load(f)
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		flags := func(on string) {
			if err := flag.Set("rulestest.update", on); err != nil {
				t.Fatal(err)
			}
		}
		flags("true")
		first := try(func(t testing.TB) { rulestest.Golden(t, set, name) })
		flags("false")
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(first.errors) > 0 {
			if string(data) != text {
				t.Fatalf("%s\n was written over\n%s", data, text)
			}
			return
		}
		if again := try(func(t testing.TB) { rulestest.Golden(t, set, name) }); len(again.errors) > 0 {
			t.Fatalf("%s\nbecame\n%s\nwhich says\n%s", text, data, again.text())
		}
	})
}
