package emulator

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1" //nolint:gosec // the platform's signature is SHA-1
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// paddingBlock is the block size of the platform's padding, twice that of AES.
const paddingBlock = 32

// encodePush renders a message and returns the query and body of its push in the configured mode.
func (e *Emulator) encodePush(openid string, d doc) (url.Values, []byte, error) {
	plain, err := e.marshal(d)
	if err != nil {
		return nil, nil, err
	}
	timestamp := strconv.FormatInt(e.opts.Clock().Unix(), 10)
	nonce := strconv.FormatInt(e.random.number()%1_000_000_000, 10)
	query := url.Values{
		"signature": {signature(e.opts.PushToken, timestamp, nonce)},
		"timestamp": {timestamp}, "nonce": {nonce}, "openid": {openid},
	}
	if e.opts.PushMode == Plain {
		return query, plain, nil
	}
	sealed, err := encrypt(e.opts.PushAESKey, e.opts.AppID, e.random.bytes(16), plain)
	if err != nil {
		return nil, nil, err
	}
	query.Set("encrypt_type", "aes")
	query.Set("msg_signature", signature(e.opts.PushToken, timestamp, nonce, sealed))
	envelope := doc{{"ToUserName", e.opts.OriginalID}, {"Encrypt", sealed}}
	if e.opts.PushMode == Compatible {
		envelope = append(slices.Clone(d), pair{"Encrypt", sealed})
	}
	body, err := e.marshal(envelope)
	return query, body, err
}

// EchoQuery returns the query of the platform's check of a push URL (GET), signed with the present time. The
// URL has to answer with the query's echostr.
func (e *Emulator) EchoQuery() url.Values {
	timestamp := strconv.FormatInt(e.opts.Clock().Unix(), 10)
	nonce := strconv.FormatInt(e.random.number()%1_000_000_000, 10)
	return url.Values{
		"signature": {signature(e.opts.PushToken, timestamp, nonce)},
		"timestamp": {timestamp}, "nonce": {nonce},
		"echostr": {strconv.FormatInt(e.random.number(), 10)},
	}
}

// signature computes the platform's signature: SHA-1 over the sorted, joined parts.
func signature(parts ...string) string {
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, ""))) //nolint:gosec // the platform's choice
	return hex.EncodeToString(sum[:])
}

// encrypt encrypts random bytes, length, message and AppID by AES-256-CBC. The first half of the key is the
// initialization vector.
func encrypt(encodedKey, appID string, random, msg []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(encodedKey + "=")
	if err != nil {
		return "", err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", err
	}
	plain := slices.Clone(random)
	plain = binary.BigEndian.AppendUint32(plain, uint32(len(msg))) //nolint:gosec // a push is small
	plain = append(append(plain, msg...), appID...)
	pad := paddingBlock - len(plain)%paddingBlock
	for range pad {
		plain = append(plain, byte(pad))
	}
	cipher.NewCBCEncrypter(block, key[:aes.BlockSize]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain), nil
}
