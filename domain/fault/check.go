package fault

import "fmt"

// Check collects the wrong fields of one input, so that all are reported at once. The zero value is ready to
// use.
type Check struct{ fields []Field }

// Require records the field as wrong unless ok.
func (c *Check) Require(ok bool, field, message string, args ...any) {
	if ok {
		return
	}
	if len(args) > 0 {
		message = fmt.Sprintf(message, args...)
	}
	c.fields = append(c.fields, Field{Field: field, Message: message})
}

// Err returns an Invalid fault that names every wrong field, or nil.
func (c *Check) Err() error {
	if len(c.fields) == 0 {
		return nil
	}
	e := New(Invalid, "%s", "填写有误："+c.fields[0].Message)
	e.Fields = c.fields
	return e
}
