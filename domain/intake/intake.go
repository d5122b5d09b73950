// Package intake says how a submission reached the station: by the filer's own phone, or through a liaison who wrote down
// what they heard.
package intake

import (
	"time"

	"mashang/domain/fault"
)

// Channel is how a submission reached the station.
type Channel string

// The channels. Scan is the filer's own phone; what a liaison wrote down before channels were asked for counts there.
const (
	Scan      Channel = "scan"
	Call      Channel = "call"
	Visit     Channel = "visit"     // somebody came to the station
	Reception Channel = "reception" // it was said on a reception day
)

// Channels lists them all.
var Channels = []Channel{Scan, Call, Visit, Reception}

var names = map[Channel]string{Scan: "扫码", Call: "来电", Visit: "来访", Reception: "接待日"}

// Chinese returns the channel's name for people, "" for an unknown one.
func (c Channel) Chinese() string { return names[c] }

// Limits of an intake.
const (
	MaxPersons = 20
	// HeardWithin is how long ago something may have been said that is written down now.
	HeardWithin = 31 * 24 * time.Hour
)

// Intake is how a liaison heard what they wrote down for somebody. Nil stands for what a filer sent.
type Intake struct {
	// Channel is any but Scan.
	Channel Channel `json:"c"`
	// Persons is how many came or called with it, 1 to MaxPersons.
	Persons int `json:"n"`
	// HeardAt is when it was said, in UTC milliseconds, 0 for at the filing. It moves no deadline: those run from the
	// filing, since nobody could act before it.
	HeardAt int64 `json:"h,omitempty"`
}

// Via returns the channel.
func (n *Intake) Via() Channel {
	if n == nil {
		return Scan
	}
	return n.Channel
}

// People returns how many raised it together.
func (n *Intake) People() int {
	if n == nil {
		return 1
	}
	return n.Persons
}

// Heard returns when it was said before it was filed, in UTC milliseconds, 0 for then.
func (n *Intake) Heard() int64 {
	if n == nil {
		return 0
	}
	return n.HeardAt
}

// Check names what is wrong with it as fields of intake; of nil nothing is.
func (n *Intake) Check(c *fault.Check, now time.Time) {
	if n == nil {
		return
	}
	c.Require(n.Channel != Scan && n.Channel.Chinese() != "", "intake.channel", "请选择是来电、来访还是接待日")
	c.Require(n.Persons >= 1 && n.Persons <= MaxPersons, "intake.persons", "人数须为 1 到 %d", MaxPersons)
	if n.HeardAt != 0 {
		at := time.UnixMilli(n.HeardAt)
		c.Require(!at.After(now), "intake.heard_at", "反映的时间不能晚于现在")
		c.Require(now.Sub(at) <= HeardWithin, "intake.heard_at", "只能登记 31 天以内反映的")
	}
}
