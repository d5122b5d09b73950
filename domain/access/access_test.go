package access_test

import (
	"fmt"
	"testing"

	"mashang/domain/access"
	"mashang/domain/fault"
)

const (
	here  = "hexi"
	there = "hedong"
)

// matter waits for member m1 of station here; department d1, m2 and d2 were asked
// to assist, m3 and d3 likewise with the visitor's number.
func matter() access.Resource {
	return access.Resource{
		Station: here, Filer: "filer", Proxy: "proxy", Assignee: "m1",
		Helpers: []access.Helper{
			{Role: access.Department, ID: "d1"},
			{Role: access.Member, ID: "m2"},
			{Role: access.Department, ID: "d2"},
			{Role: access.Member, ID: "m3", SeesPhone: true},
			{Role: access.Department, ID: "d3", SeesPhone: true},
			{Role: access.Liaison, ID: "l2"},
			{Role: access.Admin, ID: "a2"},
			{Role: access.Visitor, ID: ""},
		},
	}
}

var roles = []access.Role{
	access.Visitor, access.Member, access.Liaison, access.Department, access.Admin, access.System, "",
}

var actions = []access.Action{
	access.Read, access.Accept, access.Ask, access.Reply, access.Return, access.Transfer, access.Close,
	access.Assign, access.Message, access.Withdraw, access.Rate, access.Reopen, access.Reveal, access.Extend, access.Merge, access.Split, access.Dossier,
	access.Assist, access.Recall, access.Contribute, access.Decline, access.Fulfil, access.Promise, access.TakeBack, access.AskCall, access.FollowUp,
	access.Annotate, access.Nudge,
	access.Manage, access.Leave,
}

// relations says how a caller stands to the matter, apart from their role.
var relations = []string{"nobody", "stranger", "filer", "own", "own and filer", "colleague", "elsewhere", "helper", "calling helper", "proxy", "own and proxy"}

func caller(role access.Role, relation string) access.Caller {
	ids := map[access.Role]string{
		access.Member: "m1", access.Liaison: "l1", access.Department: "d1", access.Admin: "a1",
	}
	c := access.Caller{Person: "somebody", Role: role}
	if ids[role] != "" {
		c.Station, c.ID = here, ids[role]
	}
	switch relation {
	case "nobody":
		c.Person = ""
	case "stranger":
		c.Station, c.ID = "", ""
	case "filer":
		c.Person, c.Station, c.ID = "filer", "", ""
	case "own and filer":
		c.Person = "filer"
	case "proxy":
		c.Person, c.Station, c.ID = "proxy", "", ""
	case "own and proxy":
		c.Person = "proxy"
	case "colleague":
		if c.ID != "" {
			c.ID += "9"
		}
	case "elsewhere":
		if c.ID != "" {
			c.Station = there
		}
	case "helper", "calling helper":
		if c.ID != "" {
			c.ID = map[string]string{"helper": "2", "calling helper": "3"}[relation]
			c.ID = map[access.Role]string{
				access.Member: "m", access.Liaison: "l", access.Department: "d", access.Admin: "a",
			}[role] + c.ID
		}
	}
	return c
}

// byFiler and the sets beside it are the permissions in words of their own:
// the matrix below is made from them and not from the table in the code.
var (
	byFiler = set(access.Read, access.Message, access.Withdraw, access.Rate, access.Reopen, access.Manage, access.Leave)
	// The proxy reads, adds to it and may go; nothing that decides is theirs.
	byProxy    = set(access.Read, access.Message, access.Leave)
	byAssignee = set(access.Read, access.Accept, access.Ask, access.Reply, access.Return, access.Transfer,
		access.Close, access.Extend, access.Assist, access.Recall, access.Fulfil, access.Promise, access.TakeBack, access.AskCall)
	byLiaison = set(access.Read, access.Transfer, access.Close, access.Extend, access.Assign, access.Reveal,
		access.Assist, access.Recall, access.Merge, access.Split, access.Dossier, access.Fulfil, access.Promise, access.FollowUp, access.Annotate, access.Nudge)
	byHelper = set(access.Read, access.Contribute, access.Decline)
	byCaller = set(access.Read, access.Contribute, access.Decline, access.Reveal)
)

func set(list ...access.Action) map[access.Action]bool {
	m := map[access.Action]bool{}
	for _, a := range list {
		m[a] = true
	}
	return m
}

