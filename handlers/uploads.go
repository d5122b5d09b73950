package handlers

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"mashang/desk/uploads"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// Upload is a file that was taken.
type Upload struct {
	ID      string `json:"id"`
	Kind    string `json:"kind" enum:"photo,voice"`
	Width   int    `json:"width,omitempty" doc:"Of a photo, in pixels as kept."`
	Height  int    `json:"height,omitempty"`
	Seconds int    `json:"seconds,omitempty" doc:"Of a voice message."`
}

// ByUpload is the input of what needs an upload only.
type ByUpload struct {
	ID string `path:"id" doc:"The upload's id."`
}

func (f *Face) addUploads() {
	handle(f, op(http.MethodPost, "/uploads", "upload", "Send one photo (JPEG, PNG, WebP) or voice message (mp3, m4a, webm).").
		writes().creates(). // what is refused has been decoded all the same
		fails(http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity), f.upload)
	media := []string{"image/jpeg", "audio/mpeg", "audio/mp4", "audio/webm"}
	handle(f, op(http.MethodGet, "/uploads/{id}", "readUpload", "The file, for its owner and who may see its submission. Ranges are served.").
		fails(http.StatusNotFound).binary(media...), f.readUpload)
	handle(f, op(http.MethodGet, "/uploads/{id}/thumb", "readThumb", "A photo's small picture.").
		fails(http.StatusNotFound).binary("image/jpeg"), f.readThumb)
}

// upload streams the one part of the form to the desk; nothing of it is kept
// in memory or in a temporary file of ours.
func (f *Face) upload(ctx context.Context, c access.Caller, _ *nothing) (*answer[Upload], error) {
	g := visitOf(ctx).gin
	r := g.Request
	if r.ContentLength > f.o.MaxUpload {
		return nil, tooLargeFile()
	}
	giveBack, err := f.limits.uploads.take(c.Person, enoughUploads)
	if err != nil {
		return nil, err
	}
	u, err := f.take(ctx, c, http.MaxBytesReader(g.Writer, r.Body, f.o.MaxUpload), r.Header.Get("Content-Type"))
	if err != nil {
		giveBack()
		return nil, err
	}
	return &answer[Upload]{uploadOf(u)}, nil
}

func uploadOf(u record.Upload) Upload {
	return Upload{ID: u.ID, Kind: u.Kind, Width: u.Width, Height: u.Height, Seconds: u.Seconds}
}

func (f *Face) take(ctx context.Context, c access.Caller, body io.Reader, contentType string) (record.Upload, error) {
	form, err := partsOf(body, contentType)
	if err != nil {
		return record.Upload{}, err
	}
	part, err := form.NextPart()
	if err != nil {
		return record.Upload{}, formFault(err)
	}
	if part.FormName() != "file" {
		return record.Upload{}, oneFile()
	}
	only := &onlyPart{part: part, form: form}
	u, err := f.desk.Uploads.Upload(ctx, c, only)
	if only.wrong != nil {
		return record.Upload{}, only.wrong
	}
	return u, err
}

// partsOf opens the form. http.Request.MultipartReader would do, but for the
// body's bound.
func partsOf(body io.Reader, contentType string) (*multipart.Reader, error) {
	r := http.Request{Method: http.MethodPost, Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(body)}
	form, err := r.MultipartReader()
	if err != nil {
		return nil, newProblem(codeMediaType, "上传须为 multipart/form-data，文件放在 file 一栏")
	}
	return form, nil
}

// onlyPart reads a part and, at its end, makes sure that it was the last: its
// reader then sees an error instead of the end, so nothing of a wrong form is
// kept.
type onlyPart struct {
	part  *multipart.Part
	form  *multipart.Reader
	wrong error
}

// Read satisfies io.Reader.
func (o *onlyPart) Read(b []byte) (int, error) {
	if o.wrong != nil {
		return 0, o.wrong
	}
	n, err := o.part.Read(b)
	if err == nil {
		return n, nil
	}
	if !errors.Is(err, io.EOF) {
		o.wrong = formFault(err)
		return n, o.wrong
	}
	if _, err := o.form.NextPart(); err == nil {
		o.wrong = oneFile()
		return n, o.wrong
	} else if !errors.Is(err, io.EOF) {
		o.wrong = formFault(err)
		return n, o.wrong
	}
	return n, io.EOF
}

// formFault says why a form could not be read to its end.
func formFault(err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return tooLargeFile()
	}
	if errors.Is(err, io.EOF) {
		return oneFile()
	}
	return newProblem(codeMalformed, "上传的内容没有收全，请重试")
}

func tooLargeFile() error {
	return newProblem(codeTooLarge, "文件太大，请压缩或裁剪后再上传")
}

func oneFile() error {
	e := fault.New(fault.Invalid, "一次上传一个文件，放在 file 一栏")
	e.Fields = []fault.Field{{Field: "file", Message: e.Message}}
	return e
}

func (f *Face) readUpload(ctx context.Context, c access.Caller, in *ByUpload) (*picture, error) {
	return f.file(ctx, c, in.ID, false)
}

func (f *Face) readThumb(ctx context.Context, c access.Caller, in *ByUpload) (*picture, error) {
	return f.file(ctx, c, in.ID, true)
}

// safeTypes are what an upload is ever served as.
var safeTypes = []string{"image/", "audio/"}

// file serves an upload so that a browser shows or plays it and never runs it.
func (f *Face) file(ctx context.Context, c access.Caller, id string, thumb bool) (*picture, error) {
	file, err := f.desk.Matters.File(ctx, c, id, thumb)
	if err != nil {
		return nil, err
	}
	return &picture{func(ctx huma.Context) { serveFile(humagin.Unwrap(ctx), file, notKept) }}, nil
}

// notKept is for files that somebody has to have a right to see.
const notKept = "private, no-store"

// serveFile sends a file, to be kept by others as cache says, and closes it.
func serveFile(g *gin.Context, file *uploads.File, cache string) {
	defer file.Close() //nolint:errcheck // it was only read
	h := g.Writer.Header()
	h.Set("Content-Type", safeType(file.Type))
	h.Set("Content-Disposition", "inline")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Cache-Control", cache)
	http.ServeContent(g.Writer, g.Request, "", file.ModTime, file)
}

func safeType(t string) string {
	for _, prefix := range safeTypes {
		if strings.HasPrefix(t, prefix) && !strings.Contains(t, "svg") {
			return t
		}
	}
	return "application/octet-stream"
}
