package kit

import (
	"mashang/domain/classify"
)

// StationModel is what a station's texts are told by: its model, if it has one.
type StationModel struct {
	Model   *classify.Model
	Version int
}
