// Package emulator plays the server side of the WeChat platform for one mini
// program: strictly enough that a mistake which the platform would punish fails
// here too, and without any network. It serves tests and demonstrations, and
// knows nothing of the program that talks to it. docs/emulator.md shows how to
// use it from outside, and from programs that are not in Go.
//
// It has two faces, both http.Handlers:
//
//   - API is what https://api.weixin.qq.com answers. Errors come as the
//     platform's: status 200, errcode, errmsg with a rid.
//   - Control is what the people and their phones do: get a login code, tap
//     "allow", write in the chat, read what arrived. It lies under /_emulator/.
//     Whoever reaches it can be anybody: it belongs on a loopback address.
//
// What a person does on the phone is pushed to the program's push URL, signed
// and sealed in the configured mode, and sent up to three times.
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
// What goes wrong is planned: SetFaults refuses, delays, cuts or garbles calls,
// Quotas run out, FailNext loses messages, ResendAlways repeats pushes,
// RevokeTokens and BlockUser do what the platform does without warning.
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
//   - A fault plan for what goes wrong in between (SetFaults), people whom the
//     platform takes for a risk (BlockUser) or has not seen for two hours
//     (Options.StrictActivity), and messages that it loses (FailNext).
//
// How strictly follows the platform's documentation of 2024 to 2026; where that
// is silent, errcodes seen in the field are used.
//
// # What is not
//
// Payment, virtual goods, cloud functions, live streams, plug-ins, and every
// other call answer errcode 40066. Encrypted user data (session keys are handed
// out, but nothing is encrypted with them), union ids and service accounts do
// not exist. The text check knows three test words and no language; the check
// of media looks at none. The Enter event is the only one of the chat's events.
// Nobody's calls are limited by person.
//
// # What outlives the process
//
// People and their grants can (State). Tokens, codes, messages, chats, media,
// links, quotas and the fault plan do not.
package emulator
