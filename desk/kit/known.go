package kit

import (
	"mashang/domain/topic"
)

// Known is what a station's texts are told by: its model, if it has one.
type Known struct {
	Model   *topic.Model
	Version int
}
