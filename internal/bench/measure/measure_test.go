package measure_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/bench/measure"
)

func TestLine(t *testing.T) {
	most := measure.Figure{Name: "a", Most: true, Goal: 1.5}
	least := measure.Figure{Name: "b", Goal: 0.9}
	for _, c := range []struct {
		figure measure.Figure
		value  float64
		want   string
	}{
		{most, 1.5, "a 1.5 <=1.5 ok"},
		{most, 1.5049, "a 1.5 <=1.5 short"},
		{most, 0.00123456, "a 0.00123 <=1.5 ok"},
		{most, 123456, "a 123000 <=1.5 short"},
		{most, math.NaN(), "a NaN <=1.5 short"},
		{least, 0.9, "b 0.9 >=0.9 ok"},
		{least, 0.899, "b 0.899 >=0.9 short"},
		{least, math.NaN(), "b NaN >=0.9 short"},
	} {
		assert.Equal(t, c.want, c.figure.Line(c.value))
	}
}

func TestRoundsTakeTurns(t *testing.T) {
	var order []string
	side := func(name string) measure.Side {
		return measure.Side{
			Name: name, Setup: func() error { order = append(order, "for "+name); return nil },
			Run: func() error { order = append(order, name); return nil },
		}
	}
	times, err := measure.Rounds(1, side("a"), side("b"))
	require.NoError(t, err)
	assert.Len(t, times, 2)
	once := []string{"for a", "a", "for b", "b"}
	assert.Equal(t, append(once, once...), order)

	order = nil
	_, err = measure.Again(1, side("a"), side("b"))
	require.NoError(t, err)
	assert.Equal(t, []string{"for a", "a", "for a", "a", "for b", "b", "for b", "b"}, order)

	_, err = measure.Rounds(3, measure.Side{Name: "c", Run: func() error { return errors.New("no") }})
	assert.EqualError(t, err, "c: no")
}

func TestMedian(t *testing.T) {
	assert.Zero(t, measure.Median(nil))
	assert.Equal(t, 2*time.Second, measure.Median([]time.Duration{9 * time.Second, time.Second, 2 * time.Second}))
}
