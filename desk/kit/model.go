package kit

import (
	"mashang/domain/classify"
)

// StationModel is a station's text classifier; Model is nil for a station without one.
type StationModel struct {
	Model   *classify.Model
	Version int
}
