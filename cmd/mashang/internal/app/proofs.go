package app

import (
	"context"

	"mashang/adapters/seal"
	"mashang/cmd/mashang/internal/config"
	"mashang/domain/fault"
)

// The store's records of its first start, by which a later start with other keys or another platform is
// detected before it does harm.
const (
	sealProof     = "seal-check"
	sealText      = "mashang"
	platformProof = "platform"
	// onEmulator is the platform of a store whose people are emulated.
	onEmulator = "emulator"
)

// checkKeys checks that the keys decrypt what the store's fields were encrypted with. Another installation's
// key may have the same id: it would decrypt nothing and encrypt new phones beside the old. plant stores the
// proof if there is none.
func checkKeys(ctx context.Context, back *managedStore, ring *seal.Keyring, plant bool) error {
	proof := back.Blob(sealProof)
	sealed, err := proof.Load(ctx)
	if fault.Is(err, fault.NotFound) {
		if !plant {
			return nil
		}
		text, err := ring.Seal(sealText, sealProof)
		if err != nil {
			return err
		}
		return proof.Save(ctx, []byte(text))
	}
	if err != nil {
		return err
	}
	if text, err := ring.Open(string(sealed), sealProof); err != nil || text != sealText {
		return fault.Wrap(err, fault.Unavailable,
			"这套密钥不是这份数据的密钥，已存的电话打不开。请放回原来的密钥文件，或在 MASHANG_SEAL_KEYS 里补上原来的密钥")
	}
	return nil
}

// checkPlatform refuses a store whose people belong to another mini program, or to the emulator: an openid is
// valid only for its program, and emulated people could be anyone.
func checkPlatform(ctx context.Context, back *managedStore, cfg config.Config) error {
	now := cfg.WeChat.AppID
	if cfg.WeChat.Emulated() {
		now = onEmulator
	}
	proof := back.Blob(platformProof)
	was, err := proof.Load(ctx)
	switch {
	case fault.Is(err, fault.NotFound):
		return proof.Save(ctx, []byte(now))
	case err != nil:
		return err
	case string(was) == now:
		return nil
	case string(was) == onEmulator:
		return refuse("这份数据里的人是模拟微信里的人，不能用于真实的小程序。请换一个空的数据目录（MASHANG_DATA_DIR），重新导入名册")
	case now == onEmulator:
		return refuse("这份数据属于小程序 %s，却没有配置 wechat.app_id：不能用模拟微信打开，否则谁都可以冒充任何人。请设置 MASHANG_WECHAT_APP_ID", was)
	default:
		return refuse("这份数据属于小程序 %s，现在配置的是 %s：换了小程序，原来的人都认不出来。请核对 wechat.app_id", was, now)
	}
}
