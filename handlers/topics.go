package handlers

import (
	"context"
	"net/http"

	"mashang/desk/matters"
	"mashang/domain/access"
)

// TopicOffer is a category that a text may be about.
type TopicOffer struct {
	Key     string `json:"key"`
	Name    string `json:"name"`
	Percent int    `json:"percent" minimum:"0" maximum:"100" doc:"How probable it is."`
}

// TopicQuestion is the body of asking what a text is about.
type TopicQuestion struct {
	Text string `json:"text" doc:"What is written so far, at most 2,000 characters; it is not kept."`
}

// TopicAnswer offers categories.
type TopicAnswer struct {
	Sure   bool         `json:"sure" doc:"Filing without a category would take the first."`
	Topics []TopicOffer `json:"topics" nullable:"false" doc:"Up to three, the likeliest first; empty when nothing can be said."`

	Emergency *Emergency `json:"emergency,omitempty" doc:"When the text speaks of a danger: whom to call before sending it."`
}

type topicsIn struct {
	ByKey

	Body TopicQuestion
}

func (f *Face) addTopics() {
	handle(f, op(http.MethodPost, "/codes/{key}/topics", "topics", "What a text that somebody is writing may be about.").
		fails(http.StatusNotFound), f.topics)
}

func (f *Face) topics(ctx context.Context, c access.Caller, in *topicsIn) (*answer[TopicAnswer], error) {
	t, err := f.desk.Matters.Topics(ctx, c, in.Key, in.Body.Text)
	if err != nil {
		return nil, err
	}
	return &answer[TopicAnswer]{TopicAnswer{t.Sure, filled(topicOffersOf(t.Offers)), warningOf(t.Dangers)}}, nil
}

func topicOffersOf(list []matters.TopicOffer) []TopicOffer {
	var out []TopicOffer
	for _, o := range list {
		out = append(out, TopicOffer(o))
	}
	return out
}
