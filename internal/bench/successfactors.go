package main

import (
	"context"
	"encoding/json"

	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/successfactors"
	"github.com/provision-go/provision/source/successfactors/successfactorstest"
)

// readSuccessFactors measures reading people from SuccessFactors. The jobs of people
// who have not started are left out: they come a second time, which the limit would not
// count.
func readSuccessFactors(ctx context.Context, r *results) error {
	cfg := successfactorstest.Population(manyHires)
	cfg.Clock, cfg.Tokens = people.Noon, []string{"bench"}
	reader := hireReader{
		figure: "successfactors-read", fake: successfactorstest.New(cfg), decode: decodeSuccessFactors,
		open: func(address string) (source.Source, error) {
			return successfactors.New(successfactors.Config{
				BaseURL: address + "/odata/v2", Private: true, Clock: people.Noon, NoPreHireJobs: true,
				Auth: successfactors.Token(func(context.Context) (string, error) { return "bench", nil }, nil),
			})
		},
	}
	return reader.measure(ctx, r)
}

// An employeeCentral has the properties that the source asks for.
type employeeCentral struct {
	PersonIDExternal     string                      `json:"personIdExternal"`
	PerPersonUUID        string                      `json:"employeeCentralUuid"`
	LastModifiedDateTime string                      `json:"lastModifiedDateTime"`
	PersonalInfoNav      struct{ Results []names }   `json:"personalInfoNav"`
	EmailNav             struct{ Results []address } `json:"emailNav"`
	EmploymentNav        struct{ Results []work }    `json:"employmentNav"`
}

type names struct {
	FirstName     string `json:"firstName"`
	MiddleName    string `json:"middleName"`
	LastName      string `json:"lastName"`
	PreferredName string `json:"preferredName"`
	DisplayName   string `json:"displayName"`
	StartDate     string `json:"startDate"`
	EndDate       string `json:"endDate"`
}

type address struct {
	EmailAddress string `json:"emailAddress"`
	EmailType    string `json:"emailType"`
	IsPrimary    bool   `json:"isPrimary"`
	EmailTypeNav code   `json:"emailTypeNav"`
}

type code struct {
	ExternalCode string `json:"externalCode"`
}

type work struct {
	UserID             string `json:"userId"`
	StartDate          string `json:"startDate"`
	EndDate            string `json:"endDate"`
	OriginalStartDate  string `json:"originalStartDate"`
	AssignmentClass    string `json:"assignmentClass"`
	IsContingentWorker bool   `json:"isContingentWorker"`
	UserNav            struct {
		Username string `json:"username"`
		Status   string `json:"status"`
	} `json:"userNav"`
	JobInfoNav struct{ Results []empJob } `json:"jobInfoNav"`
}

type object struct {
	ExternalCode  string `json:"externalCode"`
	Name          string `json:"name"`
	NameLocalized string `json:"name_localized"`
}

type empJob struct {
	StartDate        string `json:"startDate"`
	EndDate          string `json:"endDate"`
	SeqNumber        string `json:"seqNumber"`
	EmplStatus       string `json:"emplStatus"`
	EmplStatusNav    code   `json:"emplStatusNav"`
	EmployeeClassNav code   `json:"employeeClassNav"`
	JobTitle         string `json:"jobTitle"`
	ManagerID        string `json:"managerId"`
	Timezone         string `json:"timezone"`
	Department       string `json:"department"`
	Division         string `json:"division"`
	BusinessUnit     string `json:"businessUnit"`
	Company          string `json:"company"`
	CostCenter       string `json:"costCenter"`
	Location         string `json:"location"`
	DepartmentNav    object `json:"departmentNav"`
	DivisionNav      object `json:"divisionNav"`
	BusinessUnitNav  object `json:"businessUnitNav"`
	CompanyNav       object `json:"companyNav"`
	CostCenterNav    object `json:"costCenterNav"`
	LocationNav      object `json:"locationNav"`
}

func decodeSuccessFactors(body []byte) (int, error) {
	var page struct {
		D struct{ Results []employeeCentral }
	}
	err := json.Unmarshal(body, &page)
	return len(page.D.Results), err
}
