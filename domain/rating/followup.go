package rating

// FollowUp is what came of a call to somebody whose rating was low.
type FollowUp string

// The results.
const (
	NotReached   FollowUp = "not_reached"
	Reached      FollowUp = "reached"   // it was talked over
	NowSatisfied FollowUp = "satisfied" // they are satisfied by now
	ToReopen     FollowUp = "reopen"    // they want it handled again
)

// FollowUps lists them in the order in which they are offered.
var FollowUps = []FollowUp{Reached, NowSatisfied, ToReopen, NotReached}

var followUpNames = map[FollowUp]string{
	Reached: "联系上了，已说明", NowSatisfied: "现在满意了", ToReopen: "要求重新办理", NotReached: "没有联系上",
}

// Chinese returns the result for people.
func (r FollowUp) Chinese() string { return followUpNames[r] }
