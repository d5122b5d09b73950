//go:build !race

package qrcodes_test

const raced = false
