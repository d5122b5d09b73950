package kit

// Wake hints that the station's outbox has work. The next round makes up for a lost hint.
func (k *Kit) Wake(st string) {
	select {
	case k.hint <- st:
	default:
	}
}

// Hints receives the ids of stations whose outbox may have work.
func (k *Kit) Hints() <-chan string { return k.hint }
