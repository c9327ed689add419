// Package csvsource reads people from a file with one row per person, as every
// HR system can export it.
//
//	src, err := csvsource.New(csvsource.Config{Name: "hr-export", Path: "people.csv"})
//
// Headings are recognised by themselves where they have usual names; Columns
// names the others, and Require those without which the file is refused. The file
// is read row by row and never held in memory. It is UTF-8, with or without a byte
// order mark, or UTF-16 with one; Config.Encoding is for other ones.
//
// What is wrong with a cell costs that cell: the value is missing and a finding
// names line and column. Where it is the status or a date of employment, rules
// decide nothing for that person until it is put right. What is wrong with a row
// costs that row: the person is present but undecided, or, if it is not sure
// whose row it is, nobody can be called absent. What is wrong with the file is an
// error that names the line, and yields nothing to act on.
//
// # Limits
//
//	a row                   1 MiB, line breaks in quotes included; error
//	columns                 10,000; error
//	lines                   Config.MaxLines, 10,000,000 unless set; error
//	a value                 1024 bytes; missing, with a finding
//	an ID                   256 bytes; a row that belongs to nobody
//	findings                the first 1,000 of a kind, see source.Snapshot.Findings
//
// # What comes of a broken file
//
// An error: nothing happens at all.
//
//	no file, no heading, no column for the ID, a heading that comes twice
//	a heading named in Columns or Custom, or a column of Require, that is not there
//	a second heading with other columns further down
//	a spreadsheet, PDF, gzip, HTML, JSON, control characters in the heading
//	lines that end with a carriage return alone
//	a quote that is opened and not closed, or closed on another line than it should
//	a file that is written while it is read (where it has a size and a time)
//
// Nobody's row ([source.CodeNoID]): nobody can be called absent in this read. People
// who are listed are decided as always.
//
//	a row without an ID, or with one that no system writes: NULL, n/a, #REF!,
//	4.2E+03, digits of two scripts, invisible characters
//	a row of the wrong shape whose ID does not come first, or is cut
//	a row that may hold another one: a lost line end, or two stray quotes
//	a last line without a line end: the file may be cut short, see Config.OpenEnd
//
// A bad row ([source.CodeBadRow]): of the person only the ID is taken, and nothing is
// decided. The ID counts if it comes first.
//
//	more or fewer cells than the heading, if only by an empty one: a comma without
//	quotes looks the same, and moves everything behind it
//	a quote in the middle of a cell
//	the last line, if it has no line end
//
// A missing value. It leaves a finding ([source.CodeBadValue]) unless it says that
// there is none.
//
//	empty, NULL, null, (null), <null>, \N, undefined, N/A, n/a         no finding
//	dates: also what source.NoDate knows, such as 0000-00-00 and "-"   no finding
//	errors of spreadsheets: #REF!, #N/A, #NAME?, #VALUE!, #### …
//	bytes that are not valid in the encoding; control, invisible and direction characters
//	dates in no known layout, or in two that read it differently
//	words of a status or an employment type that nobody mapped
//
// Taken as it is: formulas ("=cmd()" is a text), "None" and "-" in texts, names in
// every script, leading zeros, a heading that comes again unchanged (with a finding).
//
// What no file shows, the engine has to catch: rows that were left out at a line's end
// (a source that shrinks proves nobody's absence), IDs that lost their zeros (where
// logins are unique, none is given twice, and the account of the old ID stays open),
// values that are plausible and wrong (guards).
//
// # Usual headings
//
// Headings are compared in lower case, letters and digits only, with umlauts and
// accents written out: "Employee ID", "employee_id" and "EmployeeID" are
// employeeid. Of several headings of one field the first in this table is taken;
// a finding names the others. [Source.Mapping] tells which column feeds which
// field.
//
//	id                      employeeid workerid personid associateid staffid empid id
//	                        employeenumber employeeno empno empnumber employeecode staffnumber
//	                        personnelnumber personnelno personalnummer mitarbeiternummer
//	                        mitarbeiterid matricule
//	employee_number         employeenumber employeeno empno empnumber staffnumber
//	                        personnelnumber personnelno personalnummer mitarbeiternummer
//	                        matricule
//	formatted_name          fullname employeename name formattedname
//	given_name              firstname givenname legalfirstname forename vorname prenom
//	middle_name             middlename
//	family_name             lastname familyname surname legallastname nachname familienname
//	                        nomdefamille nom
//	preferred_name          preferredname preferredfirstname knownas nickname rufname
//	display_name            displayname anzeigename
//	username                username login loginname userid userprincipalname benutzername
//	                        identifiant
//	work_email              workemail workemailaddress businessemail companyemail emailwork
//	                        primaryworkemail email emailaddress mail dienstlicheemail
//	                        geschaeftlicheemail emaildienstlich emailprofessionnel courriel
//	personal_email          personalemail personalemailaddress homeemail privateemail
//	                        emailpersonal privateemailadresse
//	job_title               jobtitle title position positiontitle businesstitle role stelle
//	                        stellenbezeichnung funktion poste intituleduposte
//	department              department departmentname dept deptname abteilung departement
//	                        service
//	department_code         departmentcode deptcode
//	department_id           departmentid deptid
//	team                    team teamname
//	division                division divisionname bereich
//	business_unit           businessunit businessunitname geschaeftsbereich
//	legal_entity            legalentity company companyname employer gesellschaft firma societe
//	cost_center             costcenter costcentre costcentername kostenstelle centredecout
//	cost_center_code        costcentercode costcentrecode
//	location                location worklocation office officelocation site standort arbeitsort
//	                        lieudetravail
//	location_code           locationcode sitecode
//	location_id             locationid
//	city                    city workcity stadt ville
//	region                  region state province bundesland
//	country                 country countrycode workcountry land pays
//	time_zone               timezone zeitzone fuseauhoraire
//	manager                 managerid manageremployeeid supervisorid reportstoid
//	                        supervisoremployeeid vorgesetzterid
//	manager_employee_number manageremployeenumber managernumber supervisornumber
//	                        vorgesetzterpersonalnummer
//	manager_email           manageremail managersemail supervisoremail manageremailaddress
//	                        vorgesetzteremail
//	manager_name            managername manager supervisor reportsto supervisorname vorgesetzter
//	                        vorgesetzte responsablehierarchique superieurhierarchique
//	groups                  groups gruppen groupes
//	status                  status employmentstatus employeestatus workerstatus
//	                        beschaeftigungsstatus statut
//	employment_type         employmenttype employeetype workertype contracttype
//	                        beschaeftigungsart vertragsart typedecontrat
//	hire_date               hiredate dateofhire hiredon joiningdate dateofjoining eintrittsdatum
//	                        eintritt datedembauche dateentree
//	original_hire_date      originalhiredate firsthiredate ersteintritt
//	start_date              startdate firstdayofwork workstartdate ersterarbeitstag
//	termination_date        terminationdate enddate employmentenddate contractenddate
//	                        leavingdate dateofleaving leavedate austrittsdatum austritt
//	                        datedesortie datesortie datedefin
//	last_day                lastdayofwork lastday lastdayworked lastworkingday lastworkday
//	                        letzterarbeitstag dernierjour
//	terminated_at           terminatedat
//	updated_at              updatedat lastmodified lastupdated lastchanged
//
// Where there is no other column for the ID, that of the employee number is taken
// for both. Make sure that the system never gives such a number to somebody else,
// and that nobody gets a new one with a rehire.
//
// A column of managers' names may hold addresses, alone or as "Bo Li
// <bo@acme.example>": those become manager_email, and lead to the person.
//
// # Usual words
//
// The words of a status, compared like headings; Config.Status adds to them:
//
//	candidate               applicant bewerber candidat candidate
//	prehire                 futurehire futurestart hired onboarding pending pendinghire
//	                        pendingstart preboarding prehire upcoming
//	active                  actif active aktiv current employed rehired working
//	on_leave                beurlaubt congeparental elternzeit enconge leave leaveofabsence loa
//	                        maternityleave mutterschutz onleave parentalleave paternityleave
//	                        sabbatical sickleave
//	suspended               freigestellt suspended suspendu
//	terminated              ausgetreten dismissed former gekuendigt leaver left resigned
//	                        separated sorti terminated
//	retired                 pensioniert rentner retired retraite
//	deceased                deceased decede verstorben
//	deleted                 deleted removed
//
// The words of an employment type; Config.EmploymentType adds to them:
//
//	full_time               ft fulltime fulltimeemployee regularfulltime tempsplein vollzeit
//	part_time               parttime parttimeemployee pt regularparttime teilzeit tempspartiel
//	contractor              consultant contingent contingentworker contractor extern external
//	                        prestataire
//	intern                  intern internship praktikant praktikum stage stagiaire trainee
//	temporary               befristet cdd fixedterm interim interimaire temp temporary
//	seasonal                saisonal saisonnier seasonal
//	freelance               freelance freelancer freiberufler
//	apprentice              apprenti apprentice apprenticeship auszubildende auszubildender
//	                        azubi
//	working_student         werkstudent werkstudentin workingstudent
//	other                   andere autre other
package csvsource
