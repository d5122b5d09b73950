package record

// Dossier is a whole submission as a file for another body, as text in the order of printing.
type Dossier struct {
	Title string
	// Foot is printed on every page beside its number.
	Foot  string
	Parts []DossierPart
	// Exhibits follow the parts, each with its name and fingerprint.
	Exhibits []Exhibit
}

// DossierPart is a heading with rows of a name and a value, and paragraphs.
type DossierPart struct {
	Heading    string
	Rows       [][2]string
	Paragraphs []string
}

// Exhibit is a piece of evidence. Photo is a JPEG or PNG, nil if the exhibit is only listed; Note then says
// why.
type Exhibit struct {
	Name, SHA256, Note string
	Photo              []byte
}
