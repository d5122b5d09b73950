package kit

import (
	"mashang/domain/access"
	"mashang/domain/record"
	"mashang/domain/station"
)

// RoleNames are the Chinese words for the roles.
var RoleNames = map[access.Role]string{
	access.Visitor: "群众", access.Member: "委员", access.Liaison: "联络员",
	access.Department: "部门", access.Admin: "管理员", access.System: "系统",
}

// Roles lists the roles of a station to which a WeChat account can be bound: staff, members, departments, in
// that order.
func Roles(st *station.Station) []record.Invite {
	var all []record.Invite
	for _, l := range st.Liaisons {
		if !l.Left {
			all = append(all, record.Invite{Station: st.ID, Role: string(access.Liaison), Ref: l.ID})
		}
	}
	for _, m := range st.Members {
		if !m.Left {
			all = append(all, record.Invite{Station: st.ID, Role: string(access.Member), Ref: m.ID})
		}
	}
	for _, x := range st.Departments {
		all = append(all, record.Invite{Station: st.ID, Role: string(access.Department), Ref: x.ID})
	}
	return all
}
