package sqlstore

import "strings"

// statements are the texts that do not depend on what is asked for. The tenant is
// in the key of each.
type statements struct {
	lock, number                         string
	insert, update, exists               string
	termsOf, dropTerms, addTerms, holder string
	leave, goneMembers, goneGroups, join string
	get, members, memberOf               string
	purged, purge                        string
	names                                *strings.Replacer
}

const columns = "r.type, r.id, r.sequence, r.version, r.created, r.modified, r.deleted, r.body"

func newStatements(c Config) statements {
	words := []string{
		// keys: the texts of a JSON array, as a subquery.
		"{keys}", "(SELECT value FROM json_each(?))",
		// each: a table j with a column value, of a JSON array of texts.
		"{each}", "json_each(?) AS j",
		// rows: a table j with a column value, of a JSON array of arrays.
		"{rows}", "json_each(?) AS j", "{0}", "json_extract(j.value, '$[0]')", "{1}", "json_extract(j.value, '$[1]')",
		"{2}", "json_extract(j.value, '$[2]')", "{3}", "json_extract(j.value, '$[3]')", "{4}", "json_extract(j.value, '$[4]')",
		// share: a lock that lasts as long as the transaction. SQLite has one writer.
		"{share}", "",
	}
	if c.Dialect == PostgreSQL {
		words = []string{
			// As an array it is looked up in an index, however many there are thought to be.
			"IN {keys}", "= ANY (ARRAY(SELECT jsonb_array_elements_text(CAST(? AS jsonb))))",
			"{each}", "jsonb_array_elements_text(CAST(? AS jsonb)) AS j (value)",
			"{rows}", "jsonb_array_elements(CAST(? AS jsonb)) AS j (value)", "{0}", "j.value ->> 0", "{1}", "j.value ->> 1",
			"{2}", "j.value ->> 2", "{3}", "j.value ->> 3", "{4}", "CAST(j.value ->> 4 AS smallint)",
			"{share}", " FOR SHARE",
		}
	}
	names := strings.NewReplacer(append(words, c.names()...)...)
	text := func(s string) string { return c.bind(names.Replace(s)) }
	return statements{
		names: names,

		// A write that comes first: a transaction of SQLite that has read and then wants
		// to write fails if somebody else was quicker.
		lock: text("INSERT INTO {tenants} AS t (tenant, sequence) VALUES (?, 0) ON CONFLICT (tenant) DO UPDATE SET sequence = t.sequence"),
		number: text("INSERT INTO {tenants} AS t (tenant, sequence) VALUES (?, CAST(? AS bigint))" +
			" ON CONFLICT (tenant) DO UPDATE SET sequence = t.sequence + excluded.sequence RETURNING sequence"),

		insert: text("INSERT INTO {resources} (tenant, id, type, sequence, version, created, modified, deleted, body)" +
			" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"),
		update: text("UPDATE {resources} SET version = ?, modified = ?, deleted = ?, body = ?" +
			" WHERE tenant = ? AND id = ? AND type = ? AND version = ? AND deleted IS NULL"),
		exists: text("SELECT id, type FROM {resources} WHERE tenant = ? AND id IN {keys} AND deleted IS NULL ORDER BY id{share}"),

		termsOf:   text("SELECT id, name, value, holder FROM {terms} WHERE tenant = ? AND id IN {keys}"),
		dropTerms: text("DELETE FROM {terms} WHERE tenant = ? AND id IN {keys}"),
		addTerms: text("INSERT INTO {terms} (tenant, type, name, value, id, holder)" +
			" SELECT CAST(? AS text), {0}, {1}, {2}, {3}, {4} FROM {rows} WHERE true ON CONFLICT DO NOTHING"),
		holder: text("SELECT j.value, t.id FROM {each} CROSS JOIN {terms} t" +
			" WHERE t.tenant = ? AND t.type = ? AND t.name = ? AND t.value = j.value AND t.holder = 1"),

		leave:       text("DELETE FROM {members} WHERE tenant = ? AND group_id = ? AND member_id IN {keys}"),
		goneMembers: text("DELETE FROM {members} WHERE tenant = ? AND member_id IN {keys}"),
		goneGroups:  text("DELETE FROM {members} WHERE tenant = ? AND group_id IN {keys}"),
		join: text("INSERT INTO {members} (tenant, group_id, member_id, type, display)" +
			" SELECT CAST(? AS text), {0}, {1}, {2}, {3} FROM {rows} WHERE true" +
			" ON CONFLICT (tenant, group_id, member_id) DO UPDATE SET display = excluded.display"),

		get: text("SELECT " + columns + " FROM {resources} r WHERE r.tenant = ? AND r.id = ? AND r.type = ? AND r.deleted IS NULL"),
		members: text("SELECT group_id, member_id, type, display FROM {members}" +
			" WHERE tenant = ? AND group_id IN {keys} ORDER BY group_id, member_id"),
		memberOf: text("SELECT member_id, group_id FROM {members}" +
			" WHERE tenant = ? AND member_id IN {keys} ORDER BY member_id, group_id"),

		purged: text("SELECT id FROM {resources} WHERE tenant = ? AND deleted IS NOT NULL AND deleted < ? ORDER BY id"),
		purge:  text("DELETE FROM {resources} WHERE tenant = ? AND id IN {keys} AND deleted IS NOT NULL"),
	}
}
