package record

import (
	"mashang/domain/access"
	"mashang/domain/station"
)

// AssistantKey names an assisting department or member in keys and indexes: "d.<department>" or "m.<member>".
func AssistantKey(role access.Role, id string) string {
	if role == access.Department {
		return "d." + id
	}
	return "m." + id
}

// AssistantKeys returns the keys of all who can assist at a station.
func AssistantKeys(st *station.Station) (list []string) {
	for _, m := range st.Members {
		list = append(list, AssistantKey(access.Member, m.ID))
	}
	for _, d := range st.Departments {
		list = append(list, AssistantKey(access.Department, d.ID))
	}
	return list
}
