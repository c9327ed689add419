package workday

import "strings"

// groupFlags are the switches of a request, in the order of Worker_Response_GroupType:
// what is needed is asked for, and the organisations that are not mapped are left out.
// Workday sends pay, benefits and pictures only to who asks; personal data has no finer
// switch.
func groupFlags(cfg *Config) []string {
	var flags []string
	for _, row := range groupSwitches() {
		flag, prefix := row[0], row[1]
		wanted := true
		switch {
		case flag == "Include_Account_Provisioning":
			wanted = cfg.ProvisioningGroups
		case flag == "Exclude_Custom_Organizations":
			wanted = !mapsCustom(cfg.Units)
		case prefix != "":
			wanted = !mapsKind(cfg.Units, prefix)
		}
		if wanted {
			flags = append(flags, flag)
		}
	}
	return flags
}

// groupSwitches are the switches, and of those that leave organisations out the
// beginning of the types that they concern.
func groupSwitches() [][2]string {
	return [][2]string{
		{"Include_Reference"},
		{"Include_Personal_Information"},
		{"Include_Additional_Jobs"},
		{"Include_Employment_Information"},
		{"Include_Organizations"},
		{"Exclude_Organization_Support_Role_Data"},
		{"Exclude_Location_Hierarchies", "LOCATION_HIERARCHY"},
		{"Exclude_Cost_Centers", "COST_CENTER"},
		{"Exclude_Cost_Center_Hierarchies", "COST_CENTER_HIERARCHY"},
		{"Exclude_Companies", "COMPANY"},
		{"Exclude_Company_Hierarchies", "COMPANY_HIERARCHY"},
		{"Exclude_Matrix_Organizations", "MATRIX"},
		{"Exclude_Pay_Groups", "PAY_GROUP"},
		{"Exclude_Regions", "REGION"},
		{"Exclude_Region_Hierarchies", "REGION_HIERARCHY"},
		{"Exclude_Supervisory_Organizations", "SUPERVISORY"},
		{"Exclude_Teams", "TEAM"},
		{"Exclude_Custom_Organizations"},
		{"Include_Management_Chain_Data"},
		{"Include_Account_Provisioning"},
		{"Exclude_Funds", "FUND"},
		{"Exclude_Fund_Hierarchies", "FUND_HIERARCHY"},
		{"Exclude_Grants", "GRANT"},
		{"Exclude_Grant_Hierarchies", "GRANT_HIERARCHY"},
		{"Exclude_Business_Units", "BUSINESS_UNIT"},
		{"Exclude_Business_Unit_Hierarchies", "BUSINESS_UNIT_HIERARCHY"},
		{"Exclude_Programs", "PROGRAM"},
		{"Exclude_Program_Hierarchies", "PROGRAM_HIERARCHY"},
		{"Exclude_Gifts", "GIFT"},
		{"Exclude_Gift_Hierarchies", "GIFT_HIERARCHY"},
	}
}

// mapsKind reports whether a type of organisation that begins so is mapped.
func mapsKind(organizations map[string]string, prefix string) bool {
	for kind, field := range organizations {
		if field != "" && strings.HasPrefix(strings.ToUpper(kind), prefix) {
			return true
		}
	}
	return false
}

// mapsCustom reports whether a type is mapped that no other switch concerns: one of
// the company's own.
func mapsCustom(organizations map[string]string) bool {
	for kind, field := range organizations {
		if field == "" {
			continue
		}
		known := false
		for _, row := range groupSwitches() {
			known = known || row[1] != "" && strings.HasPrefix(strings.ToUpper(kind), row[1])
		}
		if !known {
			return true
		}
	}
	return false
}
