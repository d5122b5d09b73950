package privacy

import (
	"context"
	"errors"
	"log/slog"

	"mashang/desk/identity"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/handover"
	"mashang/domain/record"
)

// CorrectPhone replaces the filer's number, or removes it when phone and code are "". code is a phone code of
// the platform. It works once and costs the station money, so it is used after all other checks.
func (svc *Service) CorrectPhone(ctx context.Context, c access.Caller, id, phone, code string) (matters.View, error) {
	if err := access.Can(c, access.Manage); err != nil {
		return matters.View{}, err
	}
	phone = casework.NormalPhone(phone)
	if phone != "" && code != "" {
		return matters.View{}, kit.Field("phone_code", "电话号码和授权码只填一个")
	}
	if phone != "" && !casework.ValidPhone(phone) {
		return matters.View{}, kit.Field("phone", "电话号码有误，请核对；不想留电话请留空")
	}
	v, err := svc.Rewrite(ctx, c, id, func(s casework.Submission) (casework.Submission, error) {
		if err := access.May(c, access.Manage, s.AccessResource()); err != nil {
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

// EndProxy ends the part of a person who handed a submission over, for its filer or that person: their name goes out of
// it, and the files that they added become the filer's. The view is empty for that person, who sees it no more.
func (svc *Service) EndProxy(ctx context.Context, c access.Caller, id string) (matters.View, error) {
	return svc.Rewrite(ctx, c, id, func(s casework.Submission) (casework.Submission, error) {
		if err := access.May(c, access.Leave, s.AccessResource()); err != nil {
			return s, err
		}
		next, err := handover.EndProxy(s, c.Person, svc.kit.Now())
		if err != nil {
			return s, err
		}
		err = svc.TransferUploads(ctx, s, s.FilerUploads(), s.Filer)
		if fault.Is(err, fault.Internal) {
			// Another record is damaged. That file stays its owner's; it must not keep them following.
			svc.kit.Log.WarnContext(ctx, "a file of who followed it stays theirs", slog.String("submission", s.ID), slog.Any("err", err))
			err = nil
		}
		return next, err
	})
}

// Rewrite changes a submission by other than an act, tells whom the change concerns, and retries after concurrent
// changes.
func (svc *Service) Rewrite(ctx context.Context, c access.Caller, id string, change func(casework.Submission) (casework.Submission, error)) (matters.View, error) {
	for range kit.MaxConflictRetries {
		s, st, err := svc.kit.Load(ctx, id)
		if err != nil {
			return matters.View{}, err
		}
		next, err := change(s)
		if err != nil {
			return matters.View{}, err
		}
		notices, err := svc.matters.Entries(next)
		if err != nil {
			return matters.View{}, err
		}
		ok, err := svc.store.Commit(ctx, s, next, notices)
		if err != nil {
			return matters.View{}, err
		}
		if ok {
			if len(notices) > 0 {
				svc.kit.Wake(st.ID)
			}
			if s.HasNumber() && !next.HasNumber() {
				// Nobody is to call a number that is gone. It is gone even if the list keeps an entry too many.
				if err := svc.store.DropUndelivered(context.WithoutCancel(ctx), id, record.CallReceiver); err != nil {
					svc.kit.Log.WarnContext(ctx, "a call stays listed without a number", slog.String("submission", id), slog.Any("err", err))
				}
			}
			return svc.matters.After(ctx, c, st, next), nil
		}
	}
	return matters.View{}, fault.New(fault.Unavailable, "多人正在同时处理这件诉求，请稍后再试")
}
