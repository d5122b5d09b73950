package station

import "slices"

// FallbackChannel is a way to tell somebody whom no message of the platform's reaches: they
// gave no consent, or nobody has bound the role, or it was refused. A second
// channel, such as a service account's template messages, is one more Means.
type FallbackChannel string

// The means.
const (
	ChannelChat    FallbackChannel = "chat"    // the customer-service chat, while the platform lets us write there
	ChannelSMS     FallbackChannel = "sms"     // a text to who logged in with the number they left
	ChannelLiaison FallbackChannel = "liaison" // the liaison's list of those who could not be told
)

// FallbackChannels lists all of them in the order in which they are tried when a
// station says nothing else.
var FallbackChannels = []FallbackChannel{ChannelChat, ChannelSMS, ChannelLiaison}

// Chinese is what people call it.
func (m FallbackChannel) Chinese() string {
	switch m {
	case ChannelChat:
		return "客服会话"
	case ChannelSMS:
		return "短信"
	case ChannelLiaison:
		return "联络员"
	default:
		return string(m)
	}
}

// ChannelsToTry lists the means to try, the first first: those the station has set,
// else all.
func (s *Station) ChannelsToTry() []FallbackChannel {
	if len(s.FallbackChannels) == 0 {
		return FallbackChannels
	}
	return s.FallbackChannels
}

// channels checks that each is known and named once.
func (c *checker) channels(table string, row int, field string, list []FallbackChannel) {
	for i, m := range list {
		c.require(slices.Contains(FallbackChannels, m) && !slices.Contains(list[:i], m), table, row, field,
			"通知不到时的办法须为“客服会话”“短信”“联络员”，各填一次")
	}
}
