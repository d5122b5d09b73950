package matters

// Numbers are a submission's phone numbers in clear.
type Numbers struct {
	Phone         string
	OnBehalfPhone string
}
