package casework

import (
	"time"

	"mashang/domain/fault"
)

// Channel is how a submission reached the station.
type Channel string

// The channels. ByScan is the filer's own phone; what a liaison wrote down before channels were asked for counts there.
const (
	ByScan      Channel = "scan"
	ByCall      Channel = "call"
	ByVisit     Channel = "visit"     // somebody came to the station
	AtReception Channel = "reception" // it was said on a reception day
)

// Channels lists them all.
var Channels = []Channel{ByScan, ByCall, ByVisit, AtReception}

var channelNames = map[Channel]string{ByScan: "扫码", ByCall: "来电", ByVisit: "来访", AtReception: "接待日"}

// Chinese returns the channel's name for people, "" for an unknown one.
func (c Channel) Chinese() string { return channelNames[c] }

// Intake is how a liaison heard what they wrote down for somebody.
type Intake struct {
	// Channel is any but ByScan.
	Channel Channel `json:"c"`
	// Persons is how many came or called with it, 1 to MaxPersons.
	Persons int `json:"n"`
	// HeardAt is when it was said, 0 for at the filing. It moves no deadline: those run from the filing, since nobody
	// could act before it.
	HeardAt Millis `json:"h,omitempty"`
}

// Limits of an intake.
const (
	MaxPersons = 20
	// HeardWithin is how long ago something may have been said that is written down now.
	HeardWithin = 31 * 24 * time.Hour
)

// Channel returns how it reached the station.
func (s Submission) Channel() Channel {
	if s.Intake == nil {
		return ByScan
	}
	return s.Intake.Channel
}

// Persons returns how many people raised it together.
func (s Submission) Persons() int {
	if s.Intake == nil {
		return 1
	}
	return s.Intake.Persons
}

// Heard returns when it was said.
func (s Submission) Heard() Millis {
	if s.Intake == nil || s.Intake.HeardAt == 0 {
		return s.FiledAt
	}
	return s.Intake.HeardAt
}

func (n Intake) check(c *fault.Check, now time.Time) {
	c.Require(n.Channel != ByScan && n.Channel.Chinese() != "", "intake.channel", "请选择是来电、来访还是接待日")
	c.Require(n.Persons >= 1 && n.Persons <= MaxPersons, "intake.persons", "人数须为 1 到 %d", MaxPersons)
	if n.HeardAt != 0 {
		at := n.HeardAt.Time()
		c.Require(!at.After(now), "intake.heard_at", "反映的时间不能晚于现在")
		c.Require(now.Sub(at) <= HeardWithin, "intake.heard_at", "只能登记 31 天以内反映的")
	}
}
