// Package bench measures the product as a user has it: the real binary in a
// process of its own, behind a loopback socket, on its own redis-server that
// syncs every write, with login, limits, content check, routing and the
// sending of notices all at work. It holds nothing but tests; make bench runs
// them and docs/performance.md keeps the figures.
//
// A figure alone says little on a machine with neighbours, so each is taken in
// turns with a baseline in the same run, on the same Redis, moving the same
// bytes: a bare Gin handler that binds, validates and runs one script, and
// that script without HTTP. Rates are medians over the rounds, and so are the
// ratios of neighbouring rounds.
//
// Speed without the work done is no figure: after each round what was
// acknowledged is looked for in the members' queues through the API, and one
// submission too few or too many fails the benchmark. A missed aim is said and
// does not fail it.
package bench
