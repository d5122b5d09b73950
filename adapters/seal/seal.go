// Package seal encrypts single fields, such as phone numbers, before they are stored, so that Redis' files,
// backups and a stolen disk do not reveal them.
//
// Each ciphertext names its key and its algorithm. So keys can be rotated while old ones still decrypt, and
// another algorithm (SM4 for an assessment under GB/T 39786) can be added later without changing stored data. A
// ciphertext is also bound to additional data of the caller, such as the submission's id and the field's name:
// moved to another record, it does not decrypt.
//
// Faults of this package are for operators. None contains a key, a plaintext or a ciphertext.
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
	// ErrUnknownKey is in the chain when the key of a ciphertext is missing.
	ErrUnknownKey = errors.New("seal: unknown key id")
	// ErrDamaged is in the chain when a ciphertext was changed or truncated, or belongs to another record.
	ErrDamaged = errors.New("seal: ciphertext does not open")
)

// minSealed is the length of an encrypted empty text in bytes: algorithm id, nonce and tag.
const minSealed = 1 + 12 + 16

// encoding is strict, so that a ciphertext has only one spelling.
var encoding = base64.RawURLEncoding.Strict()

// Seal encrypts plain under the primary key and returns printable text of the form "k1.<base64url of algorithm
// id, nonce, ciphertext and tag>", which has 4/3 of (29 + the length of plain) characters after the dot. aad is
// not stored; Open needs the same. It fails only when the source of randomness fails.
func (k *Keyring) Seal(plain, aad string) (string, error) {
	key := k.keys[0]
	suite := key.suites[current]
	nonce := make([]byte, suite.NonceSize())
	if _, err := io.ReadFull(k.rand, nonce); err != nil {
		return "", fault.Wrap(err, fault.Internal, "系统随机数不可用，无法加密；请检查操作系统后重启服务")
	}
	box := make([]byte, 0, 1+len(nonce)+len(plain)+suite.Overhead())
	box = append(append(box, current), nonce...)
	box = suite.Seal(box, nonce, []byte(plain), additionalData(current, key.id, aad))
	return key.id + "." + encoding.EncodeToString(box), nil
}

// Open returns the plaintext. The fault is Internal and wraps ErrUnknownKey or ErrDamaged.
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
	plain, err := suite.Open(nil, nonce, ct, additionalData(box[0], id, aad))
	if err != nil {
		return "", damaged("密文被改动或不属于这条记录：请从备份恢复，并检查谁动过数据文件")
	}
	return string(plain), nil
}

// MissingKey returns the id of the key of a ciphertext, if the ring lacks it; "" for any other text.
func (k *Keyring) MissingKey(text string) (id string) {
	id, box, err := split(text)
	if _, known := k.find(id); err != nil || known || len(box) < minSealed {
		return ""
	}
	return id
}

// split parses the outer form. On success id is a valid key id and box holds at least the algorithm id.
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

// additionalData joins algorithm, key id and the caller's data unambiguously: the id has its length before it, the
// caller's data comes last.
func additionalData(suite byte, id, aad string) []byte {
	out := make([]byte, 0, len(domain)+5+len(id)+len(aad))
	out = append(out, domain...)
	out = append(out, suite)
	out = binary.BigEndian.AppendUint32(out, uint32(len(id))) //nolint:gosec // ids have at most 16 bytes
	out = append(out, id...)
	return append(out, aad...)
}
