package matters

// Numbers are the phone numbers of a submission, in clear.
type Numbers struct {
	Phone         string
	OnBehalfPhone string
}
