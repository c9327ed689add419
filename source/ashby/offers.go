package ashby

import "github.com/provision-go/provision/internal/jsonscan"

// offer takes an offer with its latest version. Pay stands beside what is taken, and is
// skipped.
func (r *reading) offer(s *jsonscan.Scanner) (offer, error) {
	o := offer{values: make([]found, 0, 2)}
	err := s.Members(func(key []byte) error {
		switch string(key) {
		case "id":
			return id(s, &o.id)
		case "applicationId":
			return id(s, &o.application)
		case "offerStatus":
			return r.shared(s, &o.status)
		case "acceptanceStatus":
			return r.shared(s, &o.acceptance)
		case "decidedAt":
			return text(s, &o.decided)
		case "latestVersion":
			o.undated = s.Peek() == '{'
			return object(s, func(key string) error {
				switch key {
				case "startDate":
					o.undated = false
					return r.place(s, &o.values, "offer.startDate")
				case "customFields":
					return r.customFields(s, &o.values, "offer")
				}
				return s.Skip()
			})
		}
		return s.Skip()
	})
	if err == nil && (o.id == "" || o.application == "") {
		err = errID
	}
	return o, err
}

func readCandidate(s *jsonscan.Scanner) (candidate, error) {
	var c candidate
	err := s.Members(func(key []byte) error {
		switch string(key) {
		case "id":
			return id(s, &c.id)
		case "applicationIds":
			return array(s, func() error {
				var one string
				err := id(s, &one)
				if one != "" {
					c.applications = append(c.applications, one)
				}
				return err
			})
		}
		return s.Skip()
	})
	if err == nil && c.id == "" {
		err = errID
	}
	return c, err
}

func readPlace(s *jsonscan.Scanner) (place, error) {
	var p place
	err := s.Members(func(key []byte) error {
		switch string(key) {
		case "id":
			return id(s, &p.id)
		case "name":
			return text(s, &p.name)
		case "address":
			return object(s, func(key string) error {
				if key != "postalAddress" {
					return s.Skip()
				}
				return object(s, func(key string) error {
					switch key {
					case "addressLocality":
						return text(s, &p.city)
					case "addressRegion":
						return text(s, &p.region)
					case "addressCountry":
						return text(s, &p.country)
					}
					return s.Skip()
				})
			})
		}
		return s.Skip()
	})
	if err == nil && p.id == "" {
		err = errID
	}
	return p, err
}
