package kit

// The kinds of arrivals the desk works on; others are not kept.
const (
	ArrivedText    = "text"
	ArrivedConsent = "consent"
	// ArrivedConsentOff: the person switched a template off in the settings.
	ArrivedConsentOff = "consent_off"
	// ArrivedImage, ArrivedVoice and ArrivedCard were sent into the chat, which
	// ArrivedEnter opened.
	ArrivedImage = "image"
	ArrivedVoice = "voice"
	ArrivedCard  = "card"
	ArrivedEnter = "enter"
	// ArrivedSent tells of a message that it was delivered, or was not.
	ArrivedSent = "sent"
	// ArrivedMediaCheck is the platform's answer about a photo.
	ArrivedMediaCheck = "media_check"
)

// What the platform pushed and could not be read is lost to whoever sent it.
// It is listed, without a word of theirs, for the people who can mend it; the
// sender is asked to write again.

// UnreadFailed is the reason of what was read and could not be worked on, however
// often it was tried. The other reasons are the platform plug's.
const UnreadFailed = "failed"
