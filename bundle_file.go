package provision

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// bundleFormat is the version of a stored bundle.
const bundleFormat = 1

// bundleLimit is how large a bundle may be that is read without another limit.
const bundleLimit = 256 << 20

var (
	// ErrNotBundle says that a file is no bundle, or not all of one.
	ErrNotBundle = errors.New("not a run bundle")
	// ErrBundleLimit says that a bundle is larger than it may be.
	ErrBundleLimit = errors.New("the bundle is larger than the limit")

	errBundleFormat = errors.New("it was written by a newer version of this module; use that one")
	errChecksum     = errors.New("the checksum does not fit: the file was altered or damaged")
)

// bundleFile is what is compressed.
type bundleFile struct {
	Format   int             `json:"format"`
	Checksum string          `json:"checksum"` // SHA-256 of Content as it stands
	Content  json.RawMessage `json:"content"`
}

func (b *Bundle) bytes() ([]byte, error) {
	content, err := json.Marshal(&b.content)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	return json.Marshal(bundleFile{Format: bundleFormat, Checksum: hex.EncodeToString(sum[:]), Content: content})
}

// Write writes the bundle: JSON with "format": 1 and a checksum, compressed by gzip.
// Equal bundles give equal bytes. The checksum is against accidents, not against
// somebody who means to alter it.
func (b *Bundle) Write(w io.Writer) error {
	text, err := b.bytes()
	if err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	z := gzip.NewWriter(w)
	if _, err := z.Write(text); err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	return nil
}

// ReadBundle reads what Write wrote, to the end of r. Limit is how many bytes it may
// have uncompressed; 0 is 256 MiB. Errors wrap ErrNotBundle, which a file is that was
// cut short, or ErrBundleLimit.
func ReadBundle(r io.Reader, limit int64) (*Bundle, error) {
	if limit <= 0 {
		limit = bundleLimit
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("read bundle: %w: %w", ErrNotBundle, err)
	}
	text, err := io.ReadAll(io.LimitReader(z, limit+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read bundle: %w: %w", ErrNotBundle, err)
	case int64(len(text)) > limit:
		return nil, fmt.Errorf("read bundle: %w of %d bytes", ErrBundleLimit, limit)
	}
	b := &Bundle{}
	if err := b.parse(text); err != nil {
		return nil, fmt.Errorf("read bundle: %w: %w", ErrNotBundle, err)
	}
	return b, nil
}

func (b *Bundle) parse(text []byte) error {
	var file bundleFile
	if err := json.Unmarshal(text, &file); err != nil {
		return err
	}
	switch {
	case file.Format > bundleFormat:
		return fmt.Errorf("format %d: %w", file.Format, errBundleFormat)
	case file.Format != bundleFormat:
		return fmt.Errorf("%w: %d", errPlanFormat, file.Format)
	}
	if sum := sha256.Sum256(file.Content); hex.EncodeToString(sum[:]) != file.Checksum {
		return errChecksum
	}
	d := json.NewDecoder(bytes.NewReader(file.Content))
	d.DisallowUnknownFields()
	if err := d.Decode(&b.content); err != nil {
		return err
	}
	var plan Plan
	if err := plan.UnmarshalJSON(b.content.Plan); err != nil {
		return err
	}
	if len(plan.Targets) != len(b.content.Targets) {
		return fmt.Errorf("%w: it has %d targets, its plan %d", errBundleParts, len(b.content.Targets), len(plan.Targets))
	}
	for i, tp := range plan.Targets {
		if tp.Target != b.content.Targets[i].Target {
			return fmt.Errorf("%w: %q and %q", errBundleParts, tp.Target, b.content.Targets[i].Target)
		}
	}
	return nil
}

var errBundleParts = errors.New("its parts do not belong together")
