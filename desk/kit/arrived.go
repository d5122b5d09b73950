package kit

// The kinds of arrivals the desk works on; others are not kept.
const (
	EventText    = "text"
	EventConsent = "consent"
	// EventConsentOff: the person switched a template off in the settings.
	EventConsentOff = "consent_off"
	// EventImage, EventVoice and EventCard were sent into the chat, which
	// EventEnter opened.
	EventImage = "image"
	EventVoice = "voice"
	EventCard  = "card"
	EventEnter = "enter"
	// EventSent tells of a message that it was delivered, or was not.
	EventSent = "sent"
	// EventMediaCheck is the platform's answer about a photo.
	EventMediaCheck = "media_check"
)

// What the platform pushed and could not be read is lost to whoever sent it.
// It is listed, without a word of theirs, for the people who can mend it; the
// sender is asked to write again.

// UnreadFailed is the reason of what was read and could not be worked on, however
// often it was tried. The other reasons are the platform plug's.
const UnreadFailed = "failed"
