package sqltarget

import (
	"strconv"
	"strings"

	"github.com/provision-go/provision/internal/sqlerr"
	"github.com/provision-go/provision/target"
)

func sqLite() dialect {
	return dialect{
		quote: `"`, returning: true, prepare: true,
		noTable:  "",
		noValues: " DEFAULT VALUES",
		ignore:   " ON CONFLICT DO NOTHING",
		fold:     "lower(%s) = lower(%s)",
		noCase:   "%s = %s COLLATE NOCASE",
		merge:    "json_patch(coalesce(%s, '{}'), %s)",
		objects:  []kind{kindJSON, kindText},
		object:   "(%[1]s IS NULL OR CASE WHEN json_valid(%[1]s) THEN json_type(%[1]s) IN ('object', 'null') ELSE 0 END)",
		schema: schemaQueries{
			columns: `
SELECT name, type, type, CASE WHEN "notnull" OR pk > 0 THEN 0 ELSE 1 END,
	CASE WHEN hidden IN (2, 3) THEN 2
		WHEN pk = 1 AND upper(type) = 'INTEGER' AND (SELECT count(*) FROM pragma_table_xinfo(?2, ?1) WHERE pk > 0) = 1 THEN 3
		WHEN dflt_value IS NOT NULL THEN 1 ELSE 0 END,
	0, 0, ''
FROM pragma_table_xinfo(?2, ?1) WHERE hidden <> 1 ORDER BY cid`,
			indexes: `
SELECT l.name, l.partial, coalesce(x.name, ''),
	CASE WHEN x.cid = -2 THEN x.seqno || ' ' || (SELECT m.sql FROM sqlite_master m WHERE m.type = 'index' AND m.name = l.name) ELSE '' END,
	CASE upper(x.coll) WHEN 'NOCASE' THEN 'ci' ELSE '' END
FROM pragma_index_list(?2, ?1) l, pragma_index_xinfo(l.name, ?1) x
WHERE l."unique" AND x.key ORDER BY l.name, x.seqno`,
			foreign: `
SELECT min(id), min("from"), ?1, min("table"), min(coalesce("to", ''))
FROM pragma_foreign_key_list(?2, ?1) GROUP BY id HAVING count(*) = 1 ORDER BY 1`,
			triggers: `
SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) = lower(?2)
UNION ALL SELECT 1 FROM sqlite_temp_master WHERE type = 'trigger' AND lower(tbl_name) = lower(?2)
UNION ALL SELECT 1 WHERE lower(?1) <> 'main'`, // of others we cannot tell
			tables: `SELECT name FROM pragma_table_list WHERE type IN ('table', 'view') AND (?1 IS NULL OR ?1 = schema) ORDER BY 1`,
		},
		// The rules of section 3.1 of "Datatypes In SQLite", where a type is any word,
		// and the words that drivers know.
		kind: func(_, declared string) kind {
			t := strings.ToUpper(declared)
			switch {
			case strings.HasPrefix(t, "BOOL"):
				return kindBool
			case t == "DATE":
				return kindDate
			case strings.HasPrefix(t, "DATETIME"), strings.HasPrefix(t, "TIMESTAMP"):
				return kindTimestamp
			case strings.Contains(t, "INT"):
				return kindInteger
			case t == "JSON":
				return kindJSON
			case strings.Contains(t, "CHAR"), strings.Contains(t, "CLOB"), strings.Contains(t, "TEXT"), t == "":
				return kindText
			}
			return kindOther
		},
		refusal: sqLiteRefusal,
	}
}

// sqLiteRefusal reads the result codes of SQLite. The lowest byte is the primary
// code, the rest says more.
func sqLiteRefusal(err error) (refusal, bool) {
	n, ok := sqlerr.Number(err, "ExtendedCode", "Code")
	if !ok {
		return refusal{}, false
	}
	r := refusal{class: target.Permanent, code: "result code " + strconv.FormatInt(n, 10)}
	switch n {
	case 1555, 2067, 2579: // SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE, _ROWID
		r.class, r.unique = target.Exists, true
		return r, true
	case 787: // SQLITE_CONSTRAINT_FOREIGNKEY
		r.foreign = true
		return r, true
	}
	switch n & 0xff {
	case 5, 6, 7, 13: // BUSY, LOCKED, NOMEM, FULL
		r.class = target.Transient
	case 14: // CANTOPEN
		r.class = target.NotSent
	case 8, 11, 23, 26: // READONLY, CORRUPT, AUTH, NOTADB
		r.class = target.Fatal
	case 9, 10: // INTERRUPT, IOERR
		r.class = target.Unclear
	}
	return r, true
}
