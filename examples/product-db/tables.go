package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"text/tabwriter"
)

// The product asks its own tables.
var questions = []string{
	`SELECT login, status,
		coalesce((SELECT group_concat(name, ', ' ORDER BY name) FROM groups JOIN group_members ON group_id = id WHERE user_id = users.id), '') AS groups,
		(SELECT count(*) FROM sessions WHERE user_id = users.id) AS sessions
	FROM users WHERE ` + few + ` ORDER BY login`,

	`SELECT login, profile FROM users WHERE ` + few + ` ORDER BY login`,

	`SELECT status AS accounts, count(*) AS number FROM users GROUP BY status
	UNION ALL
	SELECT 'in ' || name, count(user_id) FROM groups LEFT JOIN group_members ON group_id = id GROUP BY id
	ORDER BY 1`,
}

const few = `login IN ('ana.silva@acme.example', 'cy.roe@acme.example', 'ingrid.solberg@acme.example', 'priya.raman@acme.example', 'reports-bot')`

// showTables prints what the tables hold of a few people, and how many there are.
func showTables(ctx context.Context, out terminal, db *sql.DB) error {
	for i, question := range questions {
		if i > 0 {
			out.line("", "")
		}
		if err := show(ctx, out, db, question); err != nil {
			return err
		}
	}
	return nil
}

// show prints the answer, a row to a line.
func show(ctx context.Context, out terminal, db *sql.DB, question string) error {
	rows, err := db.QueryContext(ctx, question)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	cells, into := make([]string, len(columns)), make([]any, len(columns))
	for i := range cells {
		into[i] = &cells[i]
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, strings.Join(columns, "\t")) // Flush tells what went wrong
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		_, _ = fmt.Fprintln(table, strings.Join(cells, "\t"))
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return table.Flush()
}
