package signin

// CommonCount is the number of common passwords.
func CommonCount() int { return len(common()) }
