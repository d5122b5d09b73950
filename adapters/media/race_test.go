//go:build race

package media_test

// raced reports that the race detector is on.
const raced = true
