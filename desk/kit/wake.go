package kit

// Wake hints that the station's outbox has work. A lost hint is made up for by
// the next round.
func (k *Kit) Wake(st string) {
	select {
	case k.hint <- st:
	default:
	}
}

// Hints name stations for which there is something to deliver.
func (k *Kit) Hints() <-chan string { return k.hint }
