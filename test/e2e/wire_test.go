package e2e_test

import "time"

// The contract as a client has it: own structs, written from its page and not
// from the server's code. Fields the scenarios do not look at are left out.

type wireSession struct {
	Token       string    `json:"token"`
	ExpiresAt   time.Time `json:"expires_at"`
	User        wireUser  `json:"user"`
	Target      *wireCode `json:"target"`
	TargetError string    `json:"target_error"`
}

type wireUser struct {
	ID       string `json:"id"`
	Role     string `json:"role"`
	MemberID string `json:"member_id"`
	Name     string `json:"name"`
}

type wireMember struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Sector  string `json:"sector"`
	Village string `json:"village"`
}

type wireDuty struct {
	Member wireMember `json:"member"`
	From   time.Time  `json:"from"`
	To     time.Time  `json:"to"`
}

type wireCode struct {
	Key     string `json:"key"`
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Station struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		Phone string `json:"phone"`
	} `json:"station"`
	Member     *wireMember `json:"member"`
	OnDuty     []wireDuty  `json:"on_duty"`
	Categories []struct {
		Key  string `json:"key"`
		Name string `json:"name"`
	} `json:"categories"`
	Kinds []string `json:"kinds"`
}

type wireSubmission struct {
	ID        string      `json:"id"`
	Number    string      `json:"number"`
	Station   string      `json:"station"`
	Kind      string      `json:"kind"`
	Category  string      `json:"category"`
	State     string      `json:"state"`
	Text      string      `json:"text"`
	Photos    []string    `json:"photos"`
	PhoneMask string      `json:"phone_mask"`
	Assignee  *wireMember `json:"assignee"`
	Reasons   []string    `json:"reasons"`
	DueAt     time.Time   `json:"due_at"`
	FiledAt   time.Time   `json:"filed_at"`
	Version   int         `json:"version"`
	Outcome   string      `json:"outcome"`
	Rating    *struct {
		Solved       string `json:"solved"`
		Satisfaction string `json:"satisfaction"`
	} `json:"rating"`
	Timeline []wireEvent `json:"timeline"`
}

func (s wireSubmission) assignee() string {
	if s.Assignee == nil {
		return ""
	}
	return s.Assignee.ID
}

type wireEvent struct {
	At   time.Time `json:"at"`
	What string    `json:"what"`
	By   struct {
		Role string `json:"role"`
		Name string `json:"name"`
	} `json:"by"`
	Text   string      `json:"text"`
	Photos []string    `json:"photos"`
	To     *wireMember `json:"to"`
}

type wireProblem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
	Errors []struct {
		Field   string `json:"field"`
		Message string `json:"message"`
	} `json:"errors"`
	ActedBy *struct {
		Role string `json:"role"`
		Name string `json:"name"`
	} `json:"acted_by"`
	ActedAt time.Time `json:"acted_at"`
	Version int       `json:"version"`
}

type wireUpload struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

type wirePage[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor"`
}

type wireMessage struct {
	TemplateID string `json:"template_id"`
	Page       string `json:"page"`
	Data       map[string]struct {
		Value string `json:"value"`
	} `json:"data"`
	At time.Time `json:"at"`
}

// says reports whether a field of the message is the text.
func (m wireMessage) says(text string) bool {
	for _, v := range m.Data {
		if v.Value == text {
			return true
		}
	}
	return false
}

type wireLine struct {
	From string `json:"from"`
	Text string `json:"text"`
}

type wireCast struct {
	Members   []castMember   `json:"members"`
	Liaisons  []castPerson   `json:"liaisons"`
	Codes     []castCode     `json:"codes"`
	Templates []castTemplate `json:"templates"`
}

type castMember struct {
	ID      string `json:"id"`
	OpenID  string `json:"openid"`
	Name    string `json:"name"`
	Sector  string `json:"sector"`
	Village string `json:"village"`
}

type castPerson struct {
	ID     string `json:"id"`
	OpenID string `json:"openid"`
	Name   string `json:"name"`
}

type castCode struct {
	Key          string `json:"key"`
	Kind         string `json:"kind"`
	Name         string `json:"name"`
	MemberOpenID string `json:"member_openid"`
}

type castTemplate struct {
	ID      string `json:"id"`
	Purpose string `json:"purpose"`
	For     string `json:"for"`
}

// object is a request body.
type object = map[string]any
