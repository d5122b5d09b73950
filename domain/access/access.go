// Package access decides who may do what to which submission.
//
// Every act of the desk calls May with the caller before it looks at anything else. The two refusals differ on
// purpose: a role that can never do the act is Denied; a submission without a relation to the caller is
// NotFound, so that the answer does not reveal its existence.
package access

import (
	"slices"

	"mashang/domain/fault"
)

// Role is a person's role at a station.
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

// Caller is who makes a request. The zero value is nobody.
type Caller struct {
	// Person is the internal id of the WeChat user; never an openid.
	Person string
	// Role is the role of the person's binding, Visitor without one.
	Role Role
	// Station is the station of the binding, "" for visitors.
	Station string
	// ID is the member's, liaison's or department's id inside Station.
	ID string
	// Name is the bound name as the roster has it, "" for visitors.
	Name string
	// Contact is the member whom the caller named as their household's contact, as "<station> <member>", "" for
	// none.
	Contact string
}

// Action names an act on a submission, also in its thread. The actions below are those that a caller may want
// to do; the comments say what an action does not imply. casework adds the names of the system's acts: needs
// has none of them, so no caller may do them.
type Action string

// The actions on submissions.
const (
	Read         Action = "read"     // without the phone number
	Accept       Action = "accept"   // by the member to whom it is assigned
	Ask          Action = "ask"      // likewise
	Reply        Action = "reply"    // likewise; not closing
	Return       Action = "return"   // likewise
	Transfer     Action = "transfer" // by that member or the station's liaison
	Close        Action = "close"    // likewise
	Extend       Action = "extend"   // likewise; gives more working days
	Assign       Action = "assign"   // by the liaison, also out of pool and hold
	Message      Action = "messages" // by the filer or their proxy
	Withdraw     Action = "withdraw" // by the filer
	Rate         Action = "rate"     // by the filer
	Reopen       Action = "reopen"   // by the filer
	FollowUp     Action = "followup" // by the liaison: a call to the filer whose rating was low
	HandleDanger Action = "attend"   // by the liaison: the danger that it mentions was dealt with
	Merge        Action = "merge"    // by the liaison
	Split        Action = "split"    // by the liaison
	Dossier      Action = "dossier"  // by the liaison; audited
	Reveal       Action = "phone"    // shows the number; audited
	Fulfil       Action = "fulfil"   // by the member who had it or the liaison: what was agreed is carried out
	Promise      Action = "promise"  // likewise: changes the day by which it is to be

	Assist     Action = "assist"     // ask others to take part: by that member or the liaison
	Recall     Action = "recall"     // likewise: they need not take part any more
	Contribute Action = "contribute" // by the assistant; their answer, not the visitor's
	Decline    Action = "decline"    // likewise

	TakeBack Action = "takeback" // retracts a fresh answer, by that member
	AskCall  Action = "askcall"  // asks the liaison to call the filer, by that member

	Annotate Action = "annotate" // by the liaison: notes, tags and reminders beside it, which nobody else reads
	Nudge    Action = "nudge"    // by the liaison: asks whoever owes the next step to hurry
	Manage   Action = "manage"   // by the filer: hands it over, changes the number for calls
	Leave    Action = "leave"    // by the filer or the proxy: the proxy no longer follows it
)

// Helper is an assistant: a department, or a member beside the assignee.
type Helper struct {
	Role Role
	ID   string
	// SeesPhone lets them see the phone number.
	SeesPhone bool
}

// Resource is what access needs to know of a submission.
type Resource struct {
	Station string
	Filer   string
	// Proxy is the person who filed it for its filer, handed it over and still follows it, "" for none.
	Proxy    string
	Assignee string
	// Helpers are its assistants.
	Helpers []Helper
	// Leaders are members who may read it although it is not theirs: the leaders of the squads of a member who
	// is late with it.
	Leaders []string
	// AssigneeSeesPhone lets its member see the phone number.
	AssigneeSeesPhone bool
	// Held: the text waits for the liaison's check. Until then no member and no department may see it.
	Held bool
}

// relation is the set of a caller's relations to one submission.
type relation uint8

const (
	filer relation = 1 << iota
	assignee
	liaison
	helper
	phoneViewer
	leader
	proxy
)

// requiredRelations has the relations that allow each action.
var requiredRelations = map[Action]relation{
	Read:         filer | assignee | liaison | helper | leader | proxy,
	Accept:       assignee,
	Ask:          assignee,
	Reply:        assignee,
	Return:       assignee,
	Transfer:     assignee | liaison,
	Close:        assignee | liaison,
	Extend:       assignee | liaison,
	Assign:       liaison,
	Message:      filer | proxy,
	Withdraw:     filer,
	Rate:         filer,
	Reopen:       filer,
	FollowUp:     liaison,
	HandleDanger: liaison,
	Merge:        liaison,
	Dossier:      liaison,
	Split:        liaison,
	Reveal:       liaison | phoneViewer,
	Fulfil:       assignee | liaison,
	Promise:      assignee | liaison,

	Assist:     assignee | liaison,
	Recall:     assignee | liaison,
	Contribute: helper,
	Decline:    helper,

	TakeBack: assignee,
	AskCall:  assignee,

	Annotate: liaison,
	Nudge:    liaison,
	Manage:   filer,
	Leave:    filer | proxy,
}

