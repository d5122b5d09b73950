package notice

// Receipt is what became of one sending.
type Receipt struct {
	Outcome Outcome
	// MsgID is the platform's id of the message, by which it tells later that one
	// was not delivered after all; "" if it gave none.
	MsgID string
}

// Told reports whether the outcome means that the receiver knows.
func (o Outcome) Told() bool { return o == Sent || o == SentByChat || o == Joined }
