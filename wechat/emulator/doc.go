// Package emulator emulates the server side of the WeChat platform for one mini program, without any network.
// It is strict enough that a mistake which the platform would punish fails here too. It serves tests and
// demonstrations and does not depend on the program that calls it. docs/emulator.md shows how to use it from
// outside, and from programs that are not in Go.
//
// It has two sides, both http.Handlers:
//
//   - API is what https://api.weixin.qq.com answers. Errors are the platform's:
//     status 200, errcode, errmsg with a rid.
//   - Control is what people and their phones do: get a login code, tap "allow",
//     write in the chat, read what arrived. It lies under /_emulator/. A client
//     of it can act as anyone, so it belongs on a loopback address.
//
// What a person does on the phone is pushed to the program's push URL, signed and encrypted in the configured
// mode, up to three times.
//
//	emu, err := emulator.New(ctx, emulator.Options{
//		AppID: "wx0123456789abcdef", AppSecret: "secret",
//		Clock: time.Now, Rand: rand.Reader,
//		Pages:     []string{"pages/index/index"},
//		Templates: []emulator.Template{{ID: "tpl-order-ready", Fields: []emulator.Field{{Key: "thing1"}}}},
//	})
//	server := httptest.NewServer(emu.API()) // point the program's base URL here
//	code := emu.LoginCode("some-person")    // what wx.login would return
//
// Failures can be planned: SetFaults refuses, delays, cuts or garbles calls, Quotas run out, FailNext loses
// messages, ResendAlways repeats pushes, RevokeTokens and BlockUser do what the platform does without warning.
//
// # What is modelled
//
//   - Stable and normal tokens: their overlap, the rules of force_refresh, and an
//     IP list (Options.AllowedIPs).
//   - Login and phone codes that work once, within five minutes.
//   - Subscribe messages: grants by person and template, the rules of each field
//     type, one send to a person at a time, the popup, change and sent events.
//   - Customer-service messages: texts, pictures, links and cards, within the
//     windows of 48 hours and of one minute; what people send there, with its
//     temporary media, which live for three days.
//   - Codes, URL links and schemes, which lead only to pages of the released
//     version.
//   - The text check, and the check of media, which fetches them and answers by
//     a push (Options.Fetch, SetMediaVerdicts).
//   - The list of templates and of the platform's addresses.
//   - Quotas by second, minute and day, with the platform's published figures.
//   - Pushes: plain, compatible and safe mode in JSON and XML.
//   - A fault plan (SetFaults), people whom the platform blocks (BlockUser) or has
//     not seen for two hours (Options.StrictActivity), and messages that it loses
//     (FailNext).
//
// The strictness follows the platform's documentation of 2024 to 2026; where that is silent, errcodes observed
// on the real platform are used.
//
// # What is not
//
// Payment, virtual goods, cloud functions, live streams, plug-ins, and every other call answer errcode 40066.
// Encrypted user data (session keys are handed out, but nothing is encrypted with them), union ids and service
// accounts do not exist. The text check knows three test words and no language; the media check does not look
// at the content. The Enter event is the only one of the chat's events. Except for logins, no calls are limited
// by person.
//
// # What survives a restart
//
// People and their grants survive with a State. Tokens, codes, messages, chats, media, links, quotas and the
// fault plan do not.
package emulator
