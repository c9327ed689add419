package main

import "github.com/provision-go/provision/source"

// person is somebody in the words of the system that pushes.
type person struct {
	Given      string      `json:"given"`
	Family     string      `json:"family"`
	Email      string      `json:"email"`
	Title      string      `json:"title"`
	Department string      `json:"department"`
	Hired      source.Date `json:"hired"`
	LastDay    source.Date `json:"lastDay,omitzero"`
	Left       bool        `json:"left,omitempty"`
}

func (p *person) identity(id string) source.Identity {
	i := source.Identity{
		ID:         id,
		Status:     source.Active,
		Name:       source.Name{Given: p.Given, Family: p.Family},
		WorkEmail:  p.Email,
		JobTitle:   p.Title,
		Department: source.Named(p.Department),
		HireDate:   p.Hired,
		LastDay:    p.LastDay,
	}
	if p.Left {
		i.Status = source.Terminated // said, not concluded from silence
	}
	return i
}
