package people

// Word lists of a company. Names repeat as they do among employees: the first
// ones of a list are the most frequent.

var givenNames = []string{
	"Maria", "James", "Ana", "Mohammed", "Wei", "Sofia", "David", "Priya", "John", "Fatima", "Lukas", "Emma", "Yuki", "Carlos", "Olivia",
	"Daniel", "Aisha", "Thomas", "Chloe", "Rahul", "Ingrid", "Mateusz", "Elena", "Kwame", "Hannah", "Diego", "Leila", "Oliver", "Mei",
	"Samuel", "Charlotte", "Nikolai", "Amara", "Benjamin", "Giulia", "Tariq", "Katarzyna", "Alexander", "Linh", "Sebastian", "Zoe",
	"Christopher", "Ngozi", "Henrik", "Beatriz", "Jonathan", "Saoirse", "Vikram", "Marguerite", "Ahmed", "Annika", "Gabriel", "Isabella",
	"Dmitri", "Rosa", "Kenji", "Elizabeth", "Tomas", "Nadia", "Patrick", "Ximena", "Bartholomew", "Jo", "Li",
}

var familyNames = []string{
	"Smith", "Garcia", "Nguyen", "Muller", "Khan", "Silva", "Kim", "Patel", "Johnson", "Rossi", "Kowalski", "Tanaka", "Andersson", "Okafor",
	"Dubois", "Ivanova", "Martinez", "Chen", "O'Brien", "Schneider", "Hernandez", "Yilmaz", "van den Berg", "Williams", "Fernandes", "Singh",
	"Novak", "Larsen", "Mensah", "Haddad", "Papadopoulos", "Rodriguez", "Fischer", "Brown", "Costa", "Nakamura", "Lindqvist", "Moreau",
	"Abdullah", "Thompson", "Petrov", "Jimenez", "Weber", "Oyelaran", "MacDonald", "Horvath", "Santos", "Zhang", "Kaur", "Bergstrom", "Ali",
	"Montgomery", "Popescu", "Walker", "Castillo", "Hoffmann", "Das", "Virtanen", "Adeyemi", "Robinson", "Wojciechowski", "Sato", "Lopez", "Li",
}

// Departments of a company, each in a division.
var departments = []struct{ name, division string }{
	{"Software Engineering", "Product and Technology"},
	{"Customer Support", "Customer Operations"},
	{"Field Sales", "Revenue"},
	{"Warehouse Operations", "Supply Chain"},
	{"Transport Planning", "Supply Chain"},
	{"Account Management", "Revenue"},
	{"Quality Assurance", "Product and Technology"},
	{"Product Management", "Product and Technology"},
	{"Site Reliability", "Product and Technology"},
	{"Data and Analytics", "Product and Technology"},
	{"Financial Planning", "Finance and Legal"},
	{"Accounts Payable", "Finance and Legal"},
	{"People Operations", "People and Places"},
	{"Talent Acquisition", "People and Places"},
	{"Workplace Services", "People and Places"},
	{"Procurement", "Supply Chain"},
	{"Brand and Communications", "Revenue"},
	{"Information Security", "Product and Technology"},
	{"Legal and Compliance", "Finance and Legal"},
	{"Corporate Development", "Finance and Legal"},
}

// Families of job titles. Each has all levels.
var families = []string{
	"Software Engineer", "Support Specialist", "Account Executive", "Logistics Coordinator", "Operations Associate", "Account Manager",
	"Test Engineer", "Product Manager", "Reliability Engineer", "Data Analyst", "Financial Analyst", "Accountant", "People Partner",
	"Recruiter", "Office Coordinator", "Buyer", "Marketing Manager", "Security Analyst", "Legal Counsel", "Project Manager",
}

var levels = []string{"", "Senior ", "Lead ", "Junior "}

// Offices, each in a country.
var offices = []struct{ city, country, zone string }{
	{"Rotterdam", "NL", "Europe/Amsterdam"},
	{"Chicago", "US", "America/Chicago"},
	{"Hamburg", "DE", "Europe/Berlin"},
	{"Singapore", "SG", "Asia/Singapore"},
	{"São Paulo", "BR", "America/Sao_Paulo"},
	{"Warsaw", "PL", "Europe/Warsaw"},
	{"Bengaluru", "IN", "Asia/Kolkata"},
	{"Manchester", "GB", "Europe/London"},
	{"Vancouver", "CA", "America/Vancouver"},
	{"Melbourne", "AU", "Australia/Melbourne"},
}
