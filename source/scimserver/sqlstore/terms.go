package sqlstore

import (
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/binary"

	"github.com/provision-go/provision/source/scimserver"
)

// digest is a text of 43 letters for some texts of any length.
func digest(texts ...string) string {
	var all []byte
	for _, t := range texts {
		all = binary.AppendUvarint(all, uint64(len(t)))
		all = append(all, t...)
	}
	sum := sha256.Sum256(all)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func termDigest(t scimserver.Type, term scimserver.Term) string {
	return digest(string(t), term.Name, term.Value)
}

// termRow is a term of a resource. It holds its value if nobody else may have it.
type termRow struct {
	name  string
	holds bool
}

// termRows returns the terms of a resource by digest. A term that is unique once is
// unique; the deleted hold nothing.
func termRows(r scimserver.Resource) map[string]termRow {
	rows := make(map[string]termRow, len(r.Terms))
	for _, t := range r.Terms {
		key := termDigest(r.Type, t)
		rows[key] = termRow{t.Name, rows[key].holds || t.Unique && r.Deleted.IsZero()}
	}
	return rows
}

// putTerms writes what changes in the terms of resources. What goes does so first, so
// that two can swap a value.
func (w *work) putTerms(puts []scimserver.Put) error {
	before, err := w.termsBefore(puts)
	if err != nil {
		return err
	}
	var rows [][]any
	var claimed []string
	claims := map[string]bool{}
	for _, p := range puts {
		sequence, gone := w.held[p.Resource.ID].sequence, []string(nil)
		old, want := before[sequence], termRows(p.Resource)
		for key, row := range old {
			if want[key] != row {
				gone = append(gone, key)
			}
		}
		for key, row := range want {
			if was, ok := old[key]; ok && was == row {
				continue
			}
			rows = append(rows, []any{w.tenant, key, sequence, row.name, row.holds})
			if !row.holds {
				continue
			}
			if claims[key] {
				return &scimserver.TakenError{Name: row.name}
			}
			claims[key] = true
			claimed = append(claimed, key)
		}
		if err := w.dropTerms(sequence, gone); err != nil {
			return err
		}
	}
	if err := w.claim(claimed); err != nil {
		return err
	}
	return w.insert(w.ctx, w.tx, "INSERT INTO @terms (tenant, digest, resource, name, holds) VALUES ", rows, "")
}

// termsBefore returns the terms that resources have, by their sequences and digests.
func (w *work) termsBefore(puts []scimserver.Put) (map[int64]map[string]termRow, error) {
	var sequences []int64
	for _, p := range puts {
		if p.Expect > 0 {
			sequences = append(sequences, w.held[p.Resource.ID].sequence)
		}
	}
	before := make(map[int64]map[string]termRow, len(sequences))
	if len(sequences) == 0 {
		return before, nil
	}
	return before, w.each(w.ctx, w.tx, func(rows *sql.Rows) error {
		var sequence int64
		var key string
		var row termRow
		err := rows.Scan(&sequence, &key, &row.name, &row.holds)
		if before[sequence] == nil {
			before[sequence] = map[string]termRow{}
		}
		before[sequence][key] = row
		return err
	}, "SELECT resource, digest, name, holds FROM @terms WHERE tenant = ? AND resource "+w.d.numbers, w.tenant, list(sequences))
}

func (w *work) dropTerms(sequence int64, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := w.exec(w.ctx, w.tx, "DELETE FROM @terms WHERE tenant = ? AND resource = ? AND digest "+w.d.texts, w.tenant, sequence, list(keys))
	return err
}

// claim says which value somebody else holds.
func (w *work) claim(keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	var taken *scimserver.TakenError
	err := w.each(w.ctx, w.tx, func(rows *sql.Rows) error {
		taken = &scimserver.TakenError{}
		return rows.Scan(&taken.Name)
	}, "SELECT name FROM @terms WHERE tenant = ? AND holds AND digest "+w.d.texts+" LIMIT 1", w.tenant, list(keys))
	if err == nil && taken != nil {
		return taken
	}
	return err
}
