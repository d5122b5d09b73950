package e2e_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// TestEmulatedPhonePages: the pages on which the phones are played come with
// their own policy, whatever the server's is, and everything that they load is
// there.
func TestEmulatedPhonePages(t *testing.T) {
	t.Parallel()
	s := serving(t, nil)
	get := func(path string, status int) (http.Header, string) {
		a, err := ask(t.Context(), http.MethodGet, s.Base+path, "", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if a.status != status {
			t.Fatalf("%s: %v", path, a)
		}
		return a.header, string(a.body)
	}
	_, first := get("/", http.StatusOK)
	if !strings.Contains(first, `href="/_emulator/"`) {
		t.Error("the first page does not lead to the phones")
	}
	member := s.cast().member(t, "m01")
	for _, path := range []string{"/_emulator/", "/_emulator/phone/" + member.OpenID} {
		header, page := get(path, http.StatusOK)
		if p := header["Content-Security-Policy"]; len(p) != 1 || !strings.Contains(p[0], "script-src 'self'") {
			t.Errorf("%s: policy %q", path, p)
		}
		if !strings.Contains(page, member.Name) || !strings.Contains(page, "虚构") {
			t.Errorf("%s lacks %s or the warning that all is made up", path, member.Name)
		}
		loads := regexp.MustCompile(`(?:src|href)="(/_emulator/assets/[^"]+)"`).FindAllStringSubmatch(page, -1)
		if len(loads) < 2 {
			t.Errorf("%s loads %v", path, loads)
		}
		for _, l := range loads {
			get(l[1], http.StatusOK)
		}
	}
	get("/_emulator/phone/a%20b", http.StatusNotFound)
}
