package record

// Dossier is a submission as a whole file for another body: everything in words,
// in the order in which it is to be printed.
type Dossier struct {
	Title string
	// Foot stands on every page beside its number.
	Foot  string
	Parts []DossierPart
	// Exhibits are shown after the parts, each with its name and fingerprint.
	Exhibits []Exhibit
}

// DossierPart is a heading with rows of a name and a value, and paragraphs.
type DossierPart struct {
	Heading    string
	Rows       [][2]string
	Paragraphs []string
}

// Exhibit is a piece of evidence. Photo is a JPEG or PNG, nil when it is only
// listed, which Note then explains.
type Exhibit struct {
	Name, SHA256, Note string
	Photo              []byte
}