// possibleRelations has the relations that a role can have to any submission. Everyone with a session can be a filer
// or a proxy.
var possibleRelations = map[Role]relation{
	Visitor:    filer | proxy,
	Member:     filer | proxy | assignee | helper | phoneViewer | leader,
	Liaison:    filer | proxy | liaison,
	Department: filer | proxy | helper | phoneViewer,
	Admin:      filer | proxy,
}

// Relation is a caller's relation to one submission. Only RelationTo makes a non-empty one; the zero value
// allows nothing.
type Relation struct{ set relation }

// RelationTo returns the caller's relation to the submission.
func (c Caller) RelationTo(t Resource) Relation {
	if c.Person == "" {
		return Relation{}
	}
	return Relation{c.relationsTo(t) & possibleRelations[c.Role]}
}

// None reports whether the submission does not exist for the caller.
func (r Relation) None() bool { return r.set&requiredRelations[Read] == 0 }

// Allows reports whether the relation allows the action.
func (r Relation) Allows(a Action) bool { return !r.None() && r.set&requiredRelations[a] != 0 }

// May returns nil, Denied, or NotFound without any relation.
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

// Filer reports whether the caller filed the submission. They then get the visitor's view, whatever other role
// they have.
func (r Relation) Filer() bool { return r.set&filer != 0 }

// Proxy reports whether the caller sees the submission only because they filed it for its filer and handed it
// over. They then get a visitor's view.
func (r Relation) Proxy() bool {
	return r.set&proxy != 0 && r.set&(filer|assignee|liaison|helper|leader) == 0
}

// Assistant reports whether the caller sees the submission only because they assist in it.
func (r Relation) Assistant() bool {
	return r.set&helper != 0 && r.set&(filer|assignee|liaison|leader) == 0
}

func (c Caller) relationsTo(t Resource) relation {
	var r relation
	if c.Person != "" && c.Person == t.Filer {
		r |= filer
	}
	if c.Person != "" && c.Person == t.Proxy {
		r |= proxy
	}
	if c.Station != t.Station || c.ID == "" {
		return r
	}
	for _, h := range t.Helpers {
		if t.Held || h.Role != c.Role || h.ID != c.ID || possibleRelations[c.Role]&helper == 0 {
			continue
		}
		r |= helper
		if h.SeesPhone {
			r |= phoneViewer
		}
	}
	switch c.Role {
	case Member:
		if c.ID == t.Assignee && !t.Held {
			r |= assignee
			if t.AssigneeSeesPhone {
				r |= phoneViewer
			}
		}
		if slices.Contains(t.Leaders, c.ID) && !t.Held {
			r |= leader
		}
	case Liaison:
		r |= liaison
	}
	return r
}

// Can refuses a role that can never do the action. It needs no submission, so it can be called before any is
// read.
func Can(c Caller, a Action) error {
	if c.Person == "" {
		return NoSession()
	}
	if requiredRelations[a]&possibleRelations[c.Role] == 0 {
		return fault.New(fault.Denied, "您的身份不能进行此操作")
	}
	return nil
}

// May returns nil, Unauthenticated, Denied or NotFound. It is also Denied if the caller sees the submission but
// their relation does not allow the action (a member cannot rate what a visitor filed).
func May(c Caller, a Action, t Resource) error {
	if err := Can(c, a); err != nil {
		return err
	}
	return c.RelationTo(t).May(a)
}

// RequireStaff refuses everyone but a liaison and, if admin is true, an administrator. They then see only their
// own station, Caller.Station.
func RequireStaff(c Caller, admin bool) error {
	if c.Person == "" {
		return NoSession()
	}
	if c.Role == Liaison || admin && c.Role == Admin {
		return nil
	}
	return fault.New(fault.Denied, "此功能只对本站联络员开放")
}

// RequireAdmin refuses everyone but an administrator. They then see only their own station, Caller.Station.
func RequireAdmin(c Caller) error {
	if c.Person == "" {
		return NoSession()
	}
	if c.Role == Admin {
		return nil
	}
	return fault.New(fault.Denied, "此功能只对本站管理员开放")
}

// Missing is the one answer for what does not exist and what is not the caller's.
func Missing() *fault.Error {
	return fault.New(fault.NotFound, "没有找到，或您无权查看")
}

// NoSession is the answer to a caller without a valid session.
func NoSession() *fault.Error {
	return fault.New(fault.Unauthenticated, "登录已失效，请重新打开小程序")
}
