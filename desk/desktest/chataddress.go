package desktest

// Tells writes into the chat and returns the last line there; unlike says it is for
// more lines than the platform's stand-in keeps.
func (b *Bundle) Tells(words string) string {
	b.T.Helper()
	if err := b.Emu.Write(b.T.Context(), PhoneOfM01, words); err != nil {
		b.T.Fatal(err)
	}
	b.Receive()
	lines := b.Emu.Chat(PhoneOfM01)
	return lines[len(lines)-1].Text
}
