package app

import (
	"context"
	"io"
	"time"

	"mashang/adapters/media"
	"mashang/adapters/sheets"
	"mashang/desk/uploads"
	"mashang/domain/figures"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/qrcodes"
)

// painter shows the drawing functions to the desk.
type painter struct{}

func (painter) PNG(url string, px int) ([]byte, error) { return qrcodes.PNG(url, px) }
func (painter) SVG(url string) ([]byte, error)         { return qrcodes.SVG(url) }

func (painter) Signs(ctx context.Context, signs []record.Sign, job record.SignJob, progress func(done, total int)) (record.SignFile, error) {
	return qrcodes.Draw(ctx, signs, job, progress)
}

func (painter) Dossier(d record.Dossier, made time.Time) ([]byte, error) {
	return qrcodes.Dossier(d, made)
}

// spreadsheets shows the reader and writer of rosters to the desk.
type spreadsheets struct{}

func (spreadsheets) Read(name string, data []byte) (*station.Station, []record.SheetProblem, error) {
	return sheets.Read(name, data)
}

func (spreadsheets) Write(s *station.Station) ([]byte, error) { return sheets.Write(s) }
func (spreadsheets) Describe(c station.Change) string         { return sheets.Describe(c) }

// reporter makes reports.
type reporter struct{}

func (reporter) Spreadsheet(r figures.Report) ([]byte, error) { return sheets.Report(r) }
func (reporter) Print(r figures.Report) ([]byte, error)       { return qrcodes.Report(r) }

// files shows the media store to the desk.
type files struct{ *media.Store }

func (f files) Take(ctx context.Context, r io.Reader) (*uploads.Photo, *uploads.Voice, error) {
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

func (f files) Open(kind, hash string, thumb bool) (*uploads.File, error) {
	variant := kind // the media store's words for whole files are the kinds
	if thumb {
		variant = media.VariantThumb
	}
	r, modified, contentType, err := f.Read(hash, variant)
	if err != nil {
		return nil, err
	}
	return &uploads.File{ReadSeekCloser: r, Type: contentType, ModTime: modified}, nil
}
