// Package seal encrypts single fields (phone numbers and the like) before they
// are stored, so that Redis' files, backups and a stolen disk do not show them.
//
// Each ciphertext names the key and the algorithm it was made with, so keys can
// be rotated while old ones still open, and another algorithm (SM4 for an
// assessment under GB/T 39786) can join later without touching stored data. It
// is also bound to additional data chosen by the caller, such as the
// submission's id and the field's name: a ciphertext moved to another record
// does not open there.
//
// Faults of this package are for operators. None of them holds a key, a
// plaintext or a ciphertext.
package seal

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"strings"

	"mashang/domain/fault"
)

var (
	// ErrUnknownKey is in the chain when the key a ciphertext names is missing.
	ErrUnknownKey = errors.New("seal: unknown key id")
	// ErrDamaged is in the chain when a ciphertext was changed, cut, or belongs
	// to another record.
	ErrDamaged = errors.New("seal: ciphertext does not open")
)

// shortest is the length of a sealed empty text: algorithm id, nonce and tag.
const shortest = 1 + 12 + 16

// encoding is strict, so that one ciphertext has one spelling only.
var encoding = base64.RawURLEncoding.Strict()

// Seal encrypts plain under the primary key and returns printable text of the
// shape "k1.<base64url of algorithm id, nonce, ciphertext and tag>", about
// 4/3 of 29 bytes longer than plain. aad is not stored; Open needs the same.
// It fails only when the source of randomness does.
func (k *Keyring) Seal(plain, aad string) (string, error) {
	key := k.keys[0]
	suite := key.suites[current]
	nonce := make([]byte, suite.NonceSize())
	if _, err := io.ReadFull(k.rand, nonce); err != nil {
		return "", fault.Wrap(err, fault.Internal, "系统随机数不可用，无法加密；请检查操作系统后重启服务")
	}
	box := make([]byte, 0, 1+len(nonce)+len(plain)+suite.Overhead())
	box = append(append(box, current), nonce...)
	box = suite.Seal(box, nonce, []byte(plain), bind(current, key.id, aad))
	return key.id + "." + encoding.EncodeToString(box), nil
}

// Open returns what Seal was given. The fault is Internal and wraps
// ErrUnknownKey or ErrDamaged.
func (k *Keyring) Open(sealed, aad string) (string, error) {
	id, box, err := split(sealed)
	if err != nil {
		return "", err
	}
	key, ok := k.find(id)
	if !ok {
		return "", fault.Wrap(ErrUnknownKey, fault.Internal,
			"密钥环里没有编号为 %s 的密钥：请把这把旧密钥加回 MASHANG_SEAL_KEYS 或 keys 文件夹（放在主密钥之后），再重启服务", id)
	}
	suite, ok := key.suites[box[0]]
	if !ok {
		return "", damaged("密文使用了本版本不认识的加密算法：请用写入它的程序版本打开")
	}
	if len(box) < 1+suite.NonceSize()+suite.Overhead() {
		return "", damaged("密文不完整：请从备份恢复这条记录")
	}
	nonce, ct := box[1:1+suite.NonceSize()], box[1+suite.NonceSize():]
	plain, err := suite.Open(nil, nonce, ct, bind(box[0], id, aad))
	if err != nil {
		return "", damaged("密文被改动或不属于这条记录：请从备份恢复，并检查谁动过数据文件")
	}
	return string(plain), nil
}

// MissingKey returns the id of the key that a text of the shape of Seal's was made with,
// if that is not in the ring; "" for any other text.
func (k *Keyring) MissingKey(text string) (id string) {
	id, box, err := split(text)
	if _, known := k.find(id); err != nil || known || len(box) < shortest {
		return ""
	}
	return id
}

// split parses the outer shape. On success id is a legal key id and box holds
// at least the algorithm id.
func split(sealed string) (id string, box []byte, err error) {
	id, text, ok := strings.Cut(sealed, ".")
	if !ok || !validID(id) || strings.ContainsAny(text, "\r\n") {
		return "", nil, damaged("内容不是本系统的密文：请从备份恢复这条记录")
	}
	box, decodeErr := encoding.DecodeString(text)
	if decodeErr != nil || len(box) == 0 {
		return "", nil, damaged("密文的编码已损坏：请从备份恢复这条记录")
	}
	return id, box, nil
}

func damaged(message string) error {
	return fault.Wrap(ErrDamaged, fault.Internal, "%s", message)
}

// bind joins algorithm, key id and the caller's data without ambiguity: the id
// carries its length, the caller's data comes last.
func bind(suite byte, id, aad string) []byte {
	out := make([]byte, 0, len(domain)+5+len(id)+len(aad))
	out = append(out, domain...)
	out = append(out, suite)
	out = binary.BigEndian.AppendUint32(out, uint32(len(id))) //nolint:gosec // ids have at most 16 bytes
	out = append(out, id...)
	return append(out, aad...)
}
