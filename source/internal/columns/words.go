package columns

import (
	"strings"

	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
)

// Usual lists the folded headings under which a field is commonly exported, the
// surest first.
type Usual struct {
	Field    string
	Headings []string
}

// UsualHeadings leaves out words that mean different things in different
// systems. "Manager" holds a name, an address or a number: it is read as a name,
// which nothing is decided by, unless it is an address. What is added here goes
// into the documentation of package csvsource with the flag -update of its tests.
func UsualHeadings() []Usual {
	of := func(field, headings string) Usual { return Usual{field, strings.Fields(headings)} }
	return []Usual{
		of("id", "employeeid workerid personid associateid staffid empid id employeenumber employeeno empno empnumber "+
			"employeecode staffnumber personnelnumber personnelno personalnummer mitarbeiternummer mitarbeiterid matricule"),
		of("employee_number", "employeenumber employeeno empno empnumber staffnumber personnelnumber personnelno "+
			"personalnummer mitarbeiternummer matricule"),
		of("formatted_name", "fullname employeename name formattedname"),
		of("given_name", "firstname givenname legalfirstname forename vorname prenom"),
		of("middle_name", "middlename"),
		of("family_name", "lastname familyname surname legallastname nachname familienname nomdefamille nom"),
		of("preferred_name", "preferredname preferredfirstname knownas nickname rufname"),
		of("display_name", "displayname anzeigename"),
		of("username", "username login loginname userid userprincipalname benutzername identifiant"),
		of("work_email", "workemail workemailaddress businessemail companyemail emailwork primaryworkemail email emailaddress "+
			"mail dienstlicheemail geschaeftlicheemail emaildienstlich emailprofessionnel courriel"),
		of("personal_email", "personalemail personalemailaddress homeemail privateemail emailpersonal privateemailadresse"),
		of("job_title", "jobtitle title position positiontitle businesstitle role stelle stellenbezeichnung funktion poste "+
			"intituleduposte"),
		of("department", "department departmentname dept deptname abteilung departement service"),
		of("department_code", "departmentcode deptcode"),
		of("department_id", "departmentid deptid"),
		of("team", "team teamname"),
		of("division", "division divisionname bereich"),
		of("business_unit", "businessunit businessunitname geschaeftsbereich"),
		of("legal_entity", "legalentity company companyname employer gesellschaft firma societe"),
		of("cost_center", "costcenter costcentre costcentername kostenstelle centredecout"),
		of("cost_center_code", "costcentercode costcentrecode"),
		of("location", "location worklocation office officelocation site standort arbeitsort lieudetravail"),
		of("location_code", "locationcode sitecode"),
		of("location_id", "locationid"),
		of("city", "city workcity stadt ville"),
		of("region", "region state province bundesland"),
		of("country", "country countrycode workcountry land pays"),
		of("time_zone", "timezone zeitzone fuseauhoraire"),
		of("manager", "managerid manageremployeeid supervisorid reportstoid supervisoremployeeid vorgesetzterid"),
		of("manager_employee_number", "manageremployeenumber managernumber supervisornumber vorgesetzterpersonalnummer"),
		of("manager_email", "manageremail managersemail supervisoremail manageremailaddress vorgesetzteremail"),
		of("manager_name", "managername manager supervisor reportsto supervisorname vorgesetzter vorgesetzte responsablehierarchique "+
			"superieurhierarchique"),
		of("groups", "groups gruppen groupes"),
		of("status", "status employmentstatus employeestatus workerstatus beschaeftigungsstatus statut"),
		of("employment_type", "employmenttype employeetype workertype contracttype beschaeftigungsart vertragsart typedecontrat"),
		of("hire_date", "hiredate dateofhire hiredon joiningdate dateofjoining eintrittsdatum eintritt datedembauche dateentree"),
		of("original_hire_date", "originalhiredate firsthiredate ersteintritt"),
		of("start_date", "startdate firstdayofwork workstartdate ersterarbeitstag"),
		of("termination_date", "terminationdate enddate employmentenddate contractenddate leavingdate dateofleaving leavedate "+
			"austrittsdatum austritt datedesortie datesortie datedefin"),
		of("last_day", "lastdayofwork lastday lastdayworked lastworkingday lastworkday letzterarbeitstag dernierjour"),
		of("terminated_at", "terminatedat"),
		of("updated_at", "updatedat lastmodified lastupdated lastchanged"),
	}
}

// StatusWords are the folded words of statuses.
func StatusWords() map[string]source.Status {
	return vocabulary.Of(map[source.Status]string{
		source.Candidate: "candidate applicant bewerber candidat",
		source.PreHire:   "prehire pending pendingstart pendinghire futurehire futurestart upcoming onboarding hired preboarding",
		source.Active:    "active current employed working aktiv actif rehired",
		source.OnLeave: "onleave leave loa leaveofabsence parentalleave maternityleave paternityleave sickleave sabbatical " +
			"beurlaubt elternzeit mutterschutz enconge congeparental",
		source.Suspended:  "suspended freigestellt suspendu",
		source.Terminated: "terminated former left leaver resigned separated dismissed ausgetreten gekuendigt sorti",
		source.Retired:    "retired rentner pensioniert retraite",
		source.Deceased:   "deceased verstorben decede",
		source.Deleted:    "deleted removed",
	})
}

// EmploymentWords are the folded words of employment types.
func EmploymentWords() map[string]source.EmploymentType {
	return vocabulary.Of(map[source.EmploymentType]string{
		source.FullTime:        "fulltime ft regularfulltime fulltimeemployee vollzeit tempsplein",
		source.PartTime:        "parttime pt regularparttime parttimeemployee teilzeit tempspartiel",
		source.Contractor:      "contractor contingent contingentworker external consultant extern prestataire",
		source.Intern:          "intern internship trainee praktikant praktikum stagiaire stage",
		source.Temporary:       "temporary temp fixedterm befristet interim interimaire cdd",
		source.Seasonal:        "seasonal saisonal saisonnier",
		source.Freelance:       "freelance freelancer freiberufler",
		source.Apprentice:      "apprentice apprenticeship auszubildender auszubildende azubi apprenti",
		source.WorkingStudent:  "workingstudent werkstudent werkstudentin",
		source.OtherEmployment: "other andere autre",
	})
}
