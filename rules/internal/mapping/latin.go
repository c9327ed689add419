package mapping

// latin returns how a letter of the Latin script is written in ASCII, "" if it
// is none of them. It covers the Unicode blocks Latin-1 Supplement, Latin
// Extended-A, -B and Additional as far as their letters are ASCII letters with
// accents (by canonical and compatible decomposition), and the letters that do
// not decompose.
//
// It is a table of ours and not a library's so that names never come out
// differently after an upgrade.
func latin(r rune) string {
	switch r {
	case 'À', 'Á', 'Â', 'Ã', 'Ä', 'Å', 'Ā', 'Ă', 'Ą', 'Ǎ', 'Ǟ', 'Ǡ', 'Ǻ', 'Ȁ', 'Ȃ', 'Ȧ', 'Ḁ', 'Ạ', 'Ả', 'Ấ', 'Ầ',
		'Ẩ', 'Ẫ', 'Ậ', 'Ắ', 'Ằ', 'Ẳ', 'Ẵ', 'Ặ':
		return "A"
	case 'à', 'á', 'â', 'ã', 'ä', 'å', 'ā', 'ă', 'ą', 'ǎ', 'ǟ', 'ǡ', 'ǻ', 'ȁ', 'ȃ', 'ȧ', 'ḁ', 'ạ', 'ả', 'ấ', 'ầ',
		'ẩ', 'ẫ', 'ậ', 'ắ', 'ằ', 'ẳ', 'ẵ', 'ặ':
		return "a"
	case 'Æ', 'Ǣ', 'Ǽ':
		return "AE"
	case 'æ', 'ǣ', 'ǽ':
		return "ae"
	case 'Ḃ', 'Ḅ', 'Ḇ':
		return "B"
	case 'ḃ', 'ḅ', 'ḇ':
		return "b"
	case 'Ç', 'Ć', 'Ĉ', 'Ċ', 'Č', 'Ḉ':
		return "C"
	case 'ç', 'ć', 'ĉ', 'ċ', 'č', 'ḉ':
		return "c"
	case 'Ð', 'Ď', 'Đ', 'Ḋ', 'Ḍ', 'Ḏ', 'Ḑ', 'Ḓ':
		return "D"
	case 'ð', 'ď', 'đ', 'ḋ', 'ḍ', 'ḏ', 'ḑ', 'ḓ':
		return "d"
	case 'Ǆ', 'Ǳ':
		return "DZ"
	case 'ǅ', 'ǲ':
		return "Dz"
	case 'ǆ', 'ǳ':
		return "dz"
	case 'È', 'É', 'Ê', 'Ë', 'Ē', 'Ĕ', 'Ė', 'Ę', 'Ě', 'Ə', 'Ȅ', 'Ȇ', 'Ȩ', 'Ḕ', 'Ḗ', 'Ḙ', 'Ḛ', 'Ḝ', 'Ẹ', 'Ẻ', 'Ẽ',
		'Ế', 'Ề', 'Ể', 'Ễ', 'Ệ':
		return "E"
	case 'è', 'é', 'ê', 'ë', 'ē', 'ĕ', 'ė', 'ę', 'ě', 'ȅ', 'ȇ', 'ȩ', 'ə', 'ḕ', 'ḗ', 'ḙ', 'ḛ', 'ḝ', 'ẹ', 'ẻ', 'ẽ',
		'ế', 'ề', 'ể', 'ễ', 'ệ':
		return "e"
	case 'Ḟ':
		return "F"
	case 'ḟ':
		return "f"
	case 'ﬀ':
		return "ff"
	case 'ﬃ':
		return "ffi"
	case 'ﬄ':
		return "ffl"
	case 'ﬁ':
		return "fi"
	case 'ﬂ':
		return "fl"
	case 'Ĝ', 'Ğ', 'Ġ', 'Ģ', 'Ǧ', 'Ǵ', 'Ḡ':
		return "G"
	case 'ĝ', 'ğ', 'ġ', 'ģ', 'ǧ', 'ǵ', 'ḡ':
		return "g"
	case 'Ĥ', 'Ħ', 'Ȟ', 'Ḣ', 'Ḥ', 'Ḧ', 'Ḩ', 'Ḫ':
		return "H"
	case 'ĥ', 'ħ', 'ȟ', 'ḣ', 'ḥ', 'ḧ', 'ḩ', 'ḫ', 'ẖ':
		return "h"
	case 'Ì', 'Í', 'Î', 'Ï', 'Ĩ', 'Ī', 'Ĭ', 'Į', 'İ', 'Ǐ', 'Ȉ', 'Ȋ', 'Ḭ', 'Ḯ', 'Ỉ', 'Ị':
		return "I"
	case 'ì', 'í', 'î', 'ï', 'ĩ', 'ī', 'ĭ', 'į', 'ı', 'ǐ', 'ȉ', 'ȋ', 'ḭ', 'ḯ', 'ỉ', 'ị':
		return "i"
	case 'Ĳ':
		return "IJ"
	case 'ĳ':
		return "ij"
	case 'Ĵ':
		return "J"
	case 'ĵ', 'ǰ':
		return "j"
	case 'Ķ', 'Ǩ', 'Ḱ', 'Ḳ', 'Ḵ':
		return "K"
	case 'ķ', 'ĸ', 'ǩ', 'ḱ', 'ḳ', 'ḵ':
		return "k"
	case 'Ĺ', 'Ļ', 'Ľ', 'Ł', 'Ḷ', 'Ḹ', 'Ḻ', 'Ḽ':
		return "L"
	case 'ĺ', 'ļ', 'ľ', 'ł', 'ḷ', 'ḹ', 'ḻ', 'ḽ':
		return "l"
	case 'Ǉ':
		return "LJ"
	case 'ǈ':
		return "Lj"
	case 'ǉ':
		return "lj"
	case 'Ḿ', 'Ṁ', 'Ṃ':
		return "M"
	case 'ḿ', 'ṁ', 'ṃ':
		return "m"
	case 'Ñ', 'Ń', 'Ņ', 'Ň', 'Ŋ', 'Ǹ', 'Ṅ', 'Ṇ', 'Ṉ', 'Ṋ':
		return "N"
	case 'ñ', 'ń', 'ņ', 'ň', 'ŋ', 'ǹ', 'ṅ', 'ṇ', 'ṉ', 'ṋ':
		return "n"
	case 'Ǌ':
		return "NJ"
	case 'ǋ':
		return "Nj"
	case 'ǌ':
		return "nj"
	case 'Ò', 'Ó', 'Ô', 'Õ', 'Ö', 'Ø', 'Ō', 'Ŏ', 'Ő', 'Ơ', 'Ǒ', 'Ǫ', 'Ǭ', 'Ǿ', 'Ȍ', 'Ȏ', 'Ȫ', 'Ȭ', 'Ȯ', 'Ȱ', 'Ṍ',
		'Ṏ', 'Ṑ', 'Ṓ', 'Ọ', 'Ỏ', 'Ố', 'Ồ', 'Ổ', 'Ỗ', 'Ộ', 'Ớ', 'Ờ', 'Ở', 'Ỡ', 'Ợ':
		return "O"
	case 'ò', 'ó', 'ô', 'õ', 'ö', 'ø', 'ō', 'ŏ', 'ő', 'ơ', 'ǒ', 'ǫ', 'ǭ', 'ǿ', 'ȍ', 'ȏ', 'ȫ', 'ȭ', 'ȯ', 'ȱ', 'ṍ',
		'ṏ', 'ṑ', 'ṓ', 'ọ', 'ỏ', 'ố', 'ồ', 'ổ', 'ỗ', 'ộ', 'ớ', 'ờ', 'ở', 'ỡ', 'ợ':
		return "o"
	case 'Œ':
		return "OE"
	case 'œ':
		return "oe"
	case 'Ṕ', 'Ṗ':
		return "P"
	case 'ṕ', 'ṗ':
		return "p"
	case 'Ŕ', 'Ŗ', 'Ř', 'Ȑ', 'Ȓ', 'Ṙ', 'Ṛ', 'Ṝ', 'Ṟ':
		return "R"
	case 'ŕ', 'ŗ', 'ř', 'ȑ', 'ȓ', 'ṙ', 'ṛ', 'ṝ', 'ṟ':
		return "r"
	case 'Ś', 'Ŝ', 'Ş', 'Š', 'Ș', 'Ṡ', 'Ṣ', 'Ṥ', 'Ṧ', 'Ṩ':
		return "S"
	case 'ś', 'ŝ', 'ş', 'š', 'ſ', 'ș', 'ṡ', 'ṣ', 'ṥ', 'ṧ', 'ṩ', 'ẛ':
		return "s"
	case 'ẞ':
		return "SS"
	case 'ß':
		return "ss"
	case 'Ţ', 'Ť', 'Ŧ', 'Ț', 'Ṫ', 'Ṭ', 'Ṯ', 'Ṱ':
		return "T"
	case 'ţ', 'ť', 'ŧ', 'ț', 'ṫ', 'ṭ', 'ṯ', 'ṱ', 'ẗ':
		return "t"
	case 'Þ':
		return "Th"
	case 'þ':
		return "th"
	case 'Ù', 'Ú', 'Û', 'Ü', 'Ũ', 'Ū', 'Ŭ', 'Ů', 'Ű', 'Ų', 'Ư', 'Ǔ', 'Ǖ', 'Ǘ', 'Ǚ', 'Ǜ', 'Ȕ', 'Ȗ', 'Ṳ', 'Ṵ', 'Ṷ',
		'Ṹ', 'Ṻ', 'Ụ', 'Ủ', 'Ứ', 'Ừ', 'Ử', 'Ữ', 'Ự':
		return "U"
	case 'ù', 'ú', 'û', 'ü', 'ũ', 'ū', 'ŭ', 'ů', 'ű', 'ų', 'ư', 'ǔ', 'ǖ', 'ǘ', 'ǚ', 'ǜ', 'ȕ', 'ȗ', 'ṳ', 'ṵ', 'ṷ',
		'ṹ', 'ṻ', 'ụ', 'ủ', 'ứ', 'ừ', 'ử', 'ữ', 'ự':
		return "u"
	case 'Ṽ', 'Ṿ':
		return "V"
	case 'ṽ', 'ṿ':
		return "v"
	case 'Ŵ', 'Ẁ', 'Ẃ', 'Ẅ', 'Ẇ', 'Ẉ':
		return "W"
	case 'ŵ', 'ẁ', 'ẃ', 'ẅ', 'ẇ', 'ẉ', 'ẘ':
		return "w"
	case 'Ẋ', 'Ẍ':
		return "X"
	case 'ẋ', 'ẍ':
		return "x"
	case 'Ý', 'Ŷ', 'Ÿ', 'Ȳ', 'Ẏ', 'Ỳ', 'Ỵ', 'Ỷ', 'Ỹ':
		return "Y"
	case 'ý', 'ÿ', 'ŷ', 'ȳ', 'ẏ', 'ẙ', 'ỳ', 'ỵ', 'ỷ', 'ỹ':
		return "y"
	case 'Ź', 'Ż', 'Ž', 'Ẑ', 'Ẓ', 'Ẕ':
		return "Z"
	case 'ź', 'ż', 'ž', 'ẑ', 'ẓ', 'ẕ':
		return "z"
	}
	return ""
}
