package notice

import "slices"

// Moment is when a tap is at hand, which the platform wants for its question.
type Moment string

// The moments.
const (
	Filing   Moment = "filing"   // a visitor has filed
	Replying Moment = "replying" // somebody has written into a matter
	Looking  Moment = "inbox"    // a member or liaison has opened their list
)

// Moments lists all of them.
var Moments = []Moment{Filing, Replying, Looking}

const (
	// askMost is how many templates one question may hold: the platform's page
	// on wx.requestSubscribeMessage says five today and three before.
	askMost = 3
	// enoughConsents is how many consents are enough not to be asked for more.
	enoughConsents = 20
)

// Question is a template to ask consent for, and why in words for the person.
type Question struct {
	Purpose Purpose
	Why     string
}

var whys = map[Purpose]string{
	MemberNew:       "有新的诉求分派给您时告诉您",
	MemberMessage:   "群众有新的消息时告诉您",
	MemberUrge:      "到了办理期限时提醒您",
	VisitorReply:    "委员答复时告诉您",
	VisitorClosed:   "办结时告诉您，并请您评价",
	VisitorProgress: "委员受理、转办时告诉您",
	LiaisonUrge:     "有诉求没人办、快超期时提醒您",
	LiaisonAlarm:    "有人说到生命危险时马上告诉您",

	DepartmentAssist: "请贵单位协办、协办到期时告诉您",
}

// Why says to the person what the purpose's messages are for.
func (p Purpose) Why() string { return whys[p] }

// Ask lists what to ask consent for next, at most three: of what the audience is
// told of, that of which least is left first, and among equals what is worth
// most. Somebody who has plenty is not asked.
func Ask(audience string, left Consents) []Question {
	var list []Purpose
	for _, p := range Purposes {
		if p.Audience() == audience && left[p] < enoughConsents {
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(a, b Purpose) int { return left[a] - left[b] })
	list = list[:min(len(list), askMost)]
	out := make([]Question, len(list))
	for i, p := range list {
		out[i] = Question{p, p.Why()}
	}
	return out
}
