package logic_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/provision-go/provision/rules/internal/logic"
)

// conditions returns conditions as administrators write them.
func conditions(n int) []logic.Formula {
	random := rand.New(rand.NewPCG(7, 7))
	status := []string{"prehire", "active", "leave", "suspended", "terminated"}
	department := func() logic.Formula {
		values := []string{fmt.Sprint("Department ", random.IntN(12)), fmt.Sprint("Department ", random.IntN(12))}
		return logic.OneOf("department", nil, values[random.IntN(2):]...)
	}
	active := logic.OneOf("status", status, "active")
	employed := logic.Or(active, logic.And(logic.OneOf("status", status, "prehire"), logic.Day("start", logic.AsOf, logic.NotAfter, 14)))
	level := func() logic.Formula { return logic.Not(logic.Less("custom.level", int64(random.IntN(10)))) }
	staying := logic.Or(logic.Missing("end"), logic.Day(logic.AsOf, "end", logic.NotAfter, 0))
	var list []logic.Formula
	for i := range n {
		var f logic.Formula
		switch i % 8 {
		case 0:
			f = logic.And(active, department())
		case 1:
			f = logic.And(employed, department(), level())
		case 2:
			f = logic.And(active, logic.Prefix("site", fmt.Sprintf("%c", 'A'+random.IntN(26))), logic.Not(department()))
		case 3:
			f = logic.And(active, logic.Has("groups", nil, fmt.Sprint("group ", random.IntN(9))), department())
		case 4:
			f = logic.And(active, staying, logic.OneOf("country", nil, fmt.Sprint("C", random.IntN(9))))
		case 5:
			f = logic.And(employed, staying, logic.Or(department(), level()))
		case 6:
			f = logic.And(logic.OneOf("type", nil, "employee", "contractor"), logic.Or(active, logic.Day("end", logic.AsOf, logic.Before, 30)), department())
		default:
			f = logic.And(active, logic.Opaque(fmt.Sprint("check ", random.IntN(4)), "email"), department())
		}
		list = append(list, f)
	}
	return list
}

// BenchmarkPairs asks what the checks of a rule set ask: of each condition whether
// it can be yes, of each two whether one implies the other.
func BenchmarkPairs(b *testing.B) {
	for _, n := range []int{50, 200} {
		list := conditions(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			open := 0
			for b.Loop() {
				open = 0
				for i, x := range list {
					if logic.CanBeYes(x) == logic.NotAnalysed {
						open++
					}
					for j, y := range list {
						if i != j && logic.Implies(x, y) == logic.NotAnalysed {
							open++
						}
					}
				}
			}
			b.ReportMetric(float64(open), "not-analysed")
		})
	}
}
