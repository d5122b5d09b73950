package station

import "slices"

// Means is a way to tell somebody whom no message of the platform's reaches: they
// gave no consent, or nobody has bound the role, or it was refused. A second
// channel, such as a service account's template messages, is one more Means.
type Means string

// The means.
const (
	ByChat    Means = "chat"    // the customer-service chat, while the platform lets us write there
	ByLiaison Means = "liaison" // the liaison's list of those who could not be told
)

// EveryMeans lists all of them in the order in which they are tried when a
// station says nothing else.
var EveryMeans = []Means{ByChat, ByLiaison}

// Chinese is what people call it.
func (m Means) Chinese() string {
	switch m {
	case ByChat:
		return "客服会话"
	case ByLiaison:
		return "联络员"
	default:
		return string(m)
	}
}

// Elsewhere lists the means to try, the first first: those the station has set,
// else all.
func (s *Station) Elsewhere() []Means {
	if len(s.Means) == 0 {
		return EveryMeans
	}
	return s.Means
}

// means checks that each is known and named once.
func (c *checker) means() {
	for i, m := range c.s.Means {
		c.require(slices.Contains(EveryMeans, m) && !slices.Contains(c.s.Means[:i], m), TableStation, 0, "means",
			"通知不到时的办法须为“客服会话”“联络员”，各填一次")
	}
}
