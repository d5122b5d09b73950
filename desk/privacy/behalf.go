package privacy

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"mashang/desk/identity"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// HandoverCode is a one-time code with which the person whom a submission was filed for takes it over.
type HandoverCode struct {
	Code      string
	ExpiresAt time.Time
}

// handoverCodeTTL is how long such a code is valid.
const handoverCodeTTL = 7 * 24 * time.Hour

// NewHandoverCode makes the code. The filer of a submission for somebody else may have one.
func (svc *Service) NewHandoverCode(ctx context.Context, c access.Caller, id string) (HandoverCode, error) {
	x, err := svc.kit.Submission(ctx, c, access.Message, id)
	if err != nil {
		return HandoverCode{}, err
	}
	if _, err := x.Submission().WithFiler("", svc.kit.Now()); err != nil {
		return HandoverCode{}, err
	}
	code, err := svc.kit.Random("", 10)
	if err != nil {
		return HandoverCode{}, err
	}
	return HandoverCode{Code: code, ExpiresAt: svc.kit.Now().Add(handoverCodeTTL)}, svc.store.PutTakeover(ctx, kit.Hash(code), id, handoverCodeTTL)
}

// TakeOver makes the caller the filer; the former filer no longer sees the submission. Width of the code's
// characters and anything around and between them do not matter.
func (svc *Service) TakeOver(ctx context.Context, c access.Caller, code string) (matters.View, error) {
	if c.Person == "" {
		return matters.View{}, access.NoSession()
	}
	code = fold.Code(code)
	id, err := svc.store.TakeTakeover(ctx, kit.Hash(code))
	if fault.Is(err, fault.NotFound) {
		return matters.View{}, kit.Field("code", "接手码无效或已用过，请让提交的人重新生成")
	}
	if err != nil {
		return matters.View{}, err
	}
	v, err := svc.takeOver(ctx, c, id)
	if err != nil && !fault.Is(err, fault.WrongState) {
		// The code was valid and had no effect: it can be used again.
		err = errors.Join(err, svc.store.PutTakeover(context.WithoutCancel(ctx), kit.Hash(code), id, handoverCodeTTL))
	}
	return v, err
}

func (svc *Service) takeOver(ctx context.Context, c access.Caller, id string) (matters.View, error) {
	if err := svc.kit.Visit(ctx, c.Person, kit.StationOf(id)); err != nil {
		return matters.View{}, err
	}
	v, err := svc.rewrite(ctx, c, id, func(s casework.Submission) (casework.Submission, error) {
		if c.Role == access.Member && c.Station == s.Station && c.ID == s.Assignee {
			return s, kit.Field("code", "这件诉求正由您办理，请先转给其他委员")
		}
		return s.WithFiler(c.Person, svc.kit.Now())
	})
	if err == nil {
		svc.completeTakeover(ctx, c, id)
	}
	return v, err
}

// completeTakeover transfers the submission's files to the new filer and clears their undelivered entries.
// After an error the liaison's list has an entry too many, or a file is transferred only when the filer erases
// their data.
func (svc *Service) completeTakeover(ctx context.Context, c access.Caller, id string) {
	svc.delivery.DropUndelivered(ctx, id, record.Receiver(notice.Entry{Person: c.Person}))
	s, err := svc.kit.Records.Load(ctx, id)
	if err == nil {
		err = svc.transferUploads(ctx, s, c.Person)
	}
	if err != nil {
		svc.kit.Log.WarnContext(ctx, "files not handed over yet", slog.String("submission", id), slog.Any("err", err))
	}
}

// CorrectPhone replaces the filer's number, or removes it when phone and code are "". code is a phone code of
// the platform. It works once and costs the station money, so it is used after all other checks.
func (svc *Service) CorrectPhone(ctx context.Context, c access.Caller, id, phone, code string) (matters.View, error) {
	if err := access.Can(c, access.Message); err != nil {
		return matters.View{}, err
	}
	phone = casework.NormalPhone(phone)
	if phone != "" && code != "" {
		return matters.View{}, kit.Field("phone_code", "电话号码和授权码只填一个")
	}
	if phone != "" && !casework.ValidPhone(phone) {
		return matters.View{}, kit.Field("phone", "电话号码有误，请核对；不想留电话请留空")
	}
	v, err := svc.rewrite(ctx, c, id, func(s casework.Submission) (casework.Submission, error) {
		if err := access.May(c, access.Message, s.AccessResource()); err != nil {
			return s, err
		}
		number := phone
		if next, err := s.WithPhone("", "", svc.kit.Now()); err != nil || number == "" && code == "" {
			return next, err
		}
		if code != "" {
			var err error
			number, err = svc.identity.PhoneBy(ctx, c, code)
			if e, ok := errors.AsType[*fault.Error](err); ok && e.Code == fault.Invalid {
				return s, kit.Field("phone_code", e.Message) // under the field's name here
			}
			if err != nil {
				return s, err
			}
			if !casework.ValidPhone(number) {
				return s, kit.Field("phone_code", "没有取到可用的电话号码，请手工填写")
			}
		}
		sealed, err := svc.sealer.Seal(number, s.ID)
		if err != nil {
			return s, err
		}
		return s.WithPhone(sealed, casework.MaskPhone(number), svc.kit.Now())
	})
	if err == nil && code != "" {
		svc.kit.Cache.Phones.Forget(identity.PhoneKey(c, code))
	}
	return v, err
}

// rewrite changes a submission outside its thread and retries after concurrent changes.
func (svc *Service) rewrite(ctx context.Context, c access.Caller, id string, change func(casework.Submission) (casework.Submission, error)) (matters.View, error) {
	for range kit.MaxConflictRetries {
		s, st, err := svc.kit.Load(ctx, id)
		if err != nil {
			return matters.View{}, err
		}
		next, err := change(s)
		if err != nil {
			return matters.View{}, err
		}
		ok, err := svc.store.Commit(ctx, s, next, nil)
		if err != nil {
			return matters.View{}, err
		}
		if ok {
			return svc.matters.After(ctx, c, st, next), nil
		}
	}
	return matters.View{}, fault.New(fault.Unavailable, "多人正在同时处理这件诉求，请稍后再试")
}
