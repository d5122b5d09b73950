package casework

// Registered are all acts, one of each kind.
func Registered() []Act { return kinds }

// Planted is an act without a rule.
type Planted struct{ basicAct }

func (Planted) rule() rule     { return rule{} }
func (a Planted) cleaned() Act { return a }
