//go:build race

package qrcodes_test

// raced reports that the race detector is on.
const raced = true
