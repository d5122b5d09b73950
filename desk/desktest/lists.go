package desktest

import (
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/overview"
)

func Refusal(_ overview.Matters, err error) error { return err }

func Third(_ kit.PageOf[matters.View], err error) error { return err }
