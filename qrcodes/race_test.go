//go:build race

package qrcodes_test

// raced says that the race detector watches this run.
const raced = true
