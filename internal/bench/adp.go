package main

import (
	"context"
	"encoding/json"
	"time"

	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/adp"
	"github.com/provision-go/provision/source/adp/adptest"
)

// readADP measures reading workers from ADP. Over loopback there is no TLS, so that what
// counts is the reading.
func readADP(ctx context.Context, r *results) error {
	authority, err := adptest.NewAuthority()
	if err != nil {
		return err
	}
	certificate, err := authority.Client(time.Now().Add(time.Hour))
	if err != nil {
		return err
	}
	reader := hireReader{
		figure: "adp-read", decode: decodeADP,
		fake: adptest.Verified(adptest.New(adptest.Config{People: adptest.Population(manyHires), Clock: people.Noon})),
		open: func(address string) (source.Source, error) {
			return adp.New(adp.Config{
				BaseURL: address, TokenURL: address + "/auth/oauth/v2/token", Private: true, Clock: people.Noon, Product: adp.WorkforceNow,
				Auth: adp.ClientCredentials("test-client", "test-secret", certificate),
			})
		},
	}
	return reader.measure(ctx, r)
}

type adpCode struct {
	CodeValue string `json:"codeValue"`
	ShortName string `json:"shortName"`
	LongName  string `json:"longName"`
}

type adpStatus struct {
	StatusCode adpCode `json:"statusCode"`
}

type adpID struct {
	IDValue string `json:"idValue"`
}

type adpName struct {
	FormattedName     string `json:"formattedName"`
	GivenName         string `json:"givenName"`
	MiddleName        string `json:"middleName"`
	FamilyName1Prefix string `json:"familyName1Prefix"`
	FamilyName1       string `json:"familyName1"`
	FamilyName2       string `json:"familyName2"`
	NickName          string `json:"nickName"`
}

type adpMails struct {
	Emails []struct {
		EmailURI string  `json:"emailUri"`
		NameCode adpCode `json:"nameCode"`
	} `json:"emails"`
}

// An adpWorker has the fields that the source takes.
type adpWorker struct {
	AssociateOID string    `json:"associateOID"`
	WorkerID     adpID     `json:"workerID"`
	WorkerStatus adpStatus `json:"workerStatus"`
	Person       struct {
		LegalName     adpName  `json:"legalName"`
		PreferredName adpName  `json:"preferredName"`
		Communication adpMails `json:"communication"`
	} `json:"person"`
	BusinessCommunication adpMails `json:"businessCommunication"`
	WorkerDates           struct {
		OriginalHireDate string `json:"originalHireDate"`
		RehireDate       string `json:"rehireDate"`
		TerminationDate  string `json:"terminationDate"`
	} `json:"workerDates"`
	WorkAssignments []struct {
		ItemID                  string    `json:"itemID"`
		PrimaryIndicator        bool      `json:"primaryIndicator"`
		AssignmentStatus        adpStatus `json:"assignmentStatus"`
		HireDate                string    `json:"hireDate"`
		ActualStartDate         string    `json:"actualStartDate"`
		TerminationDate         string    `json:"terminationDate"`
		JobTitle                string    `json:"jobTitle"`
		JobCode                 adpCode   `json:"jobCode"`
		WorkerTypeCode          adpCode   `json:"workerTypeCode"`
		WorkLevelCode           adpCode   `json:"workLevelCode"`
		HomeOrganizationalUnits []struct {
			TypeCode adpCode `json:"typeCode"`
			NameCode adpCode `json:"nameCode"`
		} `json:"homeOrganizationalUnits"`
		HomeWorkLocation struct {
			NameCode adpCode `json:"nameCode"`
			Address  struct {
				CityName                 string  `json:"cityName"`
				CountryCode              string  `json:"countryCode"`
				CountrySubdivisionLevel1 adpCode `json:"countrySubdivisionLevel1"`
			} `json:"address"`
		} `json:"homeWorkLocation"`
		ReportsTo []struct {
			AssociateOID              string  `json:"associateOID"`
			WorkerID                  adpID   `json:"workerID"`
			ReportsToWorkerName       adpName `json:"reportsToWorkerName"`
			ReportsToRelationshipCode adpCode `json:"reportsToRelationshipCode"`
		} `json:"reportsTo"`
	} `json:"workAssignments"`
}

func decodeADP(body []byte) (int, error) {
	var page struct{ Workers []adpWorker }
	if len(body) == 0 {
		return 0, nil
	}
	if err := json.Unmarshal(body, &page); err != nil {
		return 0, err
	}
	// All pages but the first begin with the last worker of the page before.
	n := len(page.Workers)
	if n > 0 && page.Workers[0].AssociateOID != adptest.Population(1)[0].AOID {
		n--
	}
	return n, nil
}
