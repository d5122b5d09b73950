//go:build !race

package media_test

const raced = false
