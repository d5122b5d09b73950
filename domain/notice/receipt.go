package notice

// Receipt is the result of one sending.
type Receipt struct {
	Outcome Outcome
	// MsgID is the platform's id of the message, which a later report of a failed delivery refers to; "" if it
	// gave none.
	MsgID string
}

// Told reports whether the outcome means that the receiver was told.
func (o Outcome) Told() bool { return o == Sent || o == SentByChat || o == SentBySMS || o == Joined }
