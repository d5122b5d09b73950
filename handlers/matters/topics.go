package matters

import (
	"context"
	"net/http"

	"mashang/domain/access"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// TopicQuestion is the body for classifying a text.
type TopicQuestion struct {
	Text string `json:"text" doc:"What is written so far, at most 2,000 characters; it is not kept."`
}

// TopicAnswer offers categories.
type TopicAnswer struct {
	Sure   bool              `json:"sure" doc:"Filing without a category would take the first."`
	Topics []wire.TopicOffer `json:"topics" nullable:"false" doc:"Up to three, the likeliest first; empty when nothing can be said."`

	Emergency *wire.Emergency `json:"emergency,omitempty" doc:"When the text speaks of a danger: whom to call before sending it."`
}

type topicsIn struct {
	web.ByKey

	Body TopicQuestion
}

func (rt *routes) addTopics() {
	web.Handle(rt.api, web.Op(http.MethodPost, "/codes/{key}/topics", "suggestCategories", "What a text that somebody is writing may be about.").
		Fails(http.StatusNotFound), rt.topics)
}

func (rt *routes) topics(ctx context.Context, c access.Caller, in *topicsIn) (*wire.Output[TopicAnswer], error) {
	t, err := rt.desk.matters.OfferCategories(ctx, c, in.Key, in.Body.Text)
	if err != nil {
		return nil, err
	}
	return &wire.Output[TopicAnswer]{Body: TopicAnswer{t.Sure, wire.Filled(wire.TopicOffersOf(t.Offers)), wire.WarningOf(t.Dangers)}}, nil
}
