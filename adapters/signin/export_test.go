package signin

// CommonCount is how many passwords are known as common.
func CommonCount() int { return len(common()) }
