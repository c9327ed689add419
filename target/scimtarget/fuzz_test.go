package scimtarget_test

import (
	"encoding/json"
	"maps"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/provision-go/provision/internal/scimfake"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
)

// FuzzRoundTrip: whatever a user of others holds, what is written to an attribute is
// what is read back, or it is refused; the other attributes stay as they were, a second
// write of the same changes nothing, and what nobody mapped is not touched.
func FuzzRoundTrip(f *testing.F) {
	f.Add(`{}`, uint8(0), "Engineer", false)
	f.Add(`{"emails":[{"type":"work","value":"a@x"},{"type":"work","value":"b@x","primary":true}]}`, uint8(1), "c@x", false)
	f.Add(`{"emails":[{"type":"home","value":"a@x"}],"name":{"familyName":"Ng"}}`, uint8(2), "z", true)
	f.Add(`{"addresses":[{"type":"work","country":"PT","region":"x"}],"roles":[{"value":"a","type":"t"}]}`, uint8(5), "BR", false)
	f.Add(`{"urn:acme:2.0:User":{"vip":true,"other":[1]}}`, uint8(8), "false", true)
	f.Add(`{"manager":7,"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":"m1"}}`, uint8(7), "m2", false)
	names := []string{"title", "emails.work", "name.givenName", "emails.primary", "roles", "addresses.work.country", "phoneNumbers.mobile", "manager", "vip", "floor"}
	attributes := []scimtarget.Attribute{{Name: "userName"}}
	for _, n := range names[:8] {
		attributes = append(attributes, scimtarget.Attribute{Name: n})
	}
	attributes = append(attributes,
		scimtarget.Attribute{Name: "vip", Path: "urn:acme:2.0:User:vip", Type: "boolean"},
		scimtarget.Attribute{Name: "floor", Path: "urn:acme:2.0:User:floor", Type: "integer"})
	f.Fuzz(func(t *testing.T, user string, which uint8, value string, put bool) {
		o := scimfake.Object{}
		if json.Unmarshal([]byte(user), &o) != nil || o == nil {
			return
		}
		for k := range o {
			if k == "" || !slices.Contains([]string{"emails", "phoneNumbers", "name", "addresses", "roles", "title", "nickName", "urn:acme:2.0:User"}, k) {
				delete(o, k) // the fake is no parser of everything
			}
		}
		o["userName"], o["active"] = "ana", true
		p := scimtarget.RFC()
		if put {
			p.Users = scimtarget.Put
		}
		fake := &scimfake.Server{}
		server := httptest.NewServer(fake)
		defer server.Close()
		app, err := scimtarget.New(scimtarget.Config{
			Name: "crm", BaseURL: server.URL, Private: true, Profile: p, Attributes: attributes, ReadAttempts: 1,
		})
		if err != nil {
			t.Fatal(err)
		}
		defer app.Close()
		id := fake.AddUser(o)
		before, err := app.Find(t.Context(), target.Find{ID: id})
		if err != nil || len(before) != 1 {
			return // it is no user at all
		}
		name := names[int(which)%len(names)]
		if name == "emails.primary" && before[0].Attributes.Has("emails.work") || name == "emails.work" && before[0].Attributes.Has("emails.primary") {
			return // two names for what may be one place
		}
		got, err := app.Update(t.Context(), target.UpdateRequest{Ref: target.Ref{ID: id}, Set: target.Attrs(map[string]string{name: value})})
		if err != nil {
			if target.ClassOf(err) != target.Permanent {
				t.Fatalf("%s=%q: %v", name, value, err)
			}
			return
		}
		want := before[0].Attributes
		if value != "" {
			want = want.With(name, value)
			if name == "emails.work" || name == "emails.primary" {
				want = want.With("emails.primary", got.Attributes.Values("emails.primary")...).With("emails.work", got.Attributes.Values("emails.work")...).With(name, value)
			}
		}
		if got.Attributes != want {
			t.Fatalf("wrote %s=%q: got %v, want %v", name, value, got.Attributes, want)
		}
		stored := fake.User(id)
		again, err := app.Update(t.Context(), target.UpdateRequest{Ref: target.Ref{ID: id}, Set: target.Attrs(map[string]string{name: value})})
		if err != nil || again.Attributes != got.Attributes {
			t.Fatalf("again: %v, %v", again.Attributes, err)
		}
		if a, b := stored["nickName"], o["nickName"]; !equalJSON(a, b) {
			t.Fatalf("nickName was %v and is %v", b, a)
		}
		if a, b := others(stored), others(o); name != "vip" && name != "floor" && !equalJSON(a, b) && !put {
			t.Fatalf("the foreign extension was %v and is %v", b, a)
		}
	})
}

func others(o scimfake.Object) any {
	ext, ok := o["urn:acme:2.0:User"].(map[string]any)
	if !ok {
		return nil
	}
	return maps.Clone(ext)
}

func equalJSON(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}
