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

// sealBlock is the platform's padding block, twice that of AES.
const sealBlock = 32

// seal renders a message and returns the query and body of its push in the
// configured mode.
func (e *Emulator) seal(openid string, d doc) (url.Values, []byte, error) {
	plain, err := e.write(d)
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
	body, err := e.write(envelope)
	return query, body, err
}

// EchoQuery returns the query of the platform's check of a push URL (GET),
// signed as of now. A good URL answers with the query's echostr.
func (e *Emulator) EchoQuery() url.Values {
	timestamp := strconv.FormatInt(e.opts.Clock().Unix(), 10)
	nonce := strconv.FormatInt(e.random.number()%1_000_000_000, 10)
	return url.Values{
		"signature": {signature(e.opts.PushToken, timestamp, nonce)},
		"timestamp": {timestamp}, "nonce": {nonce},
		"echostr": {strconv.FormatInt(e.random.number(), 10)},
	}
}

// signature is the platform's: SHA-1 over the sorted, joined parts.
func signature(parts ...string) string {
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, ""))) //nolint:gosec // the platform's choice
	return hex.EncodeToString(sum[:])
}

// encrypt seals a message: AES-256-CBC under the key, its first half as the
// initial vector, over random bytes, length, message and AppID.
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
	pad := sealBlock - len(plain)%sealBlock
	for range pad {
		plain = append(plain, byte(pad))
	}
	cipher.NewCBCEncrypter(block, key[:aes.BlockSize]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain), nil
}
