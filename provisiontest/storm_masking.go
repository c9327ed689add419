package provisiontest

import "github.com/provision-go/provision"

// stormMaskKey is the key of every engine and desk of a storm.
const stormMaskKey = "the key of every storm"

// stormMasking has one seed of four keep keyed hashes instead of values.
func stormMasking(seed uint64) *provision.Masking {
	if seed%4 != 3 {
		return nil
	}
	return &provision.Masking{Plain: []string{"title"}}
}
