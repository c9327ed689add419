package sqltarget

import (
	"strings"

	"github.com/provision-go/provision/internal/sqlerr"
	"github.com/provision-go/provision/target"
)

func postgreSQL() dialect {
	return dialect{
		quote: `"`, numbered: true, casts: true, returning: true,
		noValues: " DEFAULT VALUES",
		ignore:   " ON CONFLICT DO NOTHING",
		fold:     "lower(%[1]s) = lower(%[2]s)",
		noCase:   "%s = %s",
		merge:    "", // see mergeJSON
		objects:  []kind{kindJSON},
		object:   "(%[1]s IS NULL OR jsonb_typeof(CAST(%[1]s AS jsonb)) IN ('object', 'null'))",
		schema: schemaQueries{
			// to_regclass follows the search path, as the statements do.
			columns: `
SELECT a.attname::text, format_type(a.atttypid, a.atttypmod),
	CASE WHEN b.typtype = 'e' THEN 'enum' ELSE b.typname::text END,
	CASE WHEN a.attnotnull OR t.typnotnull THEN 0 ELSE 1 END,
	CASE WHEN a.attgenerated <> '' OR a.attidentity = 'a' THEN 2
		WHEN a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL THEN 1 ELSE 0 END,
	CASE WHEN b.typname IN ('varchar', 'bpchar') THEN
		greatest(CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END - 4, 0) ELSE 0 END,
	0, CASE WHEN b.typname = 'citext' THEN 'ci' ELSE '' END
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum`,
			indexes: `
SELECT c.relname::text, CASE WHEN i.indpred IS NULL THEN 0 ELSE 1 END, coalesce(a.attname::text, ''),
	CASE WHEN a.attname IS NULL THEN pg_get_indexdef(i.indexrelid, k.n, true) ELSE '' END, ''
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
CROSS JOIN LATERAL generate_series(1, i.indnkeyatts) AS k(n)
LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n - 1] AND a.attnum > 0
WHERE i.indrelid = to_regclass($1) AND i.indisunique AND i.indisvalid
ORDER BY c.relname, k.n`,
			foreign: `
SELECT f.conname::text, a.attname::text, n.nspname::text, r.relname::text, ra.attname::text
FROM pg_constraint f
JOIN pg_class r ON r.oid = f.confrelid
JOIN pg_namespace n ON n.oid = r.relnamespace
JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
JOIN pg_attribute ra ON ra.attrelid = f.confrelid AND ra.attnum = f.confkey[1]
WHERE f.conrelid = to_regclass($1) AND f.contype = 'f' AND cardinality(f.conkey) = 1
ORDER BY f.conname`,
			tables: `
SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
	AND CASE WHEN CAST($1 AS text) IS NULL THEN pg_table_is_visible(c.oid) ELSE n.nspname = $1 END
ORDER BY 1`,
			regclass: true,
		},
		kind: func(base, _ string) kind {
			switch base {
			case "bool":
				return kindBool
			case "int2", "int4", "int8":
				return kindInteger
			case "date":
				return kindDate
			case "timestamp", "timestamptz":
				return kindTimestamp
			case "uuid":
				return kindUUID
			case "json", "jsonb":
				return kindJSON
			case "bpchar":
				return kindPadded
			case "text", "varchar", "citext", "enum":
				return kindText
			}
			return kindOther
		},
		bits:    map[string]int{"int2": 16, "int4": 32},
		refusal: postgreSQLRefusal,
	}
}

// postgreSQLRefusal reads SQLSTATE, appendix A of the PostgreSQL manual.
func postgreSQLRefusal(err error) (refusal, bool) {
	code := sqlerr.Text(err, "SQLState", "Code")
	if len(code) != 5 {
		return refusal{}, false
	}
	r := refusal{
		class: target.Permanent, code: "SQLSTATE " + code,
		constraint: sqlerr.Text(err, "ConstraintName", "Constraint"), column: sqlerr.Text(err, "ColumnName", "Column"),
	}
	switch code {
	case "23505": // unique_violation
		r.class, r.unique = target.Exists, true
	case "22P02": // invalid_text_representation
		r.unknown = true
	case "23503": // foreign_key_violation
		r.foreign = true
	case "42P01", "42703", "3F000", "3D000": // a table, column, schema or database is gone
		r.class = target.Fatal
	case "25006", "40001", "40P01", "55P03", "57014":
		// A standby, a lost race, a lock or a time limit: the transaction is undone.
		r.class = target.Transient
	case "0A000": // "cached plan must not change result type"
		r.class, r.outdated = target.Transient, true
	case "57P03", "53300", "08001", "08004": // refused before the statement
		r.class = target.NotSent
	case "57P01", "57P02", "57P05", "40003": // ended while it worked
		r.class = target.Unclear
	default:
		switch {
		case strings.HasPrefix(code, "08"): // the connection broke
			r.class = target.Unclear
		case strings.HasPrefix(code, "28"): // authorization
			r.class = target.Fatal
		case strings.HasPrefix(code, "40"), strings.HasPrefix(code, "53"), strings.HasPrefix(code, "58"), strings.HasPrefix(code, "XX"):
			r.class = target.Transient
		}
	}
	return r, true
}
