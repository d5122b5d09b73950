package wechat

import "github.com/silenceper/wechat/v2/util"

// ParseJSON and ParseXML let fuzz targets reach the decoders without a seal.
func ParseJSON(body []byte) error { _, err := parseJSON(body); return err }

// ParseXML is the other one.
func ParseXML(body []byte) error { _, err := parseXML(body); return err }

// Decrypt opens a sealed message.
func Decrypt(appID, sealed, aesKey string) ([]byte, error) { return open(appID, sealed, aesKey) }

// Encrypt seals a message by the SDK, which makes what the real platform makes.
func Encrypt(random, msg []byte, appID, aesKey string) (string, error) {
	b, err := util.EncryptMsg(random, msg, appID, aesKey)
	return string(b), err
}

// Signature is the platform's, by the SDK.
func Signature(parts ...string) string { return util.Signature(parts...) }

// SDKGet makes a request as the SDK does outside any client.
func SDKGet(target string) error {
	_, err := util.HTTPGet(target)
	return err
}
