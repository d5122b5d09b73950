// Package emulator plays the server side of the WeChat platform for one mini
// program: strictly enough that a mistake which the platform would punish fails
// here too, and without any network. It serves tests and demonstrations, and
// knows nothing of the program that talks to it.
//
// It has two faces, both http.Handlers:
//
//   - API is what https://api.weixin.qq.com answers: stable and normal tokens,
//     code2session, phone numbers, code images, subscribe messages,
//     customer-service messages, text check. Errors come as the platform's:
//     status 200, errcode, errmsg with a rid.
//   - Control is what the people and their phones do: get a login code, tap
//     "allow", write in the chat, read what arrived. It lies under /_emulator/.
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
// What is modelled, and how strictly, follows the platform's documentation of
// 2024 to 2026; where that is silent, errcodes seen in the field are used.
// Quotas by minute and day are modelled for tokens only.
//
// People and their grants can outlive the process (State). Tokens, codes,
// messages and chats do not.
package emulator
