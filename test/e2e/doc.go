// Package e2e proves the product as its users meet it: the real binary, its
// own redis-server, real files, and clients that know nothing but the HTTP
// contract. It holds tests only.
//
// The clients have wire structs of their own, so a change of the contract that
// the handlers make without noticing fails here. Every wait is for a condition,
// has a bound, and is logged; time alone only picks the moments at which
// processes are killed and clients try again. Each server is stopped at the end
// of its test, must leave no redis-server behind, and its log must hold nothing
// that a person said or is known by.
//
// E2E_BINARY names the binary to use; without it one is built.
package e2e
