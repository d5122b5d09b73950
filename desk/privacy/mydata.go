package privacy

import (
	"context"
	"errors"
	"slices"

	"mashang/desk/audit"
	"mashang/desk/identity"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/notes"
	"mashang/desk/reception"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/language"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// Me returns the caller as the client sees them.
func (svc *Service) Me(c access.Caller) (identity.User, error) {
	if c.Person == "" {
		return identity.User{}, access.NoSession()
	}
	return identity.UserOf(c), nil
}

// Data is everything stored about a person (个人信息保护法 art. 45).
type Data struct {
	User    identity.User
	Contact *matters.Contact
	// Consents are the messages that they still allow, by purpose.
	Consents map[string]int
	Phrases  []string
	// SavedViews are their saved list filters.
	SavedViews []record.SavedView
	// Submissions are what they filed, took over, or handed over and follow, newest first; More means that there are
	// older ones.
	Submissions []matters.View
	More        bool
	// Bookings are theirs of reception days.
	Bookings []reception.BookingView
}

// Kept says what remains after an erasure.
var Kept = []language.Wording{
	{
		"办结和撤回的诉求只留类型、类别、办理时间、结果和评分，供统计使用，不再有您的文字、照片、录音、地点和电话",
		"Of closed and withdrawn reports only the kind, the topic, the times, the outcome and the rating are kept, to be counted: no words, photos, recordings, places and numbers of yours",
	},
	{
		"您替别人提交、已经交给本人的诉求归本人，会保留，里面不再有您的名字",
		"What you filed for somebody and handed over is theirs and stays, without your name",
	},
	{
		"工作站写的答复、办理记录，以及谁查看过什么的记录会保留",
		"What the station answered and did is kept, and so is who looked at what",
	},
	{
		"从系统里当时就删，数据文件里留下的痕迹 24 小时内清掉；删除以前做的备份里还有，备份最多保存 30 天",
		"It is deleted from the system at once, and the traces in its data files within 24 hours; backups made before still have it, for 30 days at most",
	},
}

// maxOwn is how many submissions one copy has.
const maxOwn = 500

// MyData collects the caller's data.
func (svc *Service) MyData(ctx context.Context, c access.Caller) (Data, error) {
	u, err := svc.Me(c)
	if err != nil {
		return Data{}, err
	}
	data := Data{User: u, Consents: map[string]int{}}
	if data.Contact, err = svc.matters.HouseholdContact(ctx, c); err != nil {
		return data, err
	}
	left, err := svc.store.ConsentsLeft(ctx, c.Person)
	if err != nil {
		return data, err
	}
	for p, n := range left {
		data.Consents[string(p)] = n
	}
	own, err := svc.store.Personal(ctx, c.Person)
	if err != nil {
		return data, err
	}
	if err := errors.Join(own.Readable(record.PhraseList), own.Readable(record.ViewList)); err != nil {
		return data, err // a copy that lacks something must not pass for whole
	}
	stations, err := svc.store.Visited(ctx, c.Person)
	if err != nil {
		return data, err
	}
	for _, st := range stations {
		list, err := svc.reception.MyBookings(ctx, c, st)
		if err != nil {
			return data, err
		}
		data.Bookings = append(data.Bookings, list...)
	}
	// Without the snoozes, which end within a day, and the hidden hints, which are about nobody.
	data.Phrases, data.SavedViews = own.Phrases, own.Views
	for cursor := ""; ; {
		p, err := svc.matters.Mine(ctx, c, cursor, kit.PageLimit)
		if err != nil {
			return data, err
		}
		data.Submissions = append(data.Submissions, p.Items...)
		cursor = p.Next
		if data.More = cursor != ""; !data.More || len(data.Submissions) >= maxOwn {
			return data, nil
		}
	}
}

// Erase erases everything of the caller (art. 47). Open submissions are withdrawn; closed ones keep what the
// station did, without the filer's words and files; the person's record is deleted. It is audited first. A
// repeated call continues an interrupted one.
func (svc *Service) Erase(ctx context.Context, c access.Caller) error {
	if c.Person == "" {
		return access.NoSession()
	}
	if c.Role != access.Visitor {
		return fault.New(fault.WrongState, "您还是%s。请先请工作站解除绑定，再删除自己的信息", kit.RoleNames[c.Role])
	}
	stations, err := svc.store.Visited(ctx, c.Person)
	if err != nil {
		return err
	}
	erase := audit.Act{By: c, What: audit.Erase, Object: c.Person, Why: "应本人要求"}
	return audit.RunAt(ctx, svc.audit, stations, erase, func(w audit.Written) error { return svc.erase(ctx, w, c, stations) })
}

// erase erases everything of the caller at the stations.
func (svc *Service) erase(ctx context.Context, w audit.Written, c access.Caller, stations []string) error {
	if err := w.Of(audit.Erase); err != nil {
		return err
	}
	for {
		// From the beginning each time: erased submissions are no longer listed.
		p, err := svc.matters.Mine(ctx, c, "", kit.PageLimit)
		if err != nil {
			return err
		}
		if len(p.Items) == 0 {
			break
		}
		for _, v := range p.Items {
			if err := svc.eraseSubmission(ctx, w, c, v.ID); err != nil {
				return err
			}
		}
	}
	for _, st := range stations {
		if err := reception.Erase(ctx, svc.reception, w, c, st); err != nil {
			return err
		}
	}
	if err := svc.eraseUploads(ctx, c.Person, stations); err != nil {
		return err
	}
	if err := svc.store.DropPerson(ctx, c.Person); err != nil {
		return err
	}
	svc.kit.Cache.Sessions.Clear()
	svc.kit.Cache.OpenIDs.Forget(c.Person)
	return nil
}

// eraseSubmission erases the filer's data in one submission.
func (svc *Service) eraseSubmission(ctx context.Context, w audit.Written, c access.Caller, id string) error {
	if err := w.Of(audit.Erase); err != nil {
		return err
	}
	s, _, err := svc.kit.Load(ctx, id)
	if err != nil {
		return err
	}
	if s.Proxy.Is(c.Person) {
		_, err := svc.EndProxy(ctx, c, id)
		return err
	}
	if err := svc.store.DropHandover(ctx, id); err != nil {
		return err
	}
	handedOver := fault.New(fault.WrongState, "有一件刚被别人接手，请再删除一次")
	// Without an offer it stays the caller's. What is dropped below must not be a new filer's.
	if s, _, err = svc.kit.Load(ctx, id); err != nil {
		return err
	}
	if s.Filer != c.Person {
		return handedOver
	}
	if s.State.Open() {
		_, err := svc.matters.Act(ctx, c, id, nil, casework.Withdraw{})
		if fault.Is(err, fault.Denied) || fault.Is(err, fault.NotFound) {
			return handedOver
		}
		if err != nil && !fault.Is(err, fault.WrongState) {
			return err
		}
	}
	if err := svc.store.DropUndelivered(ctx, id, record.Receiver(notice.Entry{Person: c.Person})); err != nil {
		return err // nobody calls them any more
	}
	if err := svc.store.DropResult(ctx, id); err != nil {
		return err
	}
	svc.kit.Cache.Results.Forget(kit.StationOf(id))
	if err := notes.Erase(ctx, svc.notes, w, id); err != nil {
		return err
	}
	_, err = svc.Rewrite(ctx, c, id, func(s casework.Submission) (casework.Submission, error) {
		if s.Filer != c.Person { // it was handed over meanwhile, and is another's now
			return s, handedOver
		}
		if err := svc.TransferUploads(ctx, s, slices.Concat(s.FilerUploads(), s.ResultUploads()), c.Person); err != nil {
			return s, err // nobody would find the files once the submission names them no longer
		}
		return s.WithoutPersonalData(svc.kit.Now())
	})
	return err
}