// expect answers what May must say.
func expect(role access.Role, relation string, a access.Action) fault.Code {
	if relation == "nobody" {
		return fault.Unauthenticated
	}
	staff := map[access.Role]map[access.Action]bool{
		access.Member: byAssignee, access.Liaison: byLiaison, access.Department: byHelper,
	}
	known := role != access.System && role != ""
	helps := role == access.Member || role == access.Department
	if !known || !byFiler[a] && !staff[role][a] && (!helps || !byCaller[a]) {
		return fault.Denied
	}
	if helps && (relation == "helper" || relation == "calling helper") {
		if may := map[string]map[access.Action]bool{"helper": byHelper, "calling helper": byCaller}[relation]; may[a] {
			return ""
		}
		return fault.Denied
	}
	isFiler := relation == "filer" || relation == "own and filer"
	isProxy := relation == "proxy" || relation == "own and proxy"
	isOwn := relation == "own" || relation == "own and filer" || relation == "own and proxy" ||
		role == access.Liaison && relation != "stranger" && relation != "elsewhere" && relation != "filer" && relation != "proxy" // a station's liaisons are alike
	isOwn = isOwn && staff[role] != nil
	switch {
	case isFiler && byFiler[a], isProxy && byProxy[a], isOwn && staff[role][a]:
		return ""
	case isFiler || isProxy || isOwn:
		return fault.Denied
	default:
		return fault.NotFound
	}
}

// TestMatrix asks every role in every relation for every action.
func TestMatrix(t *testing.T) {
	t.Parallel()
	counts := map[fault.Code]int{}
	for _, role := range roles {
		for _, relation := range relations {
			for _, a := range actions {
				c := caller(role, relation)
				got, want := fault.CodeOf(access.May(c, a, matter())), expect(role, relation, a)
				if got != want {
					t.Errorf("%s, %s, %s: %q, want %q", role, relation, a, got, want)
				}
				counts[got]++
			}
		}
	}
	for _, code := range []fault.Code{"", fault.Denied, fault.NotFound, fault.Unauthenticated} {
		if counts[code] < len(actions) {
			t.Errorf("the matrix answers %q only %d times", code, counts[code])
		}
	}
}

// TestCanIsTheRoleHalfOfMay wants Can to refuse what May would refuse in every
// relation, and nothing else.
func TestCanIsTheRoleHalfOfMay(t *testing.T) {
	t.Parallel()
	for _, role := range roles {
		for _, a := range actions {
			possible := false
			for _, relation := range relations {
				possible = possible || access.May(caller(role, relation), a, matter()) == nil
			}
			if got := access.Can(caller(role, "own"), a) == nil; got != possible {
				t.Errorf("Can(%s, %s) = %v, but possible = %v", role, a, got, possible)
			}
		}
		if err := access.Can(caller(role, "own"), "nonsense"); !fault.Is(err, fault.Denied) {
			t.Errorf("%s may do what is no action: %v", role, err)
		}
	}
}

// TestTheMemberSeesTheNumberIfTheMatterLetsThem, and nobody else by that.
func TestTheMemberSeesTheNumberIfTheMatterLetsThem(t *testing.T) {
	t.Parallel()
	for _, held := range []bool{false, true} {
		open := matter()
		open.AssigneeSeesPhone, open.Held = true, held
		for _, role := range roles {
			for _, relation := range relations {
				c := caller(role, relation)
				more := access.May(c, access.Reveal, open) == nil && access.May(c, access.Reveal, matter()) != nil
				if want := role == access.Member && (relation == "own" || relation == "own and filer" || relation == "own and proxy") && !held; more != want {
					t.Errorf("%s (%s), held %v: sees more %v", role, relation, held, more)
				}
			}
		}
	}
}

// TestHeldIsTheLiaisonsAlone wants a text that waits for the content check to
// be read by its filer and the liaison, and by nobody else.
func TestHeldIsTheLiaisonsAlone(t *testing.T) {
	t.Parallel()
	held := matter()
	held.Held = true
	for role, want := range map[access.Role]fault.Code{
		access.Member: fault.NotFound, access.Department: fault.NotFound, access.Liaison: "",
	} {
		for _, relation := range []string{"own", "helper", "calling helper"} {
			if got := fault.CodeOf(access.May(caller(role, relation), access.Read, held)); got != want {
				t.Errorf("%s (%s) reads a held matter: %q, want %q", role, relation, got, want)
			}
		}
	}
	if err := access.May(caller(access.Visitor, "filer"), access.Withdraw, held); err != nil {
		t.Errorf("the filer cannot withdraw: %v", err)
	}
}

