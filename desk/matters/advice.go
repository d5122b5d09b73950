package matters

import (
	"strings"

	"mashang/desk/codes"
	"mashang/domain/casework"
	"mashang/domain/station"
)

// advice returns what the filer of an open submission should know or do now.
func (svc *Service) advice(st *station.Station, s casework.Submission) []string {
	if !s.State.Open() {
		return nil
	}
	var list []string
	if now := svc.kit.Now(); st.Surging(now) {
		list = append(list, codes.SurgeWords(st))
	}
	if lacks := missingEvidence(s); len(lacks) > 0 {
		words := make([]string, len(lacks))
		for i, e := range lacks {
			words[i] = e.Chinese()
		}
		list = append(list, "补充以下内容，办得更快："+strings.Join(words, "；"))
	}
	return list
}

// missingEvidence returns what to ask the filer for: nothing once it is answered.
func missingEvidence(s casework.Submission) []casework.Evidence {
	if !s.State.Open() || s.State == casework.Answered {
		return nil
	}
	return s.MissingEvidence()
}
