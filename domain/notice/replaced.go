package notice

import (
	"mashang/domain/casework"
	"mashang/domain/station"
)

// ForRole returns the purpose for notices about a role itself to the person who has it.
func ForRole(role string) Purpose {
	switch role {
	case "liaison":
		return LiaisonUrge
	case "department":
		return DepartmentAssist
	default:
		return MemberMessage
	}
}

// Replaced tells the former holder of a role that another WeChat user now has it. It is about no submission:
// the number is the role's id.
func Replaced(use Purpose, ref, name string, st *station.Station, at casework.Millis) Message {
	return Message{Purpose: use, Page: "pages/inbox/index", Data: map[string]string{
		Number:  ref,
		Subject: "您的身份已绑定到另一个微信",
		Place:   st.Name,
		Due:     at.Time().Format(TimeLayout),
		State:   "已换绑",
		Who:     name,
		Hint:    "不是您换的，请马上致电工作站",
		Body:    "您的身份已绑定到另一个微信",
	}}
}
