package e2e_test

import (
	"bytes"
	"net/http"
	"testing"
)

// mp3 is silence: whole frames of MPEG-1 layer III, 128 kbit/s at 44.1 kHz,
// each 417 bytes and 26 ms long.
func mp3(frames int) []byte {
	frame := make([]byte, 417)
	copy(frame, []byte{0xFF, 0xFB, 0x90, 0x64})
	return bytes.Repeat(frame, frames)
}

// TestVoice files by voice alone, for somebody else, as those do who cannot
// write.
func TestVoice(t *testing.T) {
	t.Parallel()
	s := serving(t, nil)
	const helped = "何老汉"
	s.secret("a person's name", helped)
	s.secret("a phone number", plantedPhone)
	code := s.cast().code(t, "member")
	v := s.user("visitor-voice")
	voice := v.uploaded("voice.mp3", mp3(400))
	if voice.Kind != "voice" {
		t.Fatalf("upload: %+v", voice)
	}
	for name, data := range map[string][]byte{"long.mp3": mp3(61 * 39), "fake.mp3": []byte("ID3 this is no sound at all, but a text")} {
		if a, err := v.upload(t.Context(), name, data); err != nil || a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %v %v", name, err, a)
		}
	}
	sub := v.filed("voice-key-1", object{
		"scene": code.Key, "kind": "help", "text": "", "voice": voice.ID,
		"on_behalf_of": object{"name": helped, "relation": "邻居", "phone": plantedPhone},
	})
	member := s.user(code.MemberOpenID)
	for _, p := range []*phone{v, member} {
		a := p.call(http.StatusOK, http.MethodGet, "/uploads/"+voice.ID, nil, nil)
		if !bytes.Equal(a.body, mp3(400)) {
			t.Errorf("%d bytes of voice came back", len(a.body))
		}
	}
	a := member.call(http.StatusOK, http.MethodGet, "/submissions/"+sub.ID, nil, nil)
	if !bytes.Contains(a.body, []byte(helped)) || bytes.Contains(a.body, []byte(plantedPhone)) {
		t.Errorf("the member sees: %v", a)
	}
	stranger := s.user("stranger-voice")
	stranger.call(http.StatusNotFound, http.MethodGet, "/uploads/"+voice.ID, nil, nil)
	stolen, err := stranger.file(t.Context(), "voice-key-2", object{"scene": code.Key, "kind": "help", "text": "", "voice": voice.ID})
	if err != nil || stolen.status != http.StatusUnprocessableEntity {
		t.Errorf("somebody else's voice was filed: %v %v", err, stolen)
	}
}
