// Package wechat is the client of the WeChat platform for one mini program: login, phone numbers, checks of
// texts and pictures, subscribe messages, the customer-service chat, code images, links, media and the
// account's templates. It also holds the receiver of the platform's pushes.
//
// # One loop for all calls
//
// Every call goes through Client.call. It takes a token, passes the breaker and the budget, makes the call, and
// retries it as policy, the table of the platform's errcodes, says. TestContractTable checks what is done about
// each answer and writes it into docs/wechat.md, which also explains the breaker, the budgets and the figures.
//
// # What is the SDK's and what is ours
//
// github.com/silenceper/wechat/v2 does soundly:
//
//   - the stable token's fetch (credential.StableAccessToken), behind our own
//     handle, which implements credential.AccessTokenContextHandle;
//   - code2session (auth.Code2SessionContext);
//   - the push crypto and signature (util.DecryptMsg, EncryptMsg, Signature),
//     which reproduce the platform's published vectors.
//
// We replace what the SDK, version 2.1.14, does unsafely:
//
//   - Its token cache takes no context, asserts types unchecked, holds a mutex
//     during the fetch, and fails every call when the store is down or the token
//     has exactly 300 seconds left. Our tokens (token.go) keep a copy in the
//     process and share it through TokenCache. Many waiters in all processes
//     cause one fetch, and each waits no longer than its own deadline. A refused
//     token is dropped only if it is still the current one.
//   - Its HTTP client is a process-wide variable without a timeout. It reads
//     bodies without a bound and puts the AppSecret and the token into error
//     texts. New replaces that client once by one that sends each request through
//     the Client in the request's context and refuses a request without one. So
//     clients with different servers coexist in one process, in tests too.
//   - Most of its calls take no context and hide the errcode in a text. Ours are
//     short functions over Client.call.
//   - Its push receiver ignores msg_signature and freshness. See Receiver.
//
// The SDK's root package is never imported: its init reconfigures a global
// logger.
//
// # Errors
//
// Methods return faults (package fault) whose message is for the person. The cause is an *APIError, a
// *CallError or a *HeldError. No error text holds a URL, a token, a secret, a login code or an openid.
package wechat
