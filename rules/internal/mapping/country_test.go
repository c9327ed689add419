package mapping_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules/internal/mapping"
)

// assigned returns every alpha-2 code that Country3 knows.
func assigned() []string {
	var codes []string
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			if code := string(a) + string(b); mapping.Country3(code) != "" {
				codes = append(codes, code)
			}
		}
	}
	return codes
}

func TestCountriesAreABijection(t *testing.T) {
	codes := assigned()
	require.Len(t, codes, 249)
	from := map[string]string{}
	for _, alpha2 := range codes {
		alpha3 := mapping.Country3(alpha2)
		assert.Regexp(t, "^[A-Z]{3}$", alpha3)
		assert.Empty(t, from[alpha3], "%s is that of %s too", alpha3, alpha2)
		from[alpha3] = alpha2
		assert.Equal(t, alpha2, mapping.Country2(alpha3))
		assert.Equal(t, alpha3, mapping.Country3(strings.ToLower(alpha2)))
		assert.Equal(t, alpha2, mapping.Country2(strings.ToLower(alpha3)))
	}
	known := 0
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			for c := 'A'; c <= 'Z'; c++ {
				if alpha3 := string(a) + string(b) + string(c); mapping.Country2(alpha3) != "" {
					assert.Equal(t, alpha3, mapping.Country3(mapping.Country2(alpha3)))
					known++
				}
			}
		}
	}
	assert.Equal(t, 249, known)
}

// A second copy of all alpha-3 codes, in the order of alpha-2: the table is not
// changed by accident.
func TestCountriesAreThoseOfTheStandard(t *testing.T) {
	var got []string
	for _, alpha2 := range assigned() {
		got = append(got, mapping.Country3(alpha2))
	}
	assert.Equal(t, strings.Fields(`
AND ARE AFG ATG AIA ALB ARM AGO ATA ARG ASM AUT AUS ABW ALA AZE BIH BRB BGD BEL BFA BGR BHR BDI BEN BLM BMU BRN
BOL BES BRA BHS BTN BVT BWA BLR BLZ CAN CCK COD CAF COG CHE CIV COK CHL CMR CHN COL CRI CUB CPV CUW CXR CYP CZE
DEU DJI DNK DMA DOM DZA ECU EST EGY ESH ERI ESP ETH FIN FJI FLK FSM FRO FRA GAB GBR GRD GEO GUF GGY GHA GIB GRL
GMB GIN GLP GNQ GRC SGS GTM GUM GNB GUY HKG HMD HND HRV HTI HUN IDN IRL ISR IMN IND IOT IRQ IRN ISL ITA JEY JAM
JOR JPN KEN KGZ KHM KIR COM KNA PRK KOR KWT CYM KAZ LAO LBN LCA LIE LKA LBR LSO LTU LUX LVA LBY MAR MCO MDA MNE
MAF MDG MHL MKD MLI MMR MNG MAC MNP MTQ MRT MSR MLT MUS MDV MWI MEX MYS MOZ NAM NCL NER NFK NGA NIC NLD NOR NPL
NRU NIU NZL OMN PAN PER PYF PNG PHL PAK POL SPM PCN PRI PSE PRT PLW PRY QAT REU ROU SRB RUS RWA SAU SLB SYC SDN
SWE SGP SHN SVN SJM SVK SLE SMR SEN SOM SUR SSD STP SLV SXM SYR SWZ TCA TCD ATF TGO THA TJK TKL TLS TKM TUN TON
TUR TTO TUV TWN TZA UKR UGA UMI USA URY UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM MYT ZAF ZMB ZWE
`), got)
}

func TestCountries(t *testing.T) {
	// Those that are easily mixed up.
	for alpha2, alpha3 := range map[string]string{
		"DE": "DEU", "GB": "GBR", "US": "USA", "UM": "UMI", "CH": "CHE", "CN": "CHN", "AT": "AUT", "AU": "AUS",
		"AX": "ALA", "AQ": "ATA", "TF": "ATF", "KM": "COM", "YT": "MYT", "EH": "ESH", "GQ": "GNQ", "GN": "GIN",
		"GW": "GNB", "KP": "PRK", "KR": "KOR", "CD": "COD", "CG": "COG", "BQ": "BES", "BL": "BLM", "MF": "MAF",
		"SX": "SXM", "ME": "MNE", "MK": "MKD", "MN": "MNG", "MS": "MSR", "NE": "NER", "NG": "NGA", "PM": "SPM",
		"PN": "PCN", "PT": "PRT", "PS": "PSE", "RS": "SRB", "SE": "SWE", "SI": "SVN", "SK": "SVK", "SJ": "SJM",
		"SS": "SSD", "SD": "SDN", "TL": "TLS", "UA": "UKR", "VA": "VAT", "VI": "VIR", "VG": "VGB", "WF": "WLF",
	} {
		assert.Equal(t, alpha3, mapping.Country3(alpha2))
	}
	for _, none := range []string{"", "D", "DEU", "UK", "EU", "XK", "AN", "YU", "SU", "ZZ", "D ", "D=", "=D", " D", "D1", "dé", "ＤＥ", "N\xff"} {
		assert.Empty(t, mapping.Country3(none), "%+q", none)
	}
	for _, none := range []string{"", "DE", "ıs", "DEUT", "XKX", "ROM", "ANT", "DE ", "E=A", "=AN", " AE", "ND ", "U A", "dé", "\xff\xff\xff"} {
		assert.Empty(t, mapping.Country2(none), "%+q", none)
	}
}
