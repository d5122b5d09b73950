package matters

import (
	"strings"

	"mashang/desk/codes"
	"mashang/domain/casework"
	"mashang/domain/language"
	"mashang/domain/station"
)

// evidenceWords are short requests for what is missing.
var evidenceWords = map[casework.Evidence]language.Wording{
	casework.PhotoEvidence:  {"拍下票据、价目牌或现场", "a photo of the receipt, the price list or the place"},
	casework.PlaceEvidence:  {"写明在哪里", "where it was"},
	casework.NameEvidence:   {"写明是哪家店或哪家单位", "which shop or company it is about"},
	casework.AmountEvidence: {"写明涉及多少钱", "how much money it is about"},
	casework.PhoneEvidence:  {"留下电话，您离开后也能找到您", "your phone number, so that you can be reached after you have left"},
}

var (
	lacking   = language.Wording{"补充以下内容，办得更快：", "It goes faster with: "}
	semicolon = language.Wording{"；", "; "}
)

// advice returns what the filer of an open submission should know or do now, in each language; nil for nothing.
func (svc *Service) advice(st *station.Station, s casework.Submission) map[language.Language][]string {
	surging, lacks := st.Surging(svc.kit.Now()), missingEvidence(s)
	if !s.State.Open() || !surging && len(lacks) == 0 {
		return nil
	}
	all := make(map[language.Language][]string, len(language.All))
	for _, l := range language.All {
		if surging {
			all[l] = append(all[l], codes.SurgeWords(st, l))
		}
		if len(lacks) > 0 {
			words := make([]string, len(lacks))
			for i, e := range lacks {
				words[i] = evidenceWords[e].In(l, "")
			}
			all[l] = append(all[l], lacking.In(l, "")+strings.Join(words, semicolon.In(l, "")))
		}
	}
	return all
}

// missingEvidence returns what to ask the filer for: nothing once it is answered.
func missingEvidence(s casework.Submission) []casework.Evidence {
	if !s.State.Open() || s.State == casework.Answered {
		return nil
	}
	return s.MissingEvidence()
}
