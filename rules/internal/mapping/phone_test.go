package mapping_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules/internal/mapping"
)

func TestE164(t *testing.T) {
	for _, c := range []struct{ phone, country, want string }{
		// National numbers, whose trunk prefix is not part of the number abroad.
		{"030 123456", "DE", "+4930123456"},
		{"030/123456", "DE", "+4930123456"},
		{"(030) 12 34 56-0", "de", "+49301234560"},
		{"0151 23456789", "DE", "+4915123456789"},
		{"0491 2345678", "DE", "+494912345678"}, // Leer, not Germany again
		{"020 7946 0123", "GB", "+442079460123"},
		{"7911 123456", "GB", "+447911123456"},
		{"01 42 34 56 78", "FR", "+33142345678"},
		{"6 12 34 56 78", "FR", "+33612345678"}, // a spreadsheet took the 0
		{"01 234567890", "AT", "+431234567890"},
		{"(212) 555-0123", "US", "+12125550123"},
		{"1-212-555-0123", "US", "+12125550123"},
		{"876-555-0123", "JM", "+18765550123"},
		{"06 1 234 5678", "HU", "+3612345678"},
		{"06 20 123 4567", "HU", "+36201234567"},
		{"8 (495) 123-45-67", "RU", "+74951234567"},
		{"812 123-45-67", "RU", "+78121234567"},
		{"8 (701) 123 45 67", "KZ", "+77011234567"},
		{"8 017 234 56 78", "BY", "+375172345678"},
		{"0 612 34567", "LT", "+37061234567"},
		{"8 612 34567", "LT", "+37061234567"}, // the prefix of old
		{"138 1234 5678", "CN", "+8613812345678"},
		{"010 1234 5678", "CN", "+861012345678"},
		{"03-1234-5678", "JP", "+81312345678"},
		{"010-1234-5678", "KR", "+821012345678"},
		{"0 98765 43210", "IN", "+919876543210"},
		{"(11) 91234-5678", "BR", "+5511912345678"},
		{"0412 345 678", "AU", "+61412345678"},
		{"011 44 12 34", "GA", "+24111441234"},
		{"038 123 456", "XK", "+38338123456"},
		// Without trunk prefix, and numbers that keep their 0.
		{"06 1234 5678", "IT", "+390612345678"},
		{"347 123 4567", "IT", "+393471234567"},
		{"06 698 12345", "VA", "+390669812345"},
		{"0549 886377", "SM", "+3780549886377"},
		{"01 23 45 67 89", "CI", "+2250123456789"},
		{"06 123 4567", "CG", "+242061234567"},
		{"01 95 12 34 56", "BJ", "+2290195123456"},
		{"912 345 678", "ES", "+34912345678"},
		{"601 123 456", "PL", "+48601123456"},
		{"55 1234 5678", "MX", "+525512345678"},
		{"21 23 45 67", "NO", "+4721234567"},
		// International numbers need no country, and do not mind another one.
		{"+49 30 123456", "", "+4930123456"},
		{"+49 30 123456", "US", "+4930123456"},
		{"+49 30 123456", "??", "+4930123456"},
		{"+49 (0)30 / 123456", "", "+4930123456"},
		{"+49 (0) 30 123456", "", "+4930123456"}, // as sure without parentheses
		{"+49 030 123456", "", "+4930123456"},
		{"(+49) 30 123456", "", "+4930123456"},
		{"+44 (0)20 7946 0123", "", "+442079460123"},
		{"+36 06 1 234 5678", "", "+3612345678"},
		{"+39 06 1234 5678", "", "+390612345678"},
		{"+1 212 555 0123", "", "+12125550123"},
		{"+1.212.555.0123", "", "+12125550123"},
		{"+7 701 123 45 67", "", "+77011234567"},
		{"+881 631 612 345", "", "+881631612345"},
		{"+247 62889", "", "+24762889"},
		{"+54 9 11 2345 6789", "", "+5491123456789"},
		{"\u00a0+49\u202f30\u2009123\u2011456", "", "+4930123456"},
		// What is dialled before international numbers, by country.
		{"0049 30 123456", "DE", "+4930123456"},
		{"0049 30 123456", "IT", "+4930123456"},
		{"011 49 30 123456", "US", "+4930123456"},
		{"0011 49 30 123456", "AU", "+4930123456"},
		{"010 49 30 123456", "JP", "+4930123456"},
		{"8~10 49 30 123456", "RU", ""}, // the sign for a second tone
		{"8 10 49 30 123456", "RU", "+4930123456"},

		// Unknown country.
		{"030 123456", "", ""},
		{"030 123456", "ZZ", ""},
		{"030 123456", "DEU", ""},
		{"06 1234 5678", "ıt", ""}, // a letter of its own
		{"030 123456", "AQ", ""},
		{"0049 30 123456", "", ""},
		{"0049 30 123456", "US", ""}, // 00 is not dialled there
		// Local numbers, and numbers that may be some.
		{"555-0123", "US", ""},
		{"123456", "DE", ""},
		{"30 123456", "DE", ""},
		{"7946 0123", "GB", ""},
		{"1234 5678", "CN", ""},
		{"6 1234 5678", "IT", ""}, // whose 0 is lost
		// Too short, too long, no such first digit.
		{"+", "", ""},
		{"+49", "", ""},
		{"+49 1", "", ""},
		{"+1 212 555 012", "", ""},
		{"+1 212 555 01234", "", ""},
		{"+1 012 555 0123", "", ""},
		{"012 555 0123", "US", ""},
		{"+49 1234567890123456", "", ""},
		{"0" + strings.Repeat("1", 15), "DE", ""},
		{strings.Repeat("1", 70), "DE", ""},
		{"0 012 345 678", "ES", ""},
		{"+34 0 912 345 678", "", ""},
		{"+225 01 23 45 67", "", ""}, // Côte d'Ivoire had eight digits until 2021
		// No such calling code.
		{"+999 123456789", "", ""},
		{"+210 123456789", "", ""},
		{"+0 123456789", "", ""},
		// Two readings.
		{"352 27 12 34", "LU", ""},
		{"27 12 34 56", "LU", "+35227123456"},
		{"+39 (0)347 123 4567", "", ""},
		{"+39 (0)6 1234 5678", "", ""},
		{"011 15-2345-6789", "AR", ""},
		{"11 2345-6789", "AR", ""},
		// What is not part of a number.
		{"", "DE", ""},
		{"none", "DE", ""},
		{"030 123456 x12", "DE", ""},
		{"030 123456 ext. 12", "DE", ""},
		{"+1 212 555 0123 #12", "", ""},
		{"+1 212 555 0123;12", "", ""},
		{"1-800-FLOWERS", "US", ""},
		{"tel:+4930123456", "", ""},
		{"030 123456, 030 123457", "DE", ""},
		{"030 123456/7", "DE", ""},
		{"030 1234567/030 1234568", "DE", ""},
		{"030/123/456", "DE", ""},
		{"/030 123456", "DE", ""},
		{"49+30123456", "DE", ""},
		{"++49 30 123456", "", ""},
		{"+49 +30 123456", "", ""},
		{"٠٣٠ ١٢٣٤٥٦", "DE", ""},
		{"＋49 30 123456", "", ""},
		{"030 123456\xff", "DE", ""},
		{"030\n123456", "DE", ""},
	} {
		assert.Equal(t, c.want, mapping.E164(c.phone, c.country), "E164(%+q, %q)", c.phone, c.country)
	}
}

