package record

// Scans is how often a code was scanned on a day (YYYY-MM-DD).
type Scans struct {
	Station, Code, Day string
	N                  int
}

// CodeUse is how a code has been used since it was printed.
type CodeUse struct {
	// Recent are the scans of the requested days, Total those of all days.
	Recent, Total int
	// LastDay is the day of the last scan (YYYY-MM-DD), "" for never.
	LastDay string
	// Filed is how many submissions were filed from it.
	Filed int
}
