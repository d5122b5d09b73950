package record

import "time"

// Sign is what is printed for a code. Texts are plain; runs of white space become one space. A text that is too
// long or has a character that the font lacks is refused.
type Sign struct {
	// Kind is the target's: member, room, place, station or reception.
	Kind string
	// Title is the large name: the member's, room's, place's, station's or rule's.
	Title string
	// Subtitle is up to three lines below it, of at most MaxSignLine characters: sector, village, duties; the days and
	// the place of a rule of reception.
	Subtitle []string
	// Village is the target's, "" for none: a notice covers one village.
	Village string
	// Station is the name of the station that is responsible for the sign.
	Station string
	// Phone is the station's, for people who do not scan. It may be empty.
	Phone string
	// Purposes are up to six short words for what people can use it for.
	Purposes []string
	// URL is the plain link in the QR image.
	URL string
	// CodeImage is the platform's round mini-program code, JPEG or PNG; nil prints only the plain QR image.
	CodeImage []byte
	// Key is the code's printed number, for typing it in.
	Key string
	// Demo prints 演示 across the page: the sign is not real.
	Demo bool
}

// The templates of signs.
const (
	SignSheet   = "sheet"   // one sign on A4
	SignDoor    = "door"    // A5, beside a door
	SignNotice  = "notice"  // A4, many codes of one village
	SignTable   = "table"   // a card that stands on a table, two faces of A6
	SignPoster  = "poster"  // one sign on A3, with a code that is read from some metres away
	SignSticker = "sticker" // a sticker of A6
)

// SignTemplates are all of them.
var SignTemplates = []string{SignDoor, SignNotice, SignTable, SignSheet, SignPoster, SignSticker}

// MaxHeadline is the maximum number of characters of a headline: the width of every template has room for them.
const MaxHeadline = 10

// MaxSignLine is the maximum number of characters of a line below the name.
const MaxSignLine = 30

// SignJob says how signs are drawn.
type SignJob struct {
	Template string
	// PNG makes images instead of a PDF: one, or an archive of several.
	PNG bool
	// Crop prints templates smaller than A4 on A4 with crop marks.
	Crop bool
	// Headline is the station's own instead of that of each kind, at most MaxHeadline characters; empty for none.
	Headline string
	// Owner is the body named at the foot as responsible; empty names each sign's own station.
	Owner string
	// DPI of the images; 200 when zero.
	DPI int
	// Made is the date in the document's properties; zero omits it.
	Made time.Time
}

// SignFile is the drawn file. Ending is "pdf", "png" or "zip".
type SignFile struct {
	Ending, Type string
	Data         []byte
	// Failed are the signs that were left out, in the given order.
	Failed []SignFailure
}

// SignFailure is a sign that could not be printed. Index is its position from 0; Message is Chinese, names it
// and says what to do.
type SignFailure struct {
	Index                      int
	Key, Title, Field, Message string
}
