package handlers_test

import (
	"bytes"
	images "image/png"
	"slices"
	"strings"
	"testing"
)

// Signs on the wire: begun, waited for, fetched; a preview of one.
func TestSigns(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token := b.as("sun", "hk", "liaison", "l1")
	r := b.send("POST", "/api/v1/station/signs", token, map[string]any{
		"template": "table", "kinds": []string{"member", "place"}, "village": "上滩村", "crop": true,
	})
	b.want(r, 202)
	begun := r.JSON(t)
	if begun["kind"] != "signs" || begun["state"] != "queued" || begun["file"] != nil {
		t.Errorf("begun %v", begun)
	}
	j := b.jobEnds(token, at[string](begun, "id"))
	file := obj(j["file"])
	if j["state"] != "done" || file["name"] != "河口镇委员工作站桌牌20260511.pdf" || file["type"] != "application/pdf" {
		t.Fatalf("ended %v", j)
	}
	r = b.send("GET", "/api/v1/station/jobs/"+at[string](begun, "id")+"/file", token, nil)
	b.want(r, 200)
	if !bytes.HasPrefix(r.Body, []byte("%PDF")) || float64(len(r.Body)) != file["size"] {
		t.Errorf("%d bytes, want %v", len(r.Body), file["size"])
	}
	for body, field := range map[string]string{
		`{"template":"banner"}`: "template", `{"template":"door","format":"gif"}`: "format",
		`{"template":"door","kinds":["tent"]}`: "kinds.0", `{"template":"door","keys":["2222222222"]}`: "keys",
	} {
		p := b.problem(b.send("POST", "/api/v1/station/signs", token, body), 422, "invalid")
		if got := fields(p); !slices.Contains(got, field) {
			t.Errorf("%s: fields %v", body, got)
		}
	}
	r = b.send("GET", "/api/v1/codes/"+codeOfMa+"/sign.png?template=notice&plain=true", token, nil)
	b.want(r, 200)
	if _, err := images.Decode(bytes.NewReader(r.Body)); err != nil || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the preview: %v %v", err, r.Header)
	}
	b.problem(b.send("GET", "/api/v1/codes/"+codeGone+"/sign.png", token, nil), 422, "invalid")
	if strings.Contains(b.log.String(), codeOfMa) {
		t.Error("the log names a code")
	}
}
