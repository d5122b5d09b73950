package station_test

import (
	"slices"
	"testing"

	"mashang/domain/station"
)

// TestElsewhere: a station that says nothing has every means.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	s := right()
	if got := s.ChannelsToTry(); !slices.Equal(got, []station.FallbackChannel{station.ChannelChat, station.ChannelSMS, station.ChannelLiaison}) {
		t.Errorf("said nothing: %v", got)
	}
	s.FallbackChannels = []station.FallbackChannel{station.ChannelLiaison}
	if got := s.ChannelsToTry(); !slices.Equal(got, s.FallbackChannels) {
		t.Errorf("said %v: %v", s.FallbackChannels, got)
	}
	for _, m := range station.FallbackChannels {
		if m.Chinese() == string(m) {
			t.Errorf("%s has no name", m)
		}
	}
}
