package kit

import (
	"mashang/domain/topic"
)

// StationModel is what a station's texts are told by: its model, if it has one.
type StationModel struct {
	Model   *topic.Model
	Version int
}
