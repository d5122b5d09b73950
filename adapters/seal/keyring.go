package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"mashang/domain/fault"
)

// The algorithm ids in ciphertexts. Never reuse a number.
const (
	aes256gcm byte = 1

	// current is the algorithm of Seal.
	current = aes256gcm
)

const (
	// keySize is the length of a master key in bytes.
	keySize = 32
	// domain separates our uses of a master key from any other use.
	domain = "mashang/seal/v1\x00"
	// indexSize is the length of a blind index in bytes: 128 bits, so that two values never collide by chance.
	indexSize = 16
)

// Keyring holds the master keys. The first, the primary, encrypts; all decrypt. It is safe for concurrent use
// and never prints its keys.
type Keyring struct {
	keys []key
	// rand is the system's source: a nonce from a weaker one breaks the cipher.
	rand io.Reader
}

// key has the keys derived from one master key, which itself is not kept.
type key struct {
	id     string
	suites map[byte]cipher.AEAD
	index  []byte
	tags   *tagger
}

// Parse reads "k2:base64,k1:base64": the first key is the primary, the others are older keys that still
// decrypt. Entries may also be separated by line ends. An id is 1 to 16 of a-z and 0-9; a key is 32 bytes in
// base64 of either alphabet, with or without padding. The fault is Invalid and names entries by position, never
// by content.
func Parse(text string) (*Keyring, error) {
	ring := &Keyring{rand: rand.Reader}
	entries := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' })
	for i, entry := range entries {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			continue
		}
		id, encoded, ok := strings.Cut(entry, ":")
		if !ok || !validID(id) {
			return nil, fault.New(fault.Invalid, "第 %d 把密钥格式不对：应为“编号:base64”，编号用 1–16 位小写字母或数字，例如 k1", i+1)
		}
		if _, dup := ring.find(id); dup {
			return nil, fault.New(fault.Invalid, "密钥编号 %s 出现了两次：请给每把密钥不同的编号", id)
		}
		master, err := decodeKey(encoded)
		if err != nil || len(master) != keySize {
			return nil, fault.New(fault.Invalid, "密钥 %s 应是 32 字节的 base64：可用 openssl rand -base64 32 生成", id)
		}
		k, err := derive(id, master)
		if err != nil {
			return nil, err
		}
		ring.keys = append(ring.keys, k)
	}
	if len(ring.keys) == 0 {
		return nil, fault.New(fault.Invalid, "没有给出任何密钥：格式为“k1:base64”，可用 openssl rand -base64 32 生成")
	}
	return ring, nil
}

func decodeKey(text string) ([]byte, error) {
	text = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(text), "=")
	return base64.RawStdEncoding.DecodeString(text)
}

// derive derives one key for each purpose from a master key, so that a blind index reveals nothing about the
// encryption key and each algorithm has its own key.
func derive(id string, master []byte) (key, error) {
	secret, err := hkdf.Key(sha256.New, master, nil, domain+"AES-256-GCM", keySize)
	if err != nil {
		return key{}, fmt.Errorf("seal: derive encryption key: %w", err)
	}
	index, err := hkdf.Key(sha256.New, master, nil, domain+"blind index", keySize)
	if err != nil {
		return key{}, fmt.Errorf("seal: derive index key: %w", err)
	}
	record, err := hkdf.Key(sha256.New, master, nil, domain+"record tag", keySize)
	if err != nil {
		return key{}, fmt.Errorf("seal: derive tag key: %w", err)
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return key{}, fmt.Errorf("seal: cipher: %w", err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return key{}, fmt.Errorf("seal: mode: %w", err)
	}
	return key{id: id, suites: map[byte]cipher.AEAD{aes256gcm: gcm}, index: index, tags: newTagger(record)}, nil
}

// Primary returns the id of the key that encrypts.
func (k *Keyring) Primary() string { return k.keys[0].id }

// IDs returns the ids of all keys, the primary first. Ids are not secret.
func (k *Keyring) IDs() []string {
	ids := make([]string, len(k.keys))
	for i, key := range k.keys {
		ids[i] = key.id
	}
	return ids
}

// BlindIndex returns a value for looking up an encrypted field, under the primary key, of the form "k1.<22
// characters>". Equal values with an equal purpose have equal indexes; without the key nobody can test a guess.
// A plain hash would not do, as all phone numbers can be tried in minutes. The caller normalizes the value
// first.
func (k *Keyring) BlindIndex(value, purpose string) string {
	return k.keys[0].blindIndex(value, purpose)
}

// BlindIndexes returns the value's index under every key, the primary's first. A lookup has to try all of them
// during a rotation.
func (k *Keyring) BlindIndexes(value, purpose string) []string {
	all := make([]string, len(k.keys))
	for i := range k.keys {
		all[i] = k.keys[i].blindIndex(value, purpose)
	}
	return all
}

func (k *key) blindIndex(value, purpose string) string {
	mac := hmac.New(sha256.New, k.index)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(purpose))))
	mac.Write([]byte(purpose))
	mac.Write([]byte(value))
	return k.id + "." + encoding.EncodeToString(mac.Sum(nil)[:indexSize])
}

// Format prints only the ids, whatever the verb, so that a stray %+v in a log line reveals no key.
func (k *Keyring) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "seal.Keyring("+strings.Join(k.IDs(), ",")+")")
}

func (k *Keyring) find(id string) (*key, bool) {
	for i := range k.keys {
		if k.keys[i].id == id {
			return &k.keys[i], true
		}
	}
	return nil, false
}

func validID(id string) bool {
	if id == "" || len(id) > 16 {
		return false
	}
	return strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}
