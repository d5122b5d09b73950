package wechat

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"time"

	"mashang/domain/fault"
)

// mediaLife is how long the platform keeps temporary media.
const mediaLife = 3 * 24 * time.Hour

// pictureTypes are the types of pictures that the platform accepts.
var pictureTypes = []string{"image/jpeg", "image/png", "image/gif"}

type uploadAnswer struct {
	Media   string `json:"media_id"`
	Created int64  `json:"created_at"`
}

// UploadMedia uploads a picture for the chat and returns its media id and when that expires: after three days.
// kind is "image", the only one that a mini program may upload. name is the file's name with its extension.
// contentType must match the bytes: JPEG, PNG or GIF. data is at most 10 MiB.
//
// Faults: Invalid (field "kind", "type" or "data") before any call, TooMany,
// Unavailable.
func (c *Client) UploadMedia(ctx context.Context, kind, name, contentType string, data []byte) (media string, until time.Time, err error) {
	var check fault.Check
	check.Require(kind == "image", "kind", "只能上传图片")
	check.Require(slices.Contains(pictureTypes, contentType) && http.DetectContentType(data) == contentType,
		"type", "图片须是 JPEG、PNG 或 GIF")
	check.Require(len(data) <= maxMedia, "data", "图片不能超过 10 MB")
	if err := check.Err(); err != nil {
		return "", time.Time{}, err
	}
	form, boundary, err := mediaForm(name, contentType, data)
	if err != nil {
		return "", time.Time{}, err
	}
	var out uploadAnswer
	err = c.call(ctx, epUpload, func(ctx context.Context, token string) error {
		got, err := c.do(ctx, request{
			ep: epUpload, method: http.MethodPost, query: url.Values{"access_token": {token}, "type": {kind}},
			contentType: boundary, body: func() (io.Reader, error) { return bytes.NewReader(form), nil },
		}, maxJSON)
		if err != nil {
			return err
		}
		if err := c.decode(epUpload, got.data, &out); err != nil {
			return err
		}
		if out.Media == "" {
			return c.newCallError(epUpload.path, malformed("no media id in the answer"))
		}
		return nil
	})
	if err != nil {
		return "", time.Time{}, c.fault(err)
	}
	return out.Media, time.Unix(out.Created, 0).Add(mediaLife), nil
}

// mediaForm returns the multipart body and its content type.
func mediaForm(name, contentType string, data []byte) (form []byte, boundary string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	head := textproto.MIMEHeader{}
	head.Set("Content-Disposition", multipart.FileContentDisposition("media", name))
	head.Set("Content-Type", contentType)
	part, err := w.CreatePart(head)
	if err != nil {
		return nil, "", err
	}
	if _, err := part.Write(data); err != nil {
		return nil, "", err
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return b.Bytes(), w.FormDataContentType(), nil
}

// Media fetches a picture or a recording, of at most 10 MiB, that a person sent into the chat. contentType is
// detected from the bytes, not taken from the header.
//
// Faults: NotFound for an id that is unknown or past its three days, TooMany,
// Unavailable.
func (c *Client) Media(ctx context.Context, media string) (contentType string, data []byte, err error) {
	err = c.call(ctx, epMedia, func(ctx context.Context, token string) error {
		got, err := c.do(ctx, request{
			ep: epMedia, method: http.MethodGet, query: url.Values{"access_token": {token}, "media_id": {media}},
		}, maxMedia)
		if err != nil {
			return err
		}
		if contentType = mediaType(got.data); contentType != "" {
			data = got.data
			return nil
		}
		if err := c.decode(epMedia, got.data, &status{}); err != nil {
			return err
		}
		return c.newCallError(epMedia.path, malformed("the answer is neither picture nor recording"))
	})
	if epMedia.errcode(err) == codeMedia {
		return "", nil, fault.Wrap(err, fault.NotFound, "微信已不再保存这个文件，请对方重新发送")
	}
	if err != nil {
		return "", nil, c.fault(err)
	}
	return contentType, data, nil
}

// mediaType detects the type of the bytes, "" for types that cannot be sent into a chat.
func mediaType(data []byte) string {
	if bytes.HasPrefix(data, []byte("#!AMR")) {
		return "audio/amr"
	}
	kind := http.DetectContentType(data)
	if strings.HasPrefix(kind, "image/") || strings.HasPrefix(kind, "audio/") || kind == "video/mp4" {
		return kind
	}
	return ""
}
