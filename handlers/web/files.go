package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/desk/uploads"
	"mashang/domain/fault"
)

// PartsOf opens the form. http.Request.MultipartReader cannot be used because of the body's limit.
func PartsOf(body io.Reader, contentType string) (*multipart.Reader, error) {
	r := http.Request{Method: http.MethodPost, Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(body)}
	form, err := r.MultipartReader()
	if err != nil {
		return nil, NewProblem(codeMediaType, "上传须为 multipart/form-data，文件放在 file 一栏")
	}
	return form, nil
}

// OnlyPart reads a part and checks at its end that it was the last. Otherwise its reader gets an error instead
// of the end, so that nothing of an invalid form is stored.
type OnlyPart struct {
	Part  *multipart.Part
	Form  *multipart.Reader
	Wrong error
}

// FormFault returns why a form could not be read to its end.
func FormFault(err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return TooLargeFile()
	}
	if errors.Is(err, io.EOF) {
		return OneFile()
	}
	return NewProblem(CodeMalformed, "上传的内容没有收全，请重试")
}

// TooLargeFile is the fault of a file above the limit.
func TooLargeFile() error {
	return NewProblem(CodeTooLarge, "文件太大，请压缩或裁剪后再上传")
}

// OneFile is the fault of a form that does not consist of one file.
func OneFile() error {
	e := fault.New(fault.Invalid, "一次上传一个文件，放在 file 一栏")
	e.Fields = []fault.Field{{Field: "file", Message: e.Message}}
	return e
}

// safeTypes are the content types that an upload may be served as.
var safeTypes = []string{"image/", "audio/"}

// NoStore is the Cache-Control of files that need a permission.
const NoStore = "private, no-store"

// ServeFile sends and closes a file; cache is its Cache-Control.
func ServeFile(g *gin.Context, file *uploads.File, cache string) {
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
