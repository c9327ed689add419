package mapping_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules/internal/mapping"
)

func TestFormatDate(t *testing.T) {
	for _, c := range []struct {
		layout     string
		want, late string // on 2026-03-05 and 0987-12-31
	}{
		{"YYYY-MM-DD", "2026-03-05", "0987-12-31"},
		{"YYYYMMDD", "20260305", "09871231"},
		{"DD.MM.YYYY", "05.03.2026", "31.12.0987"},
		{"D.M.YY", "5.3.26", "31.12.87"},
		{"M/D/YYYY", "3/5/2026", "12/31/0987"},
		{"D, M : YY_", "5, 3 : 26_", "31, 12 : 87_"},
		{"MMDD", "0305", "1231"},
		{"YYMMDD", "260305", "871231"},
		{"YYYY", "2026", "0987"},
		{"D", "5", "31"},
		{"DDMM", "0503", "3112"},
		{" YY ", " 26 ", " 87 "},
	} {
		assert.NoError(t, mapping.CheckLayout(c.layout), c.layout)
		assert.Equal(t, c.want, mapping.FormatDate(2026, time.March, 5, c.layout), c.layout)
		assert.Equal(t, c.late, mapping.FormatDate(987, time.December, 31, c.layout), c.layout)
	}
}

func TestFormatDateNeedsADate(t *testing.T) {
	const layout = "YYYY-MM-DD"
	for _, c := range []struct {
		year  int
		month time.Month
		day   int
		want  string
	}{
		{2024, time.February, 29, "2024-02-29"},
		{2023, time.February, 29, ""},
		{1900, time.February, 29, ""},
		{2000, time.February, 29, "2000-02-29"},
		{2026, time.April, 31, ""},
		{2026, 0, 1, ""},
		{2026, 13, 1, ""},
		{2026, 1, 0, ""},
		{2026, 1, 32, ""},
		{2026, -1, -1, ""},
		{0, 1, 1, ""},
		{-1, 1, 1, ""},
		{1, 1, 1, "0001-01-01"},
		{9999, 12, 31, "9999-12-31"},
		{10000, 1, 1, ""},
	} {
		assert.Equal(t, c.want, mapping.FormatDate(c.year, c.month, c.day, layout), c)
	}
}

func TestCheckLayout(t *testing.T) {
	const allowed = `write YYYY, YY, MM, M, DD or D, with spaces or - / . , : _ between them`
	const loose = `next to M and D, which have one digit or two, put a separator, or write MM and DD`
	for layout, want := range map[string]string{
		"":                      `date layout "": there is no date in it: ` + allowed,
		"-":                     `date layout "-": there is no date in it: ` + allowed,
		"yyyy-MM-DD":            `date layout "yyyy-MM-DD": "yyyy" is no word of a layout, write YYYY`,
		"YYYY-mm":               `date layout "YYYY-mm": "mm" is no word of a layout, write MM`,
		"YYY":                   `date layout "YYY": "YYY" cannot be in it: ` + allowed,
		"MMM":                   `date layout "MMM": "MMM" cannot be in it: ` + allowed,
		"hh":                    `date layout "hh": "h" cannot be in it: ` + allowed,
		"YYYY年":                 `date layout "YYYY年": "年" cannot be in it: ` + allowed,
		"YYYY-07":               `date layout "YYYY-07": "0" cannot be in it: ` + allowed,
		"YY\xff":                `date layout "YY\xff": "` + "\ufffd" + `" cannot be in it: ` + allowed,
		"2006-01-02":            `date layout "2006-01-02": "2" cannot be in it: ` + allowed,
		"DD/DD":                 `date layout "DD/DD": DD is there a second time: have each of year, month and day once`,
		"YYYY YY":               `date layout "YYYY YY": YY is there a second time: have each of year, month and day once`,
		"YYYYMD":                `date layout "YYYYMD": ` + loose,
		"MDD":                   `date layout "MDD": ` + loose,
		"MMD":                   `date layout "MMD": ` + loose,
		"YYYY-DMM":              `date layout "YYYY-DMM": ` + loose,
		strings.Repeat("-", 33): `date layout "…": it has 33 bytes, shorten it to 32`,
	} {
		assert.EqualError(t, mapping.CheckLayout(layout), want)
		assert.Empty(t, mapping.FormatDate(2026, time.March, 5, layout), layout)
	}
}