// Some number with a calling code behind "+" is understood for every country
// but those where nobody has one.
func TestEveryCountryHasItsCallingCode(t *testing.T) {
	codes := map[string]string{}
	for line := range strings.Lines(callingCodes) {
		code, countries, _ := strings.Cut(strings.TrimSpace(line), " ")
		for country := range strings.FieldsSeq(countries) {
			codes[country] = code
		}
	}
	var none []string
	for _, country := range append(assigned(), "XK") {
		national, code := someNumber(country), codes[country]
		switch {
		case national == "":
			none = append(none, country)
			assert.Empty(t, code, country)
		case assert.NotEmpty(t, code, country):
			got := mapping.E164(national, country)
			assert.True(t, strings.HasPrefix(got, "+"+code), "%s in %s is %s", national, country, got)
			assert.Equal(t, got, mapping.E164(got, ""), country)
			assert.LessOrEqual(t, len(got), 16)
		}
	}
	slices.Sort(none)
	// The national numbers of Argentina are not certain.
	assert.Equal(t, []string{"AQ", "AR", "BV", "GS", "HM", "PN", "TF", "UM"}, none)
	assert.NotEmpty(t, mapping.E164("+541123456789", ""))
}

// someNumber returns a national number that E164 takes.
func someNumber(country string) string {
	for size := 4; size <= 15; size++ {
		for _, first := range []string{"0", "06", "8", "80", "1", "2", "7", "3", "9", "02", "05", "01"} {
			number := (first + strings.Repeat("23", 8))[:size]
			if mapping.E164(number, country) != "" {
				return number
			}
		}
	}
	return ""
}

