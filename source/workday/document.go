package workday

import (
	"strconv"
	"strings"
)

// A document is what is known of an answer while it is read.
type document struct {
	response   bool // it is an answer to Get_Workers
	results    results
	fault      soapFault
	worker     worker // the present one
	calculated calculation
	done       func(w *worker)
	common     map[string]string
}

// results are the numbers of Response_Results; -1 for one that is missing.
type results struct{ total, pages, onPage, page int }

// keep returns a text, and one that many people have only once.
func (d *document) keep(text []byte, common bool) string {
	if !common {
		return string(text)
	}
	if kept, ok := d.common[string(text)]; ok {
		return kept
	}
	kept := string(text)
	const most = 1 << 14
	if len(d.common) < most {
		d.common[kept] = kept
	}
	return kept
}

// number reads one of the results.
func number(text string) int {
	// xsd:decimal: some writers add ".0".
	whole, fraction, _ := strings.Cut(text, ".")
	n, err := strconv.Atoi(whole)
	if err != nil || n < 0 || strings.Trim(fraction, "0") != "" {
		return -1
	}
	return n
}

// answerShape is the shape of every answer: workers, or a fault.
func answerShape(columns []column, cfg *Config) *shape {
	root := &shape{}
	response := root.at("Envelope/Body/Get_Workers_Response")
	response.onShut(func(d *document) { d.response = true })
	counts := map[string]func(r *results) *int{
		"Total_Results": func(r *results) *int { return &r.total },
		"Total_Pages":   func(r *results) *int { return &r.pages },
		"Page_Results":  func(r *results) *int { return &r.onPage },
		"Page":          func(r *results) *int { return &r.page },
	}
	for name, count := range counts {
		response.at("Response_Results/" + name).onText(func(d *document, text, _ string) { *count(&d.results) = number(text) })
	}
	workerShape(response.at("Response_Data/Worker"), columns, cfg)
	faultShape(root.at("Envelope/Body/Fault"))
	return root
}
