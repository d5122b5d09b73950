package matters

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"mashang/domain/access"
	"mashang/domain/record"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Upload is an accepted file.
type Upload struct {
	ID      string `json:"id"`
	Kind    string `json:"kind" enum:"photo,voice"`
	Width   int    `json:"width,omitempty" doc:"Of a photo, in pixels as kept."`
	Height  int    `json:"height,omitempty"`
	Seconds int    `json:"seconds,omitempty" doc:"Of a voice message."`
}

// ByUpload is the input of operations that need only an upload's id.
type ByUpload struct {
	ID string `path:"id" doc:"The upload's id."`
}

func (rt *routes) addUploads() {
	web.Handle(rt.api, web.Op(http.MethodPost, "/uploads", "upload", "Send one photo (JPEG, PNG, WebP) or voice message (mp3, m4a, webm).").
		Writes().Creates(). // a refused upload has been decoded too
		Fails(http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity), rt.upload)
	media := []string{"image/jpeg", "audio/mpeg", "audio/mp4", "audio/webm"}
	web.Handle(rt.api, web.Op(http.MethodGet, "/uploads/{id}", "readUpload", "The file, for its owner and who may see its submission. Ranges are served.").
		Fails(http.StatusNotFound).Binary(media...), rt.readUpload)
	web.Handle(rt.api, web.Op(http.MethodGet, "/uploads/{id}/thumb", "readThumb", "A photo's small picture.").
		Fails(http.StatusNotFound).Binary("image/jpeg"), rt.readThumb)
}

// upload streams the one part of the form to the desk, without storing it in memory or in a temporary file.
func (rt *routes) upload(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[Upload], error) {
	g := web.VisitOf(ctx).Gin
	r := g.Request
	if r.ContentLength > rt.api.Options.MaxUpload {
		return nil, web.TooLargeFile()
	}
	giveBack, err := rt.api.Limits.Uploads.Take(c.Person, web.EnoughUploads)
	if err != nil {
		return nil, err
	}
	u, err := rt.take(ctx, c, http.MaxBytesReader(g.Writer, r.Body, rt.api.Options.MaxUpload), r.Header.Get("Content-Type"))
	if err != nil {
		giveBack()
		return nil, err
	}
	return &wire.Output[Upload]{Body: uploadOf(u)}, nil
}

func uploadOf(u record.Upload) Upload {
	return Upload{ID: u.ID, Kind: u.Kind, Width: u.Width, Height: u.Height, Seconds: u.Seconds}
}

func (rt *routes) take(ctx context.Context, c access.Caller, body io.Reader, contentType string) (record.Upload, error) {
	form, err := web.PartsOf(body, contentType)
	if err != nil {
		return record.Upload{}, err
	}
	part, err := form.NextPart()
	if err != nil {
		return record.Upload{}, web.FormFault(err)
	}
	if part.FormName() != "file" {
		return record.Upload{}, web.OneFile()
	}
	only := &web.OnlyPart{Part: part, Form: form}
	u, err := rt.desk.uploads.Upload(ctx, c, only)
	if only.Wrong != nil {
		return record.Upload{}, only.Wrong
	}
	return u, err
}

func (rt *routes) readUpload(ctx context.Context, c access.Caller, in *ByUpload) (*web.Picture, error) {
	return rt.file(ctx, c, in.ID, false)
}

func (rt *routes) readThumb(ctx context.Context, c access.Caller, in *ByUpload) (*web.Picture, error) {
	return rt.file(ctx, c, in.ID, true)
}

// file serves an upload so that a browser shows or plays it, but never executes it.
func (rt *routes) file(ctx context.Context, c access.Caller, id string, thumb bool) (*web.Picture, error) {
	file, err := rt.desk.matters.File(ctx, c, id, thumb)
	if err != nil {
		return nil, err
	}
	return &web.Picture{Body: func(ctx huma.Context) { web.ServeFile(humagin.Unwrap(ctx), file, web.NoStore) }}, nil
}
