package main

import "github.com/provision-go/provision/internal/bench/measure"

const million = 1_000_000

// parts lists everything that is measured, with its goal.
func parts() []part {
	return []part{
		{run: computeSorted, figures: []measure.Figure{
			{Name: "compute-sorted-1m", Most: true, Goal: 1.5},
			{Name: "compute-growth", Most: true, Goal: 1.2},
			{Name: "compute-allocs", Most: true, Goal: 0.01},
			{Name: "compute-heap", Most: true, Goal: 1200},
		}},
		{run: computeShuffled, figures: []measure.Figure{
			{Name: "compute-shuffled-1m", Most: true, Goal: 1.5},
		}},
		{run: computePeers, figures: []measure.Figure{
			{Name: "compute-vs-external-dns", Goal: 15},
		}},
		{run: planFifty, figures: []measure.Figure{
			{Name: "plan-1m-50-rules", Most: true, Goal: 12},
		}},
		{run: decide, figures: []measure.Figure{
			{Name: "decide-50-rules", Most: true, Goal: 6},
			{Name: "decide-vs-expr", Goal: 3},
			{Name: "decide-vs-cel", Goal: 4},
		}},
		{run: whatIf, figures: []measure.Figure{
			{Name: "whatif-10k", Most: true, Goal: 5},
		}},
		{run: loadFifty, figures: []measure.Figure{
			{Name: "load-50", Most: true, Goal: 4},
		}},
		{run: applyAll, figures: []measure.Figure{
			{Name: "apply-overhead", Most: true, Goal: 0.25},
			{Name: "apply-http", Goal: 0.9},
		}},
		{run: journalFile, figures: []measure.Figure{
			{Name: "journal-file", Goal: 0.8},
		}},
		{run: syncOne, figures: []measure.Figure{
			{Name: "syncone-1m", Most: true, Goal: 1.2},
		}},
		{run: terminateNow, figures: []measure.Figure{
			{Name: "terminate-1m", Most: true, Goal: 1.2},
		}},
		{run: bamboo, figures: []measure.Figure{
			{Name: "bamboohr-read", Goal: 0.5},
			{Name: "source-heap", Most: true, Goal: 1200},
		}},
		{run: readGreenhouse, figures: []measure.Figure{
			{Name: "greenhouse-read", Goal: 0.5},
		}},
		{run: readAshby, figures: []measure.Figure{
			{Name: "ashby-read", Goal: 0.5},
		}},
		{run: readADP, figures: []measure.Figure{
			{Name: "adp-read", Goal: 0.5},
		}},
		{run: workers, figures: []measure.Figure{
			{Name: "workday-read", Goal: 0.5},
		}},
		{run: workReport, figures: []measure.Figure{
			{Name: "workday-report-read", Goal: 0.5},
		}},
		{run: readSuccessFactors, figures: []measure.Figure{
			{Name: "successfactors-read", Goal: 0.5},
		}},
		{run: knitPeople, figures: []measure.Figure{
			{Name: "knit-read", Goal: 0.5},
		}},
		{run: sqlConverge, figures: []measure.Figure{
			{Name: "sql-converge", Goal: 0.5},
		}},
		{run: scimServer, figures: []measure.Figure{
			{Name: "scim-get", Goal: 0.6},
			{Name: "scim-filter", Goal: 0.6},
			{Name: "scim-post", Goal: 0.6},
			{Name: "scim-patch", Goal: 0.6},
			{Name: "scim-page100", Goal: 0.6},
		}},
		{run: scimApply, figures: []measure.Figure{
			{Name: "scim-apply", Goal: 0.85},
		}},
	}
}
