// Package access says who may do what to whose thing.
//
// Every act of the desk passes May with the caller before it looks at
// anything else. Two refusals are told apart on purpose: a role that can never
// do the act is Denied; a thing that is not the caller's is NotFound, so that
// nobody learns from the answer that it exists.
package access

import (
	"slices"

	"mashang/domain/fault"
)

// Role is what a person is to a station.
type Role string

// The roles. Every person with a session is at least a visitor: members and
// liaisons may file too.
const (
	Visitor    Role = "visitor"
	Member     Role = "member"
	Liaison    Role = "liaison"
	Department Role = "department"
	Admin      Role = "admin"
	System     Role = "system"
)

// Caller is who asks. The zero value is nobody.
type Caller struct {
	// Person is the internal id of the WeChat user; never an openid.
	Person string
	// Role is the role by the person's binding, Visitor without one.
	Role Role
	// Station is the station of the binding, "" for visitors.
	Station string
	// ID is the member's, liaison's or department's id inside Station.
	ID string
	// Name is the bound name as the roster has it, "" for visitors.
	Name string
	// Contact is the member the caller named as their household's contact, as
	// "<station> <member>", "" for none.
	Contact string
}

// Action names what is done to a submission, also in its thread. Those below are what
// a caller may want to do; what an action does not imply is said beside it. casework
// adds the names of what the system does: needs has none of them, so nobody may.
type Action string

// The actions on submissions.
const (
	Read         Action = "read"     // not the phone number
	Accept       Action = "accept"   // by the member it waits for
	Ask          Action = "ask"      // likewise
	Reply        Action = "reply"    // likewise; not closing
	Return       Action = "return"   // likewise
	Transfer     Action = "transfer" // by that member or the station's liaison
	Close        Action = "close"    // likewise
	Extend       Action = "extend"   // likewise; gives more working days
	Assign       Action = "assign"   // by the liaison, also out of pool and hold
	Message      Action = "messages" // by the filer
	Withdraw     Action = "withdraw" // by the filer
	Rate         Action = "rate"     // by the filer
	Reopen       Action = "reopen"   // by the filer
	HandleDanger Action = "attend"   // by the liaison: the danger it speaks of was seen to
	Merge        Action = "merge"    // by the liaison
	Split        Action = "split"    // by the liaison
	Dossier      Action = "dossier"  // by the liaison; the desk writes that down first
	Reveal       Action = "phone"    // shows the number; the desk writes that down first
	Fulfil       Action = "fulfil"   // by the member who had it or the liaison: what was agreed is carried out
	Promise      Action = "promise"  // likewise: moves the day by which it is to be

	Assist     Action = "assist"     // ask others to take part: by that member or the liaison
	Recall     Action = "recall"     // likewise: they need not take part any more
	Contribute Action = "contribute" // by whoever was asked; their answer, not the visitor's
	Decline    Action = "decline"    // likewise

	TakeBack Action = "takeback" // an answer of a moment ago, by that member
)

// Helper is somebody asked to take part: a department, or a member beside the
// one who has it.
type Helper struct {
	Role Role
	ID   string
	// SeesPhone lets them see the phone number.
	SeesPhone bool
}

// Resource is what access needs to know of a submission.
type Resource struct {
	Station  string
	Filer    string
	Assignee string
	// Helpers were asked to take part.
	Helpers []Helper
	// Leaders are members who may look at it although it is not theirs: the
	// leaders of the squads of a member who is late with it.
	Leaders []string
	// Held is set while the text waits for the liaison's eye: until then it is
	// no member's and no department's.
	Held bool
}

// relation is what a caller is to one thing; a set.
type relation uint8

const (
	filer relation = 1 << iota
	assignee
	liaison
	helper
	calling
	leader
)

// needs is the one table: the relations that allow an action.
var needs = map[Action]relation{
	Read:         filer | assignee | liaison | helper | leader,
	Accept:       assignee,
	Ask:          assignee,
	Reply:        assignee,
	Return:       assignee,
	Transfer:     assignee | liaison,
	Close:        assignee | liaison,
	Extend:       assignee | liaison,
	Assign:       liaison,
	Message:      filer,
	Withdraw:     filer,
	Rate:         filer,
	Reopen:       filer,
	HandleDanger: liaison,
	Merge:        liaison,
	Dossier:      liaison,
	Split:        liaison,
	Reveal:       liaison | calling,
	Fulfil:       assignee | liaison,
	Promise:      assignee | liaison,

	Assist:     assignee | liaison,
	Recall:     assignee | liaison,
	Contribute: helper,
	Decline:    helper,

	TakeBack: assignee,
}

