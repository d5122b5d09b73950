// Package wechat is the product's one way to the WeChat platform: a mini
// program's server side (login, phone, text and picture check, subscribe
// messages, customer service, code images, links, media, the account's
// templates) and the receiver for what the platform pushes to us.
//
// # One way out
//
// Every call goes through Client.out: a token, the breaker, the budget, the
// call, and another try as policy has it, one table of the platform's errcodes.
// What was done about each answer is checked by TestContractTable and shown in
// docs/wechat.md, which also explains the breaker, the budgets and the figures.
//
// # What is the SDK's and what is ours
//
// github.com/silenceper/wechat/v2 does what it does soundly:
//
//   - the stable token's fetch (credential.StableAccessToken), behind our own
//     handle, which implements credential.AccessTokenContextHandle;
//   - code2session (auth.Code2SessionContext);
//   - the push crypto and signature (util.DecryptMsg, EncryptMsg, Signature),
//     which reproduce the platform's published vectors.
//
// Ours is what the SDK, version 2.1.14, does unsafely:
//
//   - Its token cache takes no context, asserts types unchecked, keeps a mutex
//     through the fetch and fails every call when the store is down or the
//     token has exactly 300 seconds left. tokens (token.go) keeps a copy in the
//     process, shares it through TokenCache, makes one fetch for many waiters
//     in all processes, who each keep their own deadline, and forgets a refused
//     token only if it is still the one that was refused.
//   - Its HTTP client is a process-wide variable without a timeout, reads
//     bodies without bound, and puts the AppSecret and the token into error
//     texts. New replaces that client once, for good, by one that sends each
//     request through the Client found in its context and refuses any other;
//     so clients with different servers live side by side, in tests too.
//   - Most calls take no context and hide the errcode in a text. They are thin
//     calls of our own over one loop.
//   - Its push receiver ignores msg_signature and freshness. See Receiver.
//
// The SDK's root package is never imported: its init reconfigures a global
// logger.
//
// # Errors
//
// Methods return faults (package fault) whose message is for the person; the
// cause is an *APIError, a *CallError or a *HeldError. No error text holds a
// URL, a token, a secret, a login code or an openid.
package wechat
