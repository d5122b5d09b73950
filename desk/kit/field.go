package kit

import (
	"mashang/domain/fault"
)

// Field is an Invalid fault about one field.
func Field(name, message string) error {
	e := fault.New(fault.Invalid, "%s", message)
	e.Fields = []fault.Field{{Field: name, Message: message}}
	return e
}
