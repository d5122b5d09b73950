package kit

import (
	"mashang/domain/casework"
	"mashang/domain/fault"
)

// conflict makes a Conflict that names the actor of a step; version is the submission's after it. Visitors stay
// unnamed, because their actors carry no name.
func conflict(step casework.Entry, version int) error {
	who := step.By.Name
	if who == "" {
		who = RoleNames[step.By.Role]
	}
	e := fault.New(fault.Conflict, "%s刚刚处理过这件诉求，请刷新后再操作", who)
	e.Clash = &fault.Clash{
		By: fault.Actor{Role: string(step.By.Role), Name: step.By.Name},
		At: step.At.Time(), Version: version,
	}
	return e
}
