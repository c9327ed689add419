package rules

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Schema returns the JSON Schema (draft 2020-12) of rule files, for editors: it
// completes keys and words and shows what they mean. It is made of the tables that
// [File] reads by. What it accepts may still be wrong: conditions, fields and
// targets are checked by [Build] alone.
//
// The same is in rules.schema.json beside this package. An editor with the YAML
// language server finds it by a first line such as
//
//	# yaml-language-server: $schema=rules.schema.json
func Schema() []byte {
	tables := keyTables()
	defs := schema{}
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		if name != "file" {
			defs = append(defs, member{defName(name), tables[name].schema()})
		}
	}
	root := schema{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"title", "Rules of provision"},
		{"description", "Who gets which accounts and which access, when."},
	}
	root = append(root, tables["file"].schema()...)
	root = append(root, member{"$defs", defs})
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil { // nothing in it can fail
		return nil
	}
	return append(text, '\n')
}

// schema is a JSON object whose members keep their order.
type schema []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in order.
func (s schema) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range s {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func defName(table string) string { return strings.ReplaceAll(table, " ", "_") }

func reference(table string) schema { return schema{{"$ref", "#/$defs/" + defName(table)}} }

// schema is the schema of a mapping.
func (t *keyTable) schema() schema {
	properties := schema{}
	var needed []string
	for i := range t.keys {
		k := &t.keys[i]
		properties = append(properties, member{k.name, append(k.schema(), member{"description", k.doc})})
		if k.needed {
			needed = append(needed, k.name)
		}
	}
	out := schema{{"type", "object"}, {"properties", properties}}
	if needed != nil {
		out = append(out, member{"required", needed})
	}
	return append(out, member{"additionalProperties", false})
}

// scalarType is what an editor may take a text for that stands without quotes.
func scalarType() schema { return schema{{"type", []string{"string", "number", "boolean"}}} }

func listOf(items any) schema { return schema{{"type", "array"}, {"items", items}} }

func either(list ...schema) schema { return schema{{"anyOf", list}} }

// schema is what may stand behind a key.
func (k *key) schema() schema {
	switch k.shape {
	case someNames:
		return either(scalarType(), append(listOf(scalarType()), member{"minItems", 1}))
	case someWords:
		word := schema{{"enum", k.words}}
		return either(schema{{"enum", append([]string{noneWord}, k.words...)}}, append(listOf(word), member{"minItems", 1}))
	case aCond, anExpr:
		return schema{{"type", "string"}}
	case aDay:
		return schema{{"type", "string"}, {"pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}}
	case days:
		return schema{{"type", "string"}, {"pattern", "^[0-9]+[dw]$"}}
	case aWhole:
		return schema{{"type", "integer"}}
	case aFlag:
		return schema{{"type", "boolean"}}
	case aWord:
		return schema{{"enum", k.words}}
	case anObject:
		return reference(k.of)
	case objects:
		return listOf(reference(k.of))
	case shorthand:
		return either(schema{{"type", "string"}}, reference(k.of))
	case named:
		value := reference(k.of)
		if k.of == "field" || k.of == "account" {
			value = either(schema{{"type", "string"}}, reference(k.of))
		}
		return schema{{"type", "object"}, {"additionalProperties", value}}
	case namedLists:
		return schema{{"type", "object"}, {"additionalProperties", listOf(reference(k.of))}}
	case rows:
		return listOf(listOf(either(scalarType(), listOf(scalarType()))))
	case sections:
		return either(reference(k.of), listOf(reference("grant")))
	default: // aName
		return scalarType()
	}
}
