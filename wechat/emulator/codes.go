package emulator

import (
	"sync"
	"time"
)

// codeLife is how long a login or phone code can be used.
const codeLife = 5 * time.Minute

// codes holds the codes of wx.login or of the phone button. Each works once, within five minutes. A used code
// is remembered as long, since the platform distinguishes used codes from unknown ones.
type codes struct {
	now    func() time.Time
	random *entropy

	mu    sync.Mutex
	all   map[string]issued
	order []string // oldest first
}

type issued struct {
	subject string
	end     time.Time
	used    bool
}

func newCodes(now func() time.Time, random *entropy) *codes {
	return &codes{now: now, random: random, all: make(map[string]issued)}
}

// issue returns a new code for the subject.
func (c *codes) issue(subject string) string {
	code, now := c.random.text(24), c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.order) > 0 && !now.Before(c.all[c.order[0]].end) {
		delete(c.all, c.order[0])
		c.order = c.order[1:]
	}
	c.all[code] = issued{subject: subject, end: now.Add(codeLife)}
	c.order = append(c.order, code)
	return code
}

// redeem uses the code up and returns its subject, or the errcode: 40029 for an unknown or expired code, 40163
// for a used one.
func (c *codes) redeem(code string) (string, *refusal) {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	is, ok := c.all[code]
	switch {
	case !ok || !now.Before(is.end):
		return "", refuse(40029, "invalid code")
	case is.used:
		return "", refuse(40163, "code been used")
	}
	is.used = true
	c.all[code] = is
	return is.subject, nil
}
