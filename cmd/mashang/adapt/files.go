package adapt

import (
	"context"
	"io"
	"time"

	"mashang/adapters/ical"
	"mashang/adapters/media"
	"mashang/adapters/sheets"
	"mashang/desk/uploads"
	"mashang/domain/figures"
	"mashang/domain/reception"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/qrcodes"
)

// Painter adapts the drawing functions to the desk.
type Painter struct{}

// PNG implements desk.Painter.
func (Painter) PNG(url string, px int) ([]byte, error) { return qrcodes.PNG(url, px) }

// SVG implements desk.Painter.
func (Painter) SVG(url string) ([]byte, error) { return qrcodes.SVG(url) }

// Signs implements desk.Painter.
func (Painter) Signs(ctx context.Context, signs []record.Sign, job record.SignJob, progress func(done, total int)) (record.SignFile, error) {
	return qrcodes.Draw(ctx, signs, job, progress)
}

// Dossier implements desk.Painter.
func (Painter) Dossier(d record.Dossier, made time.Time) ([]byte, error) {
	return qrcodes.Dossier(d, made)
}

// Spreadsheets adapts the reader and writer of rosters to the desk.
type Spreadsheets struct{}

// Read implements desk.Sheets.
func (Spreadsheets) Read(name string, data []byte) (*station.Station, []record.SheetProblem, error) {
	return sheets.Read(name, data)
}

// Write implements desk.Sheets.
func (Spreadsheets) Write(s *station.Station) ([]byte, error) { return sheets.Write(s) }

// Describe implements desk.Sheets.
func (Spreadsheets) Describe(c station.Change) string { return sheets.Describe(c) }

// Reporter adapts the writers of reports to the desk.
type Reporter struct{}

// Spreadsheet implements desk.Reporter.
func (Reporter) Spreadsheet(r figures.Report) ([]byte, error) { return sheets.Report(r) }

// Print implements desk.Reporter.
func (Reporter) Print(r figures.Report) ([]byte, error) { return qrcodes.Report(r) }

// Calendars adapts the writer of calendars to the desk.
type Calendars struct{}

// Calendar implements desk.Calendars.
func (Calendars) Calendar(f reception.Feed, page string) ([]byte, error) { return ical.Encode(f, page) }

// Files adapts the media store to the desk.
type Files struct{ *media.Store }

// Take implements desk.Media.
func (f Files) Take(ctx context.Context, r io.Reader) (*uploads.Photo, *uploads.Voice, error) {
	p, v, err := f.Store.Take(ctx, r)
	switch {
	case err != nil:
		return nil, nil, err
	case v != nil:
		return nil, &uploads.Voice{Hash: v.Hash, Seconds: v.Seconds}, nil
	default:
		return &uploads.Photo{Hash: p.Hash, Width: p.Width, Height: p.Height}, nil, nil
	}
}

// Open implements desk.Media.
func (f Files) Open(kind, hash string, thumb bool) (*uploads.File, error) {
	variant := kind // the media store's variants of whole files are the kinds
	if thumb {
		variant = media.VariantThumb
	}
	r, modified, contentType, err := f.Read(hash, variant)
	if err != nil {
		return nil, err
	}
	return &uploads.File{ReadSeekCloser: r, Type: contentType, ModTime: modified}, nil
}
