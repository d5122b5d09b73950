package casework_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/station"
)

func TestLacks(t *testing.T) {
	t.Parallel()
	bare := casework.Submission{Visitor: casework.Tourist, Kind: casework.Complaint}
	all := []casework.Evidence{
		casework.PhotoEvidence, casework.PlaceEvidence, casework.NameEvidence, casework.AmountEvidence, casework.PhoneEvidence,
	}
	for name, tc := range map[string]struct {
		change func(*casework.Submission)
		want   []casework.Evidence
	}{
		"nothing at all": {func(*casework.Submission) {}, all},
		"a photo":        {func(s *casework.Submission) { s.Photos = []string{"p"} }, all[1:]},
		"a photo later": {func(s *casework.Submission) {
			s.Thread = []casework.Entry{{What: access.Message}, {What: access.Message, Photos: []string{"p"}}}
		}, all[1:]},
		"everything": {func(s *casework.Submission) {
			s.Photos, s.Phone = []string{"p"}, "sealed"
			s.Target = station.Target{Kind: station.ForPlace, ID: "p1"}
			s.Against = &casework.Against{Name: "某停车场", AmountFen: 2000}
		}, nil},
		"a name without money": {func(s *casework.Submission) {
			s.Photos, s.Phone, s.Place = []string{"p"}, "sealed", &casework.Place{Text: "东门"}
			s.Against = &casework.Against{Name: "某停车场"}
		}, []casework.Evidence{casework.AmountEvidence}},
		"a villager":      {func(s *casework.Submission) { s.Visitor = casework.Resident }, nil},
		"an inquiry":      {func(s *casework.Submission) { s.Kind = casework.Inquiry }, nil},
		"a business asks": {func(s *casework.Submission) { s.Visitor = casework.Business }, nil},
	} {
		s := bare
		tc.change(&s)
		if diff := cmp.Diff(tc.want, s.MissingEvidence()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
