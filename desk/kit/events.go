package kit

// These are the kinds of events that the desk processes. Events of other kinds are dropped.
const (
	EventText    = "text"
	EventConsent = "consent"
	// EventConsentOff: the person switched a template off in WeChat's settings.
	EventConsentOff = "consent_off"
	// EventImage, EventVoice and EventCard are messages in the chat. EventEnter is the opening of the chat.
	EventImage = "image"
	EventVoice = "voice"
	EventCard  = "card"
	EventEnter = "enter"
	// EventSent reports whether a message was delivered.
	EventSent = "sent"
	// EventMediaCheck is the platform's answer about a photo.
	EventMediaCheck = "media_check"
)

// UnreadFailed is the reason noted for an event that was parsed but failed at each attempt to process it.
// Unread events are listed for staff without their content; the sender is asked to write again. The other
// reasons come from the platform plug.
const UnreadFailed = "failed"