// TestEmptyIDsMatchNothing wants no gap through values that are not set.
func TestEmptyIDsMatchNothing(t *testing.T) {
	t.Parallel()
	for _, role := range roles {
		for _, thing := range []access.Resource{{}, {Station: here}, {Filer: ""}, {Station: here, Helpers: []access.Helper{{Role: role}}}} {
			for _, c := range []access.Caller{
				{Role: role}, {Role: role, Station: here}, {Person: "x", Role: role}, {Person: "x", Role: role, Station: here},
			} {
				for _, a := range actions {
					if access.May(c, a, thing) == nil {
						t.Errorf("%+v may %s %+v", c, a, thing)
					}
				}
			}
		}
	}
}

func TestRefusalsLookAlike(t *testing.T) {
	t.Parallel()
	notYours := access.May(caller(access.Visitor, "stranger"), access.Read, matter())
	if fmt.Sprint(notYours) != fmt.Sprint(access.Missing()) {
		t.Errorf("%q and %q tell what exists", notYours, access.Missing())
	}
	if !fault.Is(access.NoSession(), fault.Unauthenticated) {
		t.Error("no session has the wrong code")
	}
}

func TestWhoFiledIt(t *testing.T) {
	t.Parallel()
	for _, role := range roles {
		for _, relation := range relations {
			known := role != access.System && role != ""
			want := known && (relation == "filer" || relation == "own and filer")
			if got := caller(role, relation).RelationTo(matter()).Filer(); got != want {
				t.Errorf("%s, %s: %v", role, relation, got)
			}
		}
	}
}

func TestStaff(t *testing.T) {
	t.Parallel()
	for _, role := range roles {
		for _, admin := range []bool{false, true} {
			var want fault.Code
			if role != access.Liaison && (!admin || role != access.Admin) {
				want = fault.Denied
			}
			if got := fault.CodeOf(access.RequireStaff(caller(role, "own"), admin)); got != want {
				t.Errorf("%s, admin too %v: %q, want %q", role, admin, got, want)
			}
			if got := access.RequireStaff(caller(role, "nobody"), admin); !fault.Is(got, fault.Unauthenticated) {
				t.Errorf("%s without a session: %v", role, got)
			}
		}
	}
}

// TestWhoOnlyTakesPart tells those who only take part from those who have another
// part as well.
func TestWhoOnlyTakesPart(t *testing.T) {
	t.Parallel()
	for _, role := range roles {
		for _, relation := range relations {
			helps := role == access.Member || role == access.Department
			want := helps && (relation == "helper" || relation == "calling helper") || role == access.Department && (relation == "own" || relation == "own and proxy")
			if got := caller(role, relation).RelationTo(matter()).Assistant(); got != want {
				t.Errorf("%s, %s: %v", role, relation, got)
			}
		}
	}
	both := caller(access.Department, "helper")
	both.Person = "filer"
	if both.RelationTo(matter()).Assistant() {
		t.Error("a filer is an assistant")
	}
}

// TestWhoIsOnlyAProxy: who also handles it, or takes part, sees it as that.
func TestWhoIsOnlyAProxy(t *testing.T) {
	t.Parallel()
	for _, role := range roles {
		for _, relation := range relations {
			handles := role == access.Member || role == access.Liaison || role == access.Department
			want := role != access.System && role != "" && (relation == "proxy" || relation == "own and proxy" && !handles)
			if got := caller(role, relation).RelationTo(matter()).Proxy(); got != want {
				t.Errorf("%s, %s: %v", role, relation, got)
			}
		}
	}
}

// TestARelationAllowsWhatMayAllows, and none allows nothing: views are built from
// it.
func TestARelationAllowsWhatMayAllows(t *testing.T) {
	t.Parallel()
	var none access.Relation
	if !none.None() || none.Filer() || none.Assistant() || none.Proxy() {
		t.Error("the zero relation is something")
	}
	for _, a := range actions {
		if none.Allows(a) {
			t.Errorf("the zero relation allows %s", a)
		}
		for _, role := range roles {
			for _, relation := range relations {
				c := caller(role, relation)
				r := c.RelationTo(matter())
				if may := access.May(c, a, matter()) == nil; r.Allows(a) != may {
					t.Errorf("%s, %s, %s: the relation allows it %v, May %v", role, relation, a, !may, may)
				}
				if gone := fault.Is(access.May(c, access.Read, matter()), fault.NotFound); gone && !r.None() {
					t.Errorf("%s, %s: the relation is something to what is not there", role, relation)
				}
			}
		}
	}
}