// callingCodes is ITU's list of assigned codes, countries of ISO 3166-1 and XK.
const callingCodes = `1 AG AI AS BB BM BS CA DM DO GD GU JM KN KY LC MP MS PR SX TC TT US VC VG VI
7 KZ RU
20 EG
27 ZA
30 GR
31 NL
32 BE
33 FR
34 ES
36 HU
39 IT VA
40 RO
41 CH
43 AT
44 GB GG IM JE
45 DK
46 SE
47 NO SJ
48 PL
49 DE
51 PE
52 MX
53 CU
55 BR
56 CL
57 CO
58 VE
60 MY
61 AU CC CX
62 ID
63 PH
64 NZ
65 SG
66 TH
81 JP
82 KR
84 VN
86 CN
90 TR
91 IN
92 PK
93 AF
94 LK
95 MM
98 IR
211 SS
212 EH MA
213 DZ
216 TN
218 LY
220 GM
221 SN
222 MR
223 ML
224 GN
225 CI
226 BF
227 NE
228 TG
229 BJ
230 MU
231 LR
232 SL
233 GH
234 NG
235 TD
236 CF
237 CM
238 CV
239 ST
240 GQ
241 GA
242 CG
243 CD
244 AO
245 GW
246 IO
248 SC
249 SD
250 RW
251 ET
252 SO
253 DJ
254 KE
255 TZ
256 UG
257 BI
258 MZ
260 ZM
261 MG
262 RE YT
263 ZW
264 NA
265 MW
266 LS
267 BW
268 SZ
269 KM
290 SH
291 ER
297 AW
298 FO
299 GL
350 GI
351 PT
352 LU
353 IE
354 IS
355 AL
356 MT
357 CY
358 AX FI
359 BG
370 LT
371 LV
372 EE
373 MD
374 AM
375 BY
376 AD
377 MC
378 SM
380 UA
381 RS
382 ME
383 XK
385 HR
386 SI
387 BA
389 MK
420 CZ
421 SK
423 LI
500 FK
501 BZ
502 GT
503 SV
504 HN
505 NI
506 CR
507 PA
508 PM
509 HT
590 BL GP MF
591 BO
592 GY
593 EC
594 GF
595 PY
596 MQ
597 SR
598 UY
599 BQ CW
670 TL
672 NF
673 BN
674 NR
675 PG
676 TO
677 SB
678 VU
679 FJ
680 PW
681 WF
682 CK
683 NU
685 WS
686 KI
687 NC
688 TV
689 PF
690 TK
691 FM
692 MH
850 KP
852 HK
853 MO
855 KH
856 LA
880 BD
886 TW
960 MV
961 LB
962 JO
963 SY
964 IQ
965 KW
966 SA
967 YE
968 OM
970 PS
971 AE
972 IL
973 BH
974 QA
975 BT
976 MN
977 NP
992 TJ
993 TM
994 AZ
995 GE
996 KG
998 UZ
`
