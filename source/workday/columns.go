package workday

import (
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/provision-go/provision/source"
)

// A column is a place in a worker that fills a field of an identity.
type column struct {
	field source.FieldSpec
	path  string // below Worker; "" for a field that is switched off
}

const (
	jobPath      = "Worker_Data/Employment_Data/Worker_Job_Data/"
	overridePath = "Worker_Data/Integration_Field_Override_Data"
)

// columnsOf lays out what Config.Fields asks for, sorted.
func columnsOf(fields map[string]string, service string) ([]column, error) {
	var wrong problems
	var columns []column
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		spec, err := checkField(field)
		if err == nil && fields[field] != "" {
			err = checkPath(fields[field], service)
		}
		if err != nil {
			wrong.add("Fields: %q: %w", field, err)
			continue
		}
		columns = append(columns, column{spec, whole(fields[field])})
	}
	return columns, wrong.err()
}

// checkField says whether a field can be filled by one of the company's choice.
func checkField(name string) (source.FieldSpec, error) {
	spec, known := source.Field(name)
	switch {
	case !known || spec.ReadOnly:
		return spec, errors.New("there is no such field to fill")
	case name == "id":
		return spec, errors.New("that is what Key is for")
	case spec.Type == source.FieldStatus || spec.Type == source.FieldEmploymentType || spec.Type == source.FieldKind ||
		name == "alternate_ids":
		return spec, errors.New("it follows from several places and cannot be one")
	}
	return spec, nil
}

// whole completes the short form of a calculated field.
func whole(path string) string {
	if strings.HasPrefix(path, "Integration_Field_Override_Data[") {
		return "Worker_Data/" + path
	}
	return path
}

func checkPath(path, service string) error {
	path = whole(path)
	if name, calculated := calculatedField(path); calculated {
		switch why := denied(name); {
		case service == "":
			return errors.New("a calculated field needs FieldService")
		case why != "":
			return fmt.Errorf("%s holds %s, which is never read", name, why)
		}
		return nil
	}
	if !regexp.MustCompile(`^[A-Za-z_]\w*(/[A-Za-z_]\w*)*(/@[A-Za-z_]\w*|\[[\w-]+\])?$`).MatchString(path) {
		return fmt.Errorf("%q is no path: want names of elements with / between them, and ID[Type] or @Attribute last if need be", path)
	}
	if why := denied(path); why != "" {
		return fmt.Errorf("%s holds %s, which is never read", path, why)
	}
	return nil
}

// calculatedField returns the name of a calculated field.
func calculatedField(path string) (string, bool) {
	name, is := strings.CutPrefix(path, overridePath+"[")
	if !is || len(name) < 2 || name[len(name)-1] != ']' {
		return "", false
	}
	return name[:len(name)-1], true
}

// customShape adds to the shape of a worker what Config.Fields asks for.
func customShape(w *shape, columns []column) {
	calculated := map[string][]int{}
	for n := range columns {
		path := columns[n].path
		if path == "" {
			continue
		}
		if name, is := calculatedField(path); is {
			calculated[name] = append(calculated[name], n)
			continue
		}
		add := func(d *document, text string) { d.worker.custom = append(d.worker.custom, value{n, text}) }
		if strings.HasPrefix(path, jobPath) {
			add = func(d *document, text string) { d.worker.job().custom = append(d.worker.job().custom, value{n, text}) }
		}
		addPlace(w, path, add)
	}
	if len(calculated) > 0 {
		calculatedShape(w.at(overridePath), calculated)
	}
}

func addPlace(w *shape, path string, add func(d *document, text string)) {
	if element, name, is := strings.Cut(path, "/@"); is {
		w.at(element).onOpen(func(d *document, attributes []xml.Attr) {
			if text := attribute(attributes, name); text != "" {
				add(d, text)
			}
		})
		return
	}
	element, kind, typed := strings.Cut(strings.TrimSuffix(path, "]"), "[")
	w.at(element).onText(func(d *document, text, got string) {
		if text != "" && (!typed || got == kind) {
			add(d, text)
		}
	})
}

// calculatedShape reads calculated fields: a reference to the field, one of whose
// IDs is its name, and one or several values.
func calculatedShape(o *shape, wanted map[string][]int) {
	o.onOpen(func(d *document, _ []xml.Attr) { d.calculated = calculation{} })
	o.at("Field_Reference/ID").onText(func(d *document, text, _ string) {
		d.calculated.columns = append(d.calculated.columns, wanted[text]...)
	})
	o.at("Value").onText(func(d *document, text, _ string) {
		if text != "" {
			d.calculated.texts = append(d.calculated.texts, text)
		}
	})
	o.onShut(func(d *document) {
		for _, n := range d.calculated.columns {
			for _, text := range d.calculated.texts {
				d.worker.custom = append(d.worker.custom, value{n, text})
			}
		}
	})
}

// A calculation is a calculated field that is being read.
type calculation struct {
	columns []int
	texts   []string
}
