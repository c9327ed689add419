package sqltarget

import (
	"strconv"
	"strings"

	"github.com/provision-go/provision/internal/sqlerr"
	"github.com/provision-go/provision/target"
)

func mySQL() dialect {
	return dialect{
		quote: "`", prepare: true,
		noTable:  " FROM DUAL",
		noValues: " () VALUES ()",
		fold:     "lower(%[1]s) = lower(%[2]s)",
		noCase:   "%s = %s",
		merge:    "json_merge_patch(coalesce(%s, '{}'), %s)",
		objects:  []kind{kindJSON, kindText},
		object:   "(%[1]s IS NULL OR json_type(%[1]s) IN ('OBJECT', 'NULL'))",
		schema: schemaQueries{
			// The default of a column without one is NULL in MySQL and 'NULL' in MariaDB.
			columns: `
SELECT column_name, column_type, data_type, CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END,
	CASE WHEN coalesce(generation_expression, '') <> '' THEN 2 WHEN extra LIKE '%auto_increment%' THEN 3
		WHEN coalesce(column_default, 'NULL') <> 'NULL' THEN 1 ELSE 0 END,
	CASE WHEN data_type IN ('char', 'varchar') THEN character_maximum_length ELSE 0 END,
	CASE WHEN data_type LIKE '%text' THEN least(character_octet_length, 2147483647) ELSE 0 END,
	concat(coalesce(character_set_name, ''), ' ', coalesce(collation_name, ''))
FROM information_schema.columns
WHERE table_schema = coalesce(?, database()) AND table_name = ?
ORDER BY ordinal_position`,
			indexes: `
SELECT index_name, 0, coalesce(column_name, ''), '', ''
FROM information_schema.statistics
WHERE table_schema = coalesce(?, database()) AND table_name = ? AND non_unique = 0
ORDER BY index_name, seq_in_index`,
			foreign: `
SELECT min(constraint_name), min(column_name), min(referenced_table_schema), min(referenced_table_name), min(referenced_column_name)
FROM information_schema.key_column_usage
WHERE table_schema = coalesce(?, database()) AND table_name = ? AND referenced_column_name IS NOT NULL
GROUP BY constraint_name HAVING count(*) = 1 ORDER BY 1`,
			tables: `
SELECT table_name FROM information_schema.tables WHERE table_schema = coalesce(?, database()) ORDER BY 1`,
		},
		kind: func(base, declared string) kind {
			switch base {
			case "tinyint":
				if strings.HasPrefix(declared, "tinyint(1)") { // what BOOLEAN stands for
					return kindBool
				}
				return kindInteger
			case "smallint", "mediumint", "int", "bigint":
				return kindInteger
			case "date":
				return kindDate
			case "datetime", "timestamp":
				return kindTimestamp
			case "uuid":
				return kindUUID
			case "json":
				return kindJSON
			case "longtext": // what JSON stands for in MariaDB
				return kindText
			case "char":
				return kindPadded
			case "varchar", "tinytext", "text", "mediumtext", "enum":
				return kindText
			}
			return kindOther
		},
		bits:    map[string]int{"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32},
		refusal: mySQLRefusal,
	}
}

// mySQLRefusal reads the numbers of the MySQL 8.4 Error Message Reference and of
// MariaDB's list of error codes.
func mySQLRefusal(err error) (refusal, bool) {
	n, ok := sqlerr.Number(err, "Number", "Code")
	if !ok {
		return refusal{}, false
	}
	r := refusal{class: target.Permanent, code: "error " + strconv.FormatInt(n, 10)}
	switch n {
	case 1062, 1586, 1859: // duplicate entry
		r.class, r.unique = target.Exists, true
	case 1216, 1452: // no such row for a foreign key
		r.foreign = true
	case 1205, 1213, 1290, 1317, 1615, 1836, 1969, 3024, 3572, 1021, 1037, 1041:
		// A lock, a deadlock, read-only, interrupted, to be prepared anew, a time limit,
		// resources: the statement is undone.
		r.class = target.Transient
	case 1040, 1129, 1130, 1203, 1226: // no connection
		r.class = target.NotSent
	case 1044, 1045, 1049, 1054, 1146, 1698, 1820: // no access; a database, column or table is gone
		r.class = target.Fatal
	case 1053, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927: // ended while it worked
		r.class = target.Unclear
	}
	return r, true
}
