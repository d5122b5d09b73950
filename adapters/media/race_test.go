//go:build race

package media_test

// raced says that the race detector watches this run.
const raced = true
