package desk

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// Handing is a one-time code with which the person a submission was filed for
// takes it over.
type Handing struct {
	Code      string
	ExpiresAt time.Time
}

// handingLife is how long such a code can be used.
const handingLife = 7 * 24 * time.Hour

// HandOver makes the code, for the filer of what was filed for somebody else.
func (d *Desk) HandOver(ctx context.Context, c access.Caller, id string) (Handing, error) {
	x, err := d.reach(ctx, c, access.Message, id)
	if err != nil {
		return Handing{}, err
	}
	if _, err := x.s.TakenOver("", d.now()); err != nil {
		return Handing{}, err
	}
	code, err := d.random("", 10)
	if err != nil {
		return Handing{}, err
	}
	return Handing{Code: code, ExpiresAt: d.now().Add(handingLife)}, d.store.PutTakeover(ctx, hash(code), id, handingLife)
}

// TakeOver makes the caller the filer. The code may be typed in any width
// and with anything around and between its letters and digits. The former filer sees the submission no more.
func (d *Desk) TakeOver(ctx context.Context, c access.Caller, code string) (View, error) {
	if c.Person == "" {
		return View{}, access.NoSession()
	}
	code = fold.Code(code)
	id, err := d.store.TakeTakeover(ctx, hash(code))
	if fault.Is(err, fault.NotFound) {
		return View{}, field("code", "接手码无效或已用过，请让提交的人重新生成")
	}
	if err != nil {
		return View{}, err
	}
	v, err := d.takeOver(ctx, c, id)
	if err != nil && !fault.Is(err, fault.WrongState) {
		// The code was good and did nothing: it can be tried again.
		err = errors.Join(err, d.store.PutTakeover(context.WithoutCancel(ctx), hash(code), id, handingLife))
	}
	return v, err
}

func (d *Desk) takeOver(ctx context.Context, c access.Caller, id string) (View, error) {
	if err := d.visit(ctx, c.Person, stationOf(id)); err != nil {
		return View{}, err
	}
	v, err := d.rewrite(ctx, c, id, func(s casework.Submission) (casework.Submission, error) {
		if c.Role == access.Member && c.Station == s.Station && c.ID == s.Assignee {
			return s, field("code", "这件诉求正由您办理，请先转给其他委员")
		}
		return s.TakenOver(c.Person, d.now())
	})
	if err == nil {
		d.settleIn(ctx, c, id)
	}
	return v, err
}

// settleIn makes what hangs on a submission the new filer's: its files, and that
// they know how it stands. What fails here leaves a line too many on the
// liaison's list, or a file that is made theirs when they have all deleted.
func (d *Desk) settleIn(ctx context.Context, c access.Caller, id string) {
	d.dropUntold(ctx, id, record.Receiver(notice.Entry{Person: c.Person}))
	s, err := d.records.Load(ctx, id)
	if err == nil {
		err = d.adopt(ctx, s, c.Person)
	}
	if err != nil {
		d.log.WarnContext(ctx, "files not handed over yet", slog.String("submission", id), slog.Any("err", err))
	}
}

// CorrectPhone replaces the number the filer left, by the platform's code if
// there is one, or removes it when both are "". A code works once and costs the
// station money, so it is asked about after everything that can be wrong.
func (d *Desk) CorrectPhone(ctx context.Context, c access.Caller, id, phone, code string) (View, error) {
	if err := access.Can(c, access.Message); err != nil {
		return View{}, err
	}
	phone = casework.NormalPhone(phone)
	if phone != "" && code != "" {
		return View{}, field("phone_code", "电话号码和授权码只填一个")
	}
	if phone != "" && !casework.ValidPhone(phone) {
		return View{}, field("phone", "电话号码有误，请核对；不想留电话请留空")
	}
	v, err := d.rewrite(ctx, c, id, func(s casework.Submission) (casework.Submission, error) {
		if err := access.May(c, access.Message, s.Thing()); err != nil {
			return s, err
		}
		number := phone
		if next, err := s.WithPhone("", "", d.now()); err != nil || number == "" && code == "" {
			return next, err
		}
		if code != "" {
			var err error
			number, err = d.phoneBy(ctx, c, code)
			if e, ok := errors.AsType[*fault.Error](err); ok && e.Code == fault.Invalid {
				return s, field("phone_code", e.Message) // the plug knows the filing's name of it
			}
			if err != nil {
				return s, err
			}
			if !casework.ValidPhone(number) {
				return s, field("phone_code", "没有取到可用的电话号码，请手工填写")
			}
		}
		sealed, err := d.sealer.Seal(number, s.ID)
		if err != nil {
			return s, err
		}
		return s.WithPhone(sealed, casework.MaskPhone(number), d.now())
	})
	if err == nil && code != "" {
		d.cache.phones.forget(phoneKey(c, code))
	}
	return v, err
}

// rewrite changes a submission by what no act of the thread's is, again if
// somebody was faster.
func (d *Desk) rewrite(ctx context.Context, c access.Caller, id string, change func(casework.Submission) (casework.Submission, error)) (View, error) {
	for range rounds {
		s, st, err := d.load(ctx, id)
		if err != nil {
			return View{}, err
		}
		next, err := change(s)
		if err != nil {
			return View{}, err
		}
		ok, err := d.store.Commit(ctx, s, next, nil)
		if err != nil {
			return View{}, err
		}
		if ok {
			return d.after(ctx, c, st, next), nil
		}
	}
	return View{}, fault.New(fault.Unavailable, "多人正在同时处理这件诉求，请稍后再试")
}
