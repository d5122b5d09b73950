package record

// Scans is how often a code was looked at on a day (YYYY-MM-DD).
type Scans struct {
	Station, Code, Day string
	N                  int
}

// CodeUse is what became of a code since it was printed.
type CodeUse struct {
	// Recent are the scans of the days asked for, Total those of all days.
	Recent, Total int
	// LastDay is when it was scanned last (YYYY-MM-DD), "" for never.
	LastDay string
	// Filed is how many submissions were filed from it.
	Filed int
}
