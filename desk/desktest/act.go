package desktest

func Second[T any](_ T, err error) error { return err }
