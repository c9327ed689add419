package fetch_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/provision-go/provision/internal/fetch"
)

// BenchmarkElements compares a list of 100,000 people that is read from a server
// with decoding the same bytes from memory.
func BenchmarkElements(b *testing.B) {
	type person struct {
		ID         string `json:"id"`
		FirstName  string `json:"firstName"`
		LastName   string `json:"lastName"`
		Email      string `json:"workEmail"`
		Department string `json:"department"`
		Manager    string `json:"supervisorEId"`
		Hired      string `json:"hireDate"`
		Status     string `json:"status"`
	}
	const people = 100_000
	var body bytes.Buffer
	body.WriteString(`{"employees":[`)
	for i := range people {
		if i > 0 {
			body.WriteByte(',')
		}
		fmt.Fprintf(&body, `{"id":"%d","firstName":"Ana","lastName":"Silva","workEmail":"ana.silva.%d@acme.example","department":"Engineering",`+
			`"supervisorEId":"%d","hireDate":"2024-03-04","status":"Active","jobTitle":"Engineer","location":"Berlin"}`, i, i, i/10)
	}
	body.WriteString(`]}`)

	b.Run("memory", func(b *testing.B) {
		b.SetBytes(int64(body.Len()))
		for b.Loop() {
			var list struct{ Employees []person }
			if err := json.Unmarshal(body.Bytes(), &list); err != nil || len(list.Employees) != people {
				b.Fatal(err)
			}
		}
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body.Bytes())
	}))
	defer server.Close()
	client, err := fetch.New(fetch.Config{System: "acme-hr", Base: server.URL, Private: true})
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	b.Run("stream", func(b *testing.B) {
		b.SetBytes(int64(body.Len()))
		for b.Loop() {
			n := 0
			for _, err := range fetch.Elements[person](b.Context(), client, fetch.Request{}, "employees") {
				if err != nil {
					b.Fatal(err)
				}
				n++
			}
			if n != people {
				b.Fatal(n)
			}
		}
	})
	b.Run("whole", func(b *testing.B) {
		b.SetBytes(int64(body.Len()))
		for b.Loop() {
			var list struct{ Employees []person }
			if _, err := client.JSON(b.Context(), fetch.Request{}, &list); err != nil || len(list.Employees) != people {
				b.Fatal(err)
			}
		}
	})
}
