package document_test

import (
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/provision-go/provision/rules/internal/document"
)

// fiftyRules is a file of the size that people write.
func fiftyRules() []byte {
	var b strings.Builder
	b.WriteString("rules: v1\nname: acme\ngrants:\n")
	for i := range 50 {
		switch i % 3 {
		case 0:
			fmt.Fprintf(&b, "  - id: eng.code%d # for engineers\n    when: status == \"active\" and department == \"Engineering %d\"\n    give: [github/developer, chat/member]\n    grace: 7d\n", i, i)
		case 1:
			fmt.Fprintf(&b, "  - {id: fin.enter%d, when: 'status == \"active\" and level < %d', give: [erp/invoice-entry]}\n", i, i)
		default:
			fmt.Fprintf(&b, "  - id: ops.%d\n    when: >-\n      status == \"active\" and department in [\"Engineering\", \"Platform\"]\n      and (employment_type == \"employee\" or end_date > as_of)\n    give: [github/developer]\n    except: [{who: p-%d, until: 2026-12-31, why: \"legal hold\"}]\n", i, i)
		}
	}
	return []byte(b.String())
}

func BenchmarkRead(b *testing.B) {
	data := fiftyRules()
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if _, _, problems := document.Read("acme.yaml", data); len(problems) > 0 {
				b.Fatal(problems)
			}
		}
	})
	b.Run("bare", func(b *testing.B) { // what the parser alone takes
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			var node yaml.Node
			if err := yaml.Unmarshal(data, &node); err != nil {
				b.Fatal(err)
			}
		}
	})
}
