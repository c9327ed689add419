package mapping

import "sort"

// Country3 returns the ISO 3166-1 alpha-3 code of a country that is given by its
// alpha-2 code, in upper case: "DE" gives "DEU". The case of the argument does
// not matter. It is missing if the code is none that is officially assigned, as
// "UK", "EU" and "XK" are not.
func Country3(alpha2 string) string {
	if len(alpha2) != 2 {
		return ""
	}
	alpha2 = Upper(alpha2)
	i := sort.Search(numCountries, func(i int) bool { return alpha2Of(i) >= alpha2 })
	if i < numCountries && alpha2Of(i) == alpha2 {
		return alpha3Of(i)
	}
	return ""
}

// Country2 is the inverse of [Country3]: "DEU" gives "DE".
func Country2(alpha3 string) string {
	if len(alpha3) != 3 {
		return ""
	}
	if alpha3 = Upper(alpha3); alpha3 == "" {
		return ""
	}
	for i := range numCountries {
		if at := i*countrySize + 3; countries[at] == alpha3[0] && countries[at:at+3] == alpha3 {
			return alpha2Of(i)
		}
	}
	return ""
}

const (
	countrySize  = len("AD=AND ")
	numCountries = len(countries) / countrySize
)

func alpha2Of(i int) string { return countries[i*countrySize:][:2] }

func alpha3Of(i int) string { return countries[i*countrySize:][3:6] }
