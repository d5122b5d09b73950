package record

import "mashang/domain/access"

// AssistantKey names an assisting department or member in keys and indexes: "d.<department>" or "m.<member>".
func AssistantKey(role access.Role, id string) string {
	if role == access.Department {
		return "d." + id
	}
	return "m." + id
}