// possible is the relations a role can have to anything at all. Everybody with
// a session can be a filer.
var possible = map[Role]relation{
	Visitor:    filer,
	Member:     filer | assignee | helper | calling | leader,
	Liaison:    filer | liaison,
	Department: filer | helper | calling,
	Admin:      filer,
}

// Relation is what a caller is to one thing. To alone makes one that is something:
// the zero value is nothing, and shows nothing.
type Relation struct{ set relation }

// RelationTo is what the caller is to the thing.
func (c Caller) RelationTo(t Resource) Relation {
	if c.Person == "" {
		return Relation{}
	}
	return Relation{c.relationsTo(t) & possible[c.Role]}
}

// None reports whether the thing is not there for the caller.
func (r Relation) None() bool { return r.set&needs[Read] == 0 }

// Allows reports whether the relation is enough for the action.
func (r Relation) Allows(a Action) bool { return !r.None() && r.set&needs[a] != 0 }

// May answers nil, Denied, or NotFound when there is no relation.
func (r Relation) May(a Action) error {
	switch {
	case r.None():
		return Missing()
	case !r.Allows(a):
		return fault.New(fault.Denied, "这件诉求不由您进行此操作")
	default:
		return nil
	}
}

// Filer reports whether the caller filed the thing: what they see then is the
// visitor's view, whatever else they are.
func (r Relation) Filer() bool { return r.set&filer != 0 }

// Assistant reports whether the caller sees the thing only because they take part
// in it.
func (r Relation) Assistant() bool {
	return r.set&helper != 0 && r.set&(filer|assignee|liaison|leader) == 0
}

func (c Caller) relationsTo(t Resource) relation {
	var r relation
	if c.Person != "" && c.Person == t.Filer {
		r |= filer
	}
	if c.Station != t.Station || c.ID == "" {
		return r
	}
	for _, h := range t.Helpers {
		if t.Held || h.Role != c.Role || h.ID != c.ID || possible[c.Role]&helper == 0 {
			continue
		}
		r |= helper
		if h.SeesPhone {
			r |= calling
		}
	}
	switch c.Role {
	case Member:
		if c.ID == t.Assignee && !t.Held {
			r |= assignee
		}
		if slices.Contains(t.Leaders, c.ID) && !t.Held {
			r |= leader
		}
	case Liaison:
		r |= liaison
	}
	return r
}

// Can refuses a role that could never take the action, whatever the thing.
// It needs no thing, so it can be asked before anything is read.
func Can(c Caller, a Action) error {
	if c.Person == "" {
		return NoSession()
	}
	if needs[a]&possible[c.Role] == 0 {
		return fault.New(fault.Denied, "您的身份不能进行此操作")
	}
	return nil
}

// May answers nil, Unauthenticated, Denied or NotFound. Denied also when the
// caller sees the thing but has another part in it (a member cannot rate what
// a visitor filed).
func May(c Caller, a Action, t Resource) error {
	if err := Can(c, a); err != nil {
		return err
	}
	return c.RelationTo(t).May(a)
}

// RequireStaff refuses everyone but a liaison or, with admin true, an administrator
// as well. What they then see is that of their own station, Caller.Station.
func RequireStaff(c Caller, admin bool) error {
	if c.Person == "" {
		return NoSession()
	}
	if c.Role == Liaison || admin && c.Role == Admin {
		return nil
	}
	return fault.New(fault.Denied, "此功能只对本站联络员开放")
}

// RequireAdmin refuses everyone but an administrator. What they then see is that
// of their own station, Caller.Station.
func RequireAdmin(c Caller) error {
	if c.Person == "" {
		return NoSession()
	}
	if c.Role == Admin {
		return nil
	}
	return fault.New(fault.Denied, "此功能只对本站管理员开放")
}

// Missing is the one answer for what is not there and what is not yours.
func Missing() *fault.Error {
	return fault.New(fault.NotFound, "没有找到，或您无权查看")
}

// NoSession is the answer to a caller without a valid session.
func NoSession() *fault.Error {
	return fault.New(fault.Unauthenticated, "登录已失效，请重新打开小程序")
}
