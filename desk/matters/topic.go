package matters

import (
	"context"
	"log/slog"
	"math"
	"slices"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/classify"
	"mashang/domain/danger"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// maxTopics is how many categories a visitor or liaison is offered.
const maxTopics = 3

// minPercent is the probability from which on a category is offered.
const minPercent = 5

// model returns the station's model, at most modelTTL old. Without a readable model it returns an empty one,
// and the word list is used.
func (svc *Service) model(ctx context.Context, st string) *kit.StationModel {
	k, err := svc.kit.Cache.Models.Get(ctx, st, func(ctx context.Context, old *kit.StationModel) (*kit.StationModel, error) {
		if old != nil {
			v, err := svc.store.ModelVersion(ctx, st)
			if err != nil || v == old.Version {
				return old, err
			}
		}
		file, version, err := svc.store.Model(ctx, st)
		if fault.Is(err, fault.NotFound) {
			return &kit.StationModel{}, nil
		}
		if err != nil {
			return nil, err
		}
		m, err := classify.Decode(file)
		if err != nil {
			svc.kit.Log.WarnContext(ctx, "a station's model cannot be read", slog.String("station", st), slog.Any("err", err))
			return &kit.StationModel{Version: version}, nil
		}
		return &kit.StationModel{Model: m, Version: version}, nil
	})
	if err != nil {
		// A suggestion is never worth an error.
		svc.kit.Log.WarnContext(ctx, "model not read", slog.String("station", st), slog.Any("err", err))
		return &kit.StationModel{}
	}
	return k
}

// Classify guesses a text's categories, nil for none. A text with dangers is never Sure: a person must judge
// it.
func (svc *Service) Classify(ctx context.Context, st *station.Station, text string, dangers []danger.Kind) *casework.Classification {
	if text == "" || len(st.Categories) == 0 {
		return nil
	}
	k := svc.model(ctx, st.ID)
	var guesses []classify.Guess
	t := &casework.Classification{}
	if k.Model != nil {
		// Categories that have left the roster are dropped.
		guesses = slices.DeleteFunc(k.Model.Classify("", text), func(g classify.Guess) bool {
			_, ok := st.Category(g.Label)
			return !ok
		})
		t.Model = k.Version
		t.Sure = len(guesses) > 0 && k.Model.Sure(guesses[0]) && len(dangers) == 0
	} else {
		guesses = svc.suggester(st).Suggest("", text)
	}
	for _, g := range guesses[:min(len(guesses), maxTopics)] {
		if p := int(math.Round(g.P * 100)); p >= minPercent {
			t.Guesses = append(t.Guesses, casework.CategoryGuess{Category: g.Label, Percent: p})
		}
	}
	if len(t.Guesses) == 0 {
		return nil
	}
	return t
}

// suggester returns the station's word list, rebuilt for each roster version.
func (svc *Service) suggester(st *station.Station) *classify.Suggester {
	svc.wordsMu.Lock()
	defer svc.wordsMu.Unlock()
	w := svc.words[st.ID]
	if w.suggester == nil || w.roster != st.Version {
		labels, words := CategoryWords(st)
		w = wordList{st.Version, words.Suggester(labels)}
		svc.words[st.ID] = w
	}
	return w.suggester
}

// wordList is a suggester with its roster version.
type wordList struct {
	roster    int
	suggester *classify.Suggester
}

// CategoryWords returns the station's categories and the words that indicate each: the product's for the
// category's name, and the station's own.
func CategoryWords(st *station.Station) (labels []string, words classify.Words) {
	words = classify.Words{}
	for _, c := range st.Categories {
		labels = append(labels, c.Key)
		words[c.Key] = classify.ThemeWords(c.Name)
		if st.Rules != nil {
			words[c.Key] = append(words[c.Key], st.Rules.Words[c.Key]...)
		}
	}
	return labels, words
}

// CategoryOffer is a suggested category.
type CategoryOffer struct {
	Key, Name string
	Percent   int
}

// CategoryOffers are the categories that a text may be about. Sure means that filing uses the first without
// asking.
type CategoryOffers struct {
	Sure   bool
	Offers []CategoryOffer
	// Dangers are the dangers in the text, which cannot wait until it is sent.
	Dangers []danger.Kind
}

// OfferCategories suggests categories for a text that somebody is writing under a code. The text is not kept.
func (svc *Service) OfferCategories(ctx context.Context, c access.Caller, key, text string) (CategoryOffers, error) {
	if c.Person == "" {
		return CategoryOffers{}, access.NoSession()
	}
	text = casework.Clean(text)
	if n := casework.Runes(text); n > casework.MaxText {
		return CategoryOffers{}, kit.Field("text", "内容太长，请删减后再试")
	}
	code, err := svc.kit.Code(ctx, key)
	if err != nil {
		return CategoryOffers{}, err
	}
	if code.Revoked {
		return CategoryOffers{}, fault.New(fault.NotFound, "这个码已经停用")
	}
	st, err := svc.kit.Roster(ctx, code.Station)
	if err != nil {
		return CategoryOffers{}, err
	}
	offers := CategoryOffers{Dangers: danger.Find(text)}
	if t := svc.Classify(ctx, st, text, offers.Dangers); t != nil {
		offers.Sure, offers.Offers = t.Sure, offersOf(st, t)
	}
	return offers, nil
}

// Dangers returns the dangers in a text that somebody is writing. The text is not kept, and nothing of anybody is
// in the answer, so it asks for no caller: people write before they log in.
func (svc *Service) Dangers(text string) ([]danger.Kind, error) {
	text = casework.Clean(text)
	if n := casework.Runes(text); n > casework.MaxText {
		return nil, kit.Field("text", "内容太长，请删减后再试")
	}
	return danger.Find(text), nil
}

func offersOf(st *station.Station, t *casework.Classification) []CategoryOffer {
	var list []CategoryOffer
	for _, g := range t.Guesses {
		if cat, ok := st.Category(g.Category); ok {
			list = append(list, CategoryOffer{cat.Key, cat.Name, g.Percent})
		}
	}
	return list
}
