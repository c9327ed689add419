package provisiontest_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// plantedSwitch is the environment variable that says which bug is there.
const plantedSwitch = "PROVISION_BUG"

// switched returns the project's files with many bugs in them, each off unless the
// environment names it, and the names of bugs that cannot be switched on and are compiled
// alone. A function with a bug is there twice, and the good one begins by asking whether it
// is the other's turn:
//
//	func (t *T) f(a A) B {
//		if plantedBug == "some-bug" {
//			return t.f_some_bug(a)
//		}
//
// One program for all bugs is compiled instead of one for each.
func switched(t *testing.T, root string, bugs []planted) (files map[string]string, alone map[string]bool) {
	t.Helper()
	byFile := map[string][]planted{}
	for _, b := range bugs {
		byFile[b.file] = append(byFile[b.file], b)
	}
	files, alone = map[string]string{}, map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(byFile)) {
		text, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, text, parser.SkipObjectResolution)
		require.NoError(t, err)
		s := switching{text: string(text), set: set, file: file, asks: map[int]string{}}
		for i := range byFile[name] {
			b := &byFile[name][i]
			alone[b.name] = !s.plant(b)
		}
		if len(s.asks) == 0 {
			continue
		}
		files[name] = s.whole()
		asks := filepath.Join(filepath.Dir(name), "planted_bug_switch.go")
		files[asks] = fmt.Sprintf("package %s\n\nimport \"os\"\n\nvar plantedBug = os.Getenv(%q)\n", file.Name, plantedSwitch)
	}
	return files, alone
}

// switching is one file on its way.
type switching struct {
	text   string
	set    *token.FileSet
	file   *ast.File
	asks   map[int]string // what is put in, by where
	copies strings.Builder
}

func (s *switching) at(p token.Pos) int { return s.set.Position(p).Offset }

// plant adds a bug. It returns false if it does not lie within the body of one plain
// function.
func (s *switching) plant(b *planted) bool {
	from, to, with := b.where(s.text)
	i := slices.IndexFunc(s.file.Decls, func(d ast.Decl) bool {
		f, ok := d.(*ast.FuncDecl)
		return ok && f.Body != nil && s.at(f.Body.Lbrace) < from && to <= s.at(f.Body.Rbrace)
	})
	if i < 0 {
		return false
	}
	f := s.file.Decls[i].(*ast.FuncDecl)
	name := f.Name.Name + "_" + strings.ReplaceAll(b.name, "-", "_")
	call, ok := s.call(f, name)
	if !ok {
		return false
	}
	ask := fmt.Sprintf(" if plantedBug == %q { return %s };", b.name, call)
	if f.Type.Results == nil {
		ask = fmt.Sprintf(" if plantedBug == %q { %s; return };", b.name, call)
	}
	s.asks[s.at(f.Body.Lbrace)+1] += ask
	s.copies.WriteString("\n" + s.text[s.at(f.Pos()):s.at(f.Name.Pos())] + name + s.text[s.at(f.Name.End()):from] + with + s.text[to:s.at(f.End())] + "\n" + b.add)
	return true
}

// where is what a bug changes, without what stays the same around it.
func (b *planted) where(text string) (from, to int, with string) {
	from, with = strings.Index(text, b.old), b.new
	to = from + len(b.old)
	for from < to && with != "" && text[from] == with[0] {
		from, with = from+1, with[1:]
	}
	for from < to && with != "" && text[to-1] == with[len(with)-1] {
		to, with = to-1, with[:len(with)-1]
	}
	return from, to, with
}

// call is how the copy of a function is called with what the function was called with. It
// returns false where that cannot be said, or would not be the same.
func (s *switching) call(f *ast.FuncDecl, name string) (string, bool) {
	if f.Type.TypeParams != nil || strings.Contains(s.text[s.at(f.Pos()):s.at(f.End())], "recover()") {
		return "", false
	}
	if f.Recv != nil {
		of := f.Recv.List[0]
		if len(of.Names) == 0 || strings.Contains(s.text[s.at(of.Type.Pos()):s.at(of.Type.End())], "[") {
			return "", false
		}
		name = of.Names[0].Name + "." + name
	}
	var arguments []string
	for _, p := range f.Type.Params.List {
		if len(p.Names) == 0 {
			return "", false
		}
		for _, n := range p.Names {
			if n.Name == "_" {
				return "", false
			}
			arguments = append(arguments, n.Name)
		}
		if _, variadic := p.Type.(*ast.Ellipsis); variadic {
			arguments[len(arguments)-1] += "..."
		}
	}
	return name + "(" + strings.Join(arguments, ", ") + ")", true
}

func (s *switching) whole() string {
	var out strings.Builder
	last := 0
	for _, at := range slices.Sorted(maps.Keys(s.asks)) {
		out.WriteString(s.text[last:at] + s.asks[at])
		last = at
	}
	return out.String() + s.text[last:] + s.copies.String()
}

// buildTests compiles the tests of a package, with some of the project's files replaced.
func buildTests(t *testing.T, root, in string, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	replace := map[string]string{}
	for name, text := range files {
		changed := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		require.NoError(t, os.WriteFile(changed, []byte(text), 0o600))
		replace[filepath.Join(root, name)] = changed
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	layout := filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(layout, overlay, 0o600))
	binary := filepath.Join(dir, "bug.test")
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-vet=off", "-ldflags=-s -w", "-overlay", layout, "-o", binary, in)
	build.Dir = root
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s does not compile:\n%s", in, out)
	return binary
}
