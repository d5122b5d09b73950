package emulator

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// The platform's rules for temporary media.
const (
	mediaLife = 3 * 24 * time.Hour
	maxImage  = 10 << 20
	maxVoice  = 2 << 20
	// maxForm is the maximum size of an upload in bytes: the file and the form around it.
	maxForm = maxImage + 64<<10
)

// maxLibrary is the maximum size of all media in bytes; the oldest are dropped.
const maxLibrary = 64 << 20

// mediaStore holds temporary media: uploads of the program and what people sent into their chats.
type mediaStore struct {
	now    func() time.Time
	random *entropy

	mu    sync.Mutex
	files map[string]file
	order []string // oldest first
	size  int
}

// file is a picture or recording. Its data is never changed.
type file struct {
	contentType string
	data        []byte
	until       time.Time
}

func newMediaStore(now func() time.Time, random *entropy) *mediaStore {
	return &mediaStore{now: now, random: random, files: make(map[string]file)}
}

// put stores a file and returns its media id and the time.
func (l *mediaStore) put(contentType string, data []byte) (id string, at time.Time) {
	id, at = l.random.text(48), l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.order) > 0 && (l.size+len(data) > maxLibrary || !at.Before(l.files[l.order[0]].until)) {
		l.size -= len(l.files[l.order[0]].data)
		delete(l.files, l.order[0])
		l.order = l.order[1:]
	}
	l.files[id] = file{contentType, data, at.Add(mediaLife)}
	l.order = append(l.order, id)
	l.size += len(data)
	return id, at
}

// get returns a file that has not expired.
func (l *mediaStore) get(id string) (file, bool) {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	f, ok := l.files[id]
	return f, ok && now.Before(f.until)
}

// hasImage reports whether the id is of a stored picture.
func (l *mediaStore) hasImage(id string) bool {
	f, ok := l.get(id)
	return ok && slices.Contains(imageTypes, f.contentType)
}

var imageTypes = []string{"image/jpeg", "image/png", "image/gif"}

// sniff returns the type of a picture or recording that the platform accepts, else "". The bytes decide, not
// the sender's header.
func sniff(data []byte) string {
	kind := http.DetectContentType(data)
	switch {
	case slices.Contains(imageTypes, kind):
		return kind
	case bytes.HasPrefix(data, []byte("#!AMR")):
		return "audio/amr"
	case kind == "audio/mpeg", len(data) > 1 && data[0] == 0xFF && data[1]&0xE0 == 0xE0:
		return "audio/mpeg"
	}
	return ""
}

// isVoice reports whether the type is of a recording.
func isVoice(contentType string) bool {
	return contentType == "audio/amr" || contentType == "audio/mpeg"
}

// errNoFile says that a form has no file under the name.
var errNoFile = errors.New("no such file in the form")

// formFile returns the file of the name in a multipart body.
func formFile(contentType string, body []byte, name string) ([]byte, error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "multipart/form-data" {
		return nil, errNoFile
	}
	form := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		part, err := form.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return nil, errNoFile
		case err != nil:
			return nil, err
		}
		if part.FormName() == name && part.FileName() != "" {
			return io.ReadAll(part)
		}
	}
}

type uploadAnswer struct {
	Type  string `json:"type"`
	Media string `json:"media_id"`
	At    int64  `json:"created_at"`
}

func (e *Emulator) uploadMedia(_ context.Context, c call) (any, *refusal) {
	kind, maxSize := c.query.Get("type"), maxImage
	switch kind {
	case "image":
	case "voice":
		maxSize = maxVoice
	default:
		return nil, refuse(40004, "invalid media type")
	}
	data, err := formFile(c.contentType, c.body, "media")
	contentType := sniff(data)
	switch {
	case err != nil:
		return nil, refuse(41005, "media data missing")
	case len(data) == 0:
		return nil, refuse(44001, "empty media data")
	case len(data) > maxSize:
		return nil, refuse(45001, "media size out of limit")
	case contentType == "", isVoice(contentType) != (kind == "voice"):
		return nil, refuse(40005, "invalid file type")
	}
	id, at := e.media.put(contentType, data)
	return uploadAnswer{kind, id, at.Unix()}, nil
}

func (e *Emulator) getMedia(_ context.Context, c call) (any, *refusal) {
	id := c.query.Get("media_id")
	f, ok := e.media.get(id)
	if !ok {
		return nil, refuse(40007, "invalid media_id")
	}
	_, ending, _ := strings.Cut(f.contentType, "/")
	return raw{f.contentType, id + "." + ending, f.data}, nil
}
