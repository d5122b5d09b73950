package notice

import "slices"

// Moment is an occasion with a tap, which the platform requires before it asks for consent.
type Moment string

// The moments.
const (
	Filing   Moment = "filing"   // a visitor has filed
	Replying Moment = "replying" // somebody has written into a matter
	Looking  Moment = "inbox"    // a member or liaison has opened their list
	Booking  Moment = "booking"  // a visitor has booked, or looks at their booking
	Planning Moment = "duty"     // a member has opened their reception days
)

// Moments lists all of them.
var Moments = []Moment{Filing, Replying, Looking, Booking, Planning}

const (
	// maxQuestions is the maximum number of templates of one request: the platform's page on
	// wx.requestSubscribeMessage says five today, and three before.
	maxQuestions = 3
	// enoughConsents is the number of consents from which a person is not asked for more.
	enoughConsents = 20
)

// Question is a template to ask consent for, and the reason for the person.
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
	LiaisonUrge:     "有诉求没人办、快超期，或接待日缺委员时提醒您",
	LiaisonAlarm:    "有人说到生命危险时马上告诉您",

	DepartmentAssist: "请贵单位协办、协办到期时告诉您",

	VisitorBooking: "接待前一天提醒您，接待日有变时告诉您",
	MemberDuty:     "排班有变、有人找您换班时告诉您，值班前提醒您",
}

// Why returns for the person what the purpose's messages are for.
func (p Purpose) Why() string { return whys[p] }

// Ask returns up to three purposes to ask consent for at a moment: those of the audience with the fewest consents
// left, and among equals the most valuable ones. Purposes with enough consents are not asked for. Those about
// reception days are asked for when somebody has to do with one, and no others then.
func Ask(m Moment, audience string, left Consents) []Question {
	var list []Purpose
	for _, p := range Purposes {
		aboutDays := p == VisitorBooking || p == MemberDuty
		if p.Audience() == audience && left[p] < enoughConsents && aboutDays == (m == Booking || m == Planning) {
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(a, b Purpose) int { return left[a] - left[b] })
	list = list[:min(len(list), maxQuestions)]
	out := make([]Question, len(list))
	for i, p := range list {
		out[i] = Question{p, p.Why()}
	}
	return out
}
