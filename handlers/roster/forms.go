package roster

import (
	"encoding/json"

	"mashang/domain/station"
)

// tableForm describes how the entries of one table are edited, for whoever draws a form.
type tableForm struct {
	Table string `json:"table"`
	// One is what an entry is called.
	One string `json:"one"`
	// ID is the property of a row that names it. Prefix begins the ids that are proposed
	// for new entries, none if it is empty.
	ID     string      `json:"id"`
	Prefix string      `json:"prefix,omitempty"`
	Fields []formField `json:"fields"`
}

type formField struct {
	Name     string       `json:"name"`
	Kind     station.Kind `json:"kind"`
	Label    string       `json:"label"`
	Hint     string       `json:"hint,omitempty"`
	Required bool         `json:"required,omitempty"`
	// MaxLength is in characters, of each word in a list.
	MaxLength int `json:"max_length,omitempty"`
	Max       int `json:"max,omitempty"`
	// Refers is the table that a reference names an entry of.
	Refers string `json:"refers,omitempty"`
	// Choices are the values of a choice with their words, the first for none.
	Choices []formChoice `json:"choices,omitempty"`
}

type formChoice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// Forms describes the forms of the roster's tables as JSON. The console is built with it.
func Forms() ([]byte, error) {
	var forms []tableForm
	for _, t := range station.Tables {
		form := tableForm{Table: t.Key, One: t.One, ID: t.IDName(), Prefix: t.Prefix}
		for _, f := range t.Fields {
			if f.Kind == station.KindID || !f.InForm() {
				continue
			}
			field := formField{
				Name: f.Name, Kind: f.Kind, Label: f.LabelText(), Hint: f.Hint, Required: f.Required, Max: f.MaxNumber, Refers: f.Refers,
			}
			switch f.Kind {
			case station.KindText, station.KindPerson, station.KindWords:
				field.MaxLength = f.MaxText()
			}
			for _, x := range f.Choices {
				field.Choices = append(field.Choices, formChoice{x.Key, x.Words})
			}
			form.Fields = append(form.Fields, field)
		}
		forms = append(forms, form)
	}
	out, err := json.MarshalIndent(forms, "", "  ")
	return append(out, '\n'), err
}
