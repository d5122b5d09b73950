package config

import (
	"net"
	"path/filepath"
	"reflect"
	"time"
)

// Defaults returns the default configuration. PublicURL and KeysDir are empty: they depend on other fields, see
// WithDefaults.
func Defaults() Config {
	return Config{
		HTTP: HTTP{
			Addr:              "127.0.0.1:8080",
			ReadHeaderTimeout: 5 * time.Second,
			ReadTimeout:       60 * time.Second,
			WriteTimeout:      90 * time.Second,
			IdleTimeout:       2 * time.Minute,
			ShutdownTimeout:   20 * time.Second,
			MaxBody:           1 * MiB,
			MaxUpload:         12 * MiB,
		},
		// 9464 is Prometheus' port for exporters of OpenTelemetry.
		Metrics: Metrics{Addr: "127.0.0.1:9464"},
		Data:    Data{Dir: "./data"},
		Redis:   Redis{Pool: 64, Timeout: 2 * time.Second, Binary: "redis-server"},
		WeChat: WeChat{
			EnvVersion: "release",
			PushMode:   "safe",
			APIBase:    "https://api.weixin.qq.com",
			Timeout:    5 * time.Second,
		},
		Limits: Limits{
			PersonPerMinute:   30,
			AddressPerMinute:  300,
			LoginPerMinute:    30,
			SubmissionsPerDay: 20,
			UploadsPerHour:    40,
			BindingsPerHour:   5,
		},
		Notice: Notice{QuietFrom: "22:00", QuietTo: "07:00", Workers: 4, MaxAttempts: 8},
		Media: Media{
			MaxPhotoBytes: 10 * MiB,
			MaxPixels:     25_000_000,
			MaxSide:       2048,
			ThumbSide:     320,
			MaxVoiceBytes: 2 * MiB,
			MaxVoice:      time.Minute,
			DecodeMemory:  64 * MiB,
			DecodeTime:    30 * time.Second,
			Decoders:      2,
		},
		Log: Log{Level: "info", Format: "text"},
	}
}

// WithDefaults returns c with the default of every zero field, including those that depend on other fields
// (http.public_url, seal.keys_dir).
func (c Config) WithDefaults() Config { return c.withStaticDefaults().withDerivedDefaults() }

func (c Config) withStaticDefaults() Config {
	fallback := reflect.ValueOf(Defaults())
	filled := reflect.ValueOf(&c).Elem()
	for _, f := range fields {
		if v := filled.FieldByIndex(f.index); v.IsZero() {
			v.Set(fallback.FieldByIndex(f.index))
		}
	}
	return c
}

func (c Config) withDerivedDefaults() Config {
	if c.HTTP.PublicURL == "" {
		c.HTTP.PublicURL = "http://" + reachable(c.HTTP.Addr)
	}
	if c.Seal.KeysDir == "" {
		c.Seal.KeysDir = filepath.Join(c.Data.Dir, "keys")
	}
	return c
}

// reachable turns a listen address into one that a browser on this machine can open: an unspecified address
// becomes loopback.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
