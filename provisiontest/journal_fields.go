package provisiontest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/provision-go/provision"
)

// journalFields checks that every field of an entry comes back as it was, also those
// that an entry has tomorrow: it fills them by reflection.
func journalFields(j provision.Journal) error {
	var want []provision.Entry
	of := reflect.TypeFor[provision.Entry]()
	for i := range of.NumField() {
		name := of.Field(i).Name
		if name == "Position" || name == "Epoch" || name == "Lease" || name == "Fold" {
			continue // assigned, or checked with fencing and compaction
		}
		e := happened(0)
		field := reflect.ValueOf(&e).Elem().Field(i)
		if name != "Kind" {
			(&filler{}).fill(field)
		}
		want = append(want, e)
	}
	full := provision.Entry{}
	(&filler{}).fill(reflect.ValueOf(&full).Elem())
	full.Kind, full.Epoch, full.Lease, full.Fold = provision.Happened, 0, nil, nil
	want = append(want, full, provision.Entry{Kind: provision.Happened})
	if err := appendAll(j, want...); err != nil {
		return err
	}
	got, err := readJournal(j, 0)
	if err != nil {
		return err
	}
	if len(got) != len(want) {
		return fmt.Errorf("%w: %d entries appended, %d there", errJournalContent, len(want), len(got))
	}
	for i := range want {
		want[i].Position = got[i].Position
		if err := sameFields(&want[i], &got[i]); err != nil {
			return err
		}
	}
	return nil
}

// sameFields compares as JSON what every store has to write somehow.
func sameFields(want, got *provision.Entry) error {
	of := reflect.TypeFor[provision.Entry]()
	for i := range of.NumField() {
		w, err := json.Marshal(reflect.ValueOf(want).Elem().Field(i).Interface())
		if err != nil {
			return err
		}
		g, err := json.Marshal(reflect.ValueOf(got).Elem().Field(i).Interface())
		if err != nil {
			return err
		}
		if string(w) != string(g) {
			if name := of.Field(i).Name; name != "At" || !want.At.Equal(got.At) {
				return fmt.Errorf("%w: field %s was %s and came back as %s", errJournalContent, name, w, g)
			}
		}
	}
	return nil
}

// filler makes values that are not zero.
type filler struct{ n int }

func (f *filler) fill(v reflect.Value) {
	f.n++
	if _, ok := reflect.TypeAssert[time.Time](v); ok {
		v.Set(reflect.ValueOf(journalInstant(f.n).Add(time.Nanosecond)))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				f.fill(v.Field(i))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[json.RawMessage]() {
			v.SetBytes([]byte(`{}`))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			f.fill(v.Index(i))
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.fill(key)
		f.fill(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d: Ünïcode 漢字 <&> \"quoted\" 'it''s' \\ %% _ \n", f.n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8:
		v.SetUint(uint64(f.n%3) + 1) // a word of a closed list
	case reflect.Uint, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(f.n))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(f.n))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(f.n))
	default: // nothing of a kind that JSON cannot write
	}
}
