package casework

import (
	"sync"

	"mashang/domain/access"
)

// kinds has one act of each kind: talking, handing over, time and danger, assisting, the end and what follows.
var kinds = []Act{
	Accept{},
	ViewPhone{},
	AskCall{},
	Ask{},
	Reply{},
	TakeBack{},
	Message{},
	Transfer{},
	Assign{},
	Return{},
	Release{},
	Cover{},
	Resume{},
	Extend{},
	Recount{},
	HandleDanger{},
	AskAssist{},
	Contribute{},
	Decline{},
	Recall{},
	Close{},
	Withdraw{},
	Rate{},
	Reopen{},
	FollowUp{},
	Fulfil{},
	Redate{},
}

// rules are the rules of all acts by name: an entry of a thread has only the name.
var rules = sync.OnceValue(func() map[access.Action]rule {
	m := make(map[access.Action]rule, len(kinds))
	for _, act := range kinds {
		r := act.rule()
		m[r.name] = r
	}
	return m
})

// ruleOf returns the rule of the act with the name, the zero rule if there is none.
func ruleOf(name access.Action) rule { return rules()[name] }

// ActorFor returns the caller as the actor of the act with the name.
func ActorFor(c access.Caller, name access.Action) Actor {
	if ruleOf(name).asFiler {
		return Actor{Role: access.Visitor, ID: c.Person}
	}
	return Actor{Role: c.Role, ID: c.ID, Name: c.Name}
}
