// Package config reads the configuration of a server: defaults, then an optional YAML file, then the
// environment.
//
// It is strict, because a silently ignored setting is discovered at the worst time. It refuses an unknown key,
// a repeated key, a value out of range, and a secret in the file. It reports all faults at once, so that nobody
// needs several attempts. A zero field means its default, so Config{}.WithDefaults() is a working configuration
// and a new field never breaks an old file.
//
// Every field has a line in config.yaml at the root of the repository and a variable MASHANG_<SECTION>_<FIELD>;
// a test checks both.
package config

import "time"

// Config is the whole configuration of a server. Load returns it checked and with all defaults.
type Config struct {
	HTTP    HTTP    `yaml:"http"    envPrefix:"HTTP_"`
	Metrics Metrics `yaml:"metrics" envPrefix:"METRICS_"`
	Data    Data    `yaml:"data"   envPrefix:"DATA_"`
	Redis   Redis   `yaml:"redis"  envPrefix:"REDIS_"`
	WeChat  WeChat  `yaml:"wechat" envPrefix:"WECHAT_"`
	Limits  Limits  `yaml:"limits" envPrefix:"LIMITS_"`
	Notice  Notice  `yaml:"notice" envPrefix:"NOTICE_"`
	Media   Media   `yaml:"media"  envPrefix:"MEDIA_"`
	Seal    Seal    `yaml:"seal"   envPrefix:"SEAL_"`
	SMS     SMS     `yaml:"sms"    envPrefix:"SMS_"`
	Log     Log     `yaml:"log"    envPrefix:"LOG_"`
}

// HTTP configures the server's HTTP side.
type HTTP struct {
	// Addr is host:port to listen on. Port 0 takes a free one.
	Addr string `yaml:"addr" env:"ADDR" validate:"listen"`
	// PublicURL is the origin that people use and that plain QR codes contain. Load sets it to http://<addr>
	// when it is empty.
	PublicURL string `yaml:"public_url" env:"PUBLIC_URL" validate:"omitempty,origin"`
	// TrustedProxies are networks or addresses whose X-Forwarded-For is trusted. Empty: none.
	TrustedProxies []string `yaml:"trusted_proxies" env:"TRUSTED_PROXIES" validate:"dive,cidr|ip"`
	// ReadHeaderTimeout bounds reading the request line and headers (slow clients).
	ReadHeaderTimeout time.Duration `yaml:"read_header_timeout" env:"READ_HEADER_TIMEOUT" validate:"min=10ms,max=10m"`
	// ReadTimeout bounds reading a whole request, an upload included.
	ReadTimeout time.Duration `yaml:"read_timeout" env:"READ_TIMEOUT" validate:"min=10ms,max=10m"`
	// WriteTimeout bounds writing a whole answer.
	WriteTimeout time.Duration `yaml:"write_timeout" env:"WRITE_TIMEOUT" validate:"min=10ms,max=10m"`
	// IdleTimeout closes idle kept-alive connections.
	IdleTimeout time.Duration `yaml:"idle_timeout" env:"IDLE_TIMEOUT" validate:"min=10ms,max=1h"`
	// ShutdownTimeout is how long a stop waits for accepted requests.
	ShutdownTimeout time.Duration `yaml:"shutdown_timeout" env:"SHUTDOWN_TIMEOUT" validate:"min=10ms,max=10m"`
	// MaxBody is the maximum size of a JSON or push body.
	MaxBody Size `yaml:"max_body" env:"MAX_BODY" validate:"min=4096,max=67108864"`
	// MaxUpload is the maximum size of a multipart upload with its envelope.
	MaxUpload Size `yaml:"max_upload" env:"MAX_UPLOAD" validate:"min=4096,max=268435456"`
}

// Metrics configures the endpoint for Prometheus.
type Metrics struct {
	// Addr is host:port of a separate listener, the value of http.addr to share that one, or "off".
	Addr string `yaml:"addr" env:"ADDR" validate:"metricsaddr"`
}

// MetricsOff is the address that disables metrics.
const MetricsOff = "off"

// Data configures where the server stores its data.
type Data struct {
	// Dir holds redis/, uploads/ and keys/.
	Dir string `yaml:"dir" env:"DIR"`
}

// Redis is the store. With no address the server runs its own redis-server.
type Redis struct {
	// Addr is host:port or the absolute path of a unix socket. Empty: managed.
	Addr string `yaml:"addr" env:"ADDR" validate:"omitempty,redisaddr"`
	// Username is the ACL user; empty is Redis' default user.
	Username string `yaml:"username" env:"USERNAME"`
	// Password comes from the environment or PasswordFile only.
	Password Secret `yaml:"password" env:"PASSWORD"`
	// PasswordFile names a file that holds the password.
	PasswordFile string `yaml:"password_file" env:"PASSWORD_FILE"`
	// DB is the database number; Redis Cluster knows only 0.
	DB int `yaml:"db" env:"DB" validate:"min=0,max=1024"`
	// TLS speaks TLS with the system's certificate authorities.
	TLS bool `yaml:"tls" env:"TLS"`
	// Pool is the maximum number of connections.
	Pool int `yaml:"pool" env:"POOL" validate:"min=1,max=10000"`
	// Timeout bounds dialling and each command.
	Timeout time.Duration `yaml:"timeout" env:"TIMEOUT" validate:"min=10ms,max=1m"`
	// Binary is the redis-server to start when managed: a path, or a name
	// looked up in PATH.
	Binary string `yaml:"binary" env:"BINARY"`
}

// Managed reports whether the server runs its own Redis.
func (r Redis) Managed() bool { return r.Addr == "" }

// WeChat configures the platform. Without an AppID the server uses its own emulator.
type WeChat struct {
	// AppID is the mini-program's.
	AppID string `yaml:"app_id" env:"APP_ID" validate:"omitempty,appid"`
	// OfficialAppID is the official account through which people log in on web pages inside WeChat. Empty: they
	// cannot.
	OfficialAppID string `yaml:"official_app_id" env:"OFFICIAL_APP_ID" validate:"omitempty,appid"`
	// OfficialSecret comes from the environment or OfficialSecretFile only.
	OfficialSecret Secret `yaml:"official_secret" env:"OFFICIAL_SECRET"`
	// OfficialSecretFile names a file that holds the official account's secret.
	OfficialSecretFile string `yaml:"official_secret_file" env:"OFFICIAL_SECRET_FILE"`
	// AppSecret comes from the environment or AppSecretFile only.
	AppSecret Secret `yaml:"app_secret" env:"APP_SECRET"`
	// AppSecretFile names a file that holds the AppSecret.
	AppSecretFile string `yaml:"app_secret_file" env:"APP_SECRET_FILE"`
	// OriginalID is the account's own name in pushes (gh_…). Empty: unchecked.
	OriginalID string `yaml:"original_id" env:"ORIGINAL_ID" validate:"omitempty,identifier"`
	// EnvVersion is the version that codes and notices open.
	EnvVersion string `yaml:"env_version" env:"ENV_VERSION" validate:"oneof=release trial develop"`
	// PushMode is the mode of pushes as set in the platform's console. It decides what a push must contain; the
	// push itself does not.
	PushMode string `yaml:"push_mode" env:"PUSH_MODE" validate:"oneof=plain compatible safe"`
	// PushToken signs pushes: 3 to 32 letters and digits, by the platform's rule.
	PushToken Secret `yaml:"push_token" env:"PUSH_TOKEN" validate:"omitempty,alphanum,min=3,max=32"`
	// PushTokenFile names a file that holds the push token.
	PushTokenFile string `yaml:"push_token_file" env:"PUSH_TOKEN_FILE"`
	// PushAESKey is the EncodingAESKey: 43 letters and digits.
	PushAESKey Secret `yaml:"push_aes_key" env:"PUSH_AES_KEY" validate:"omitempty,alphanum,len=43"`
	// PushAESKeyFile names a file that holds the EncodingAESKey.
	PushAESKeyFile string `yaml:"push_aes_key_file" env:"PUSH_AES_KEY_FILE"`
	// APIBase is where the platform's API answers.
	APIBase string `yaml:"api_base" env:"API_BASE" validate:"apibase"`
	// Timeout bounds one call to the platform.
	Timeout time.Duration `yaml:"timeout" env:"TIMEOUT" validate:"min=10ms,max=1m"`
	// EmulatorPublic allows the emulator on an address that is not loopback. Anyone who can reach it can act as
	// anyone.
	EmulatorPublic bool `yaml:"emulator_public" env:"EMULATOR_PUBLIC"`
	// Templates has the template id of each purpose of package notice. A purpose without one has no subscribe
	// messages.
	Templates map[string]string `yaml:"templates" env:"TEMPLATES" envKeyValSeparator:"=" validate:"dive,keys,purpose,endkeys,required,template"`
	// TemplateKeys maps "<purpose>.<meaning>" of notice.Fields to the key in the platform's template, if that
	// is not <type><position>.
	TemplateKeys map[string]string `yaml:"template_keys" env:"TEMPLATE_KEYS" envKeyValSeparator:"=" validate:"dive,keys,purposefield,endkeys,required,templatekey"`
	// VerifyFiles maps a file name to its content, served at /<name> and /q/<name>, by which the platform
	// verifies the domain.
	VerifyFiles map[string]string `yaml:"verify_files" env:"VERIFY_FILES" envKeyValSeparator:"=" validate:"dive,keys,txtname,endkeys,required,max=4096"`
}

// Emulated reports whether the server uses its own emulator.
func (w WeChat) Emulated() bool { return w.AppID == "" }

// Limits are the limits for one person or one machine.
type Limits struct {
	// PersonPerMinute is the number of acts (writes) of one person a minute.
	PersonPerMinute int `yaml:"person_per_minute" env:"PERSON_PER_MINUTE" validate:"min=1,max=1000000"`
	// AddressPerMinute is the number of requests of one address a minute. Loopback has no limit.
	AddressPerMinute int `yaml:"address_per_minute" env:"ADDRESS_PER_MINUTE" validate:"min=1,max=1000000"`
	// LoginPerMinute is the number of logins of one address a minute. Loopback has no limit.
	LoginPerMinute int `yaml:"login_per_minute" env:"LOGIN_PER_MINUTE" validate:"min=1,max=1000000"`
	// SubmissionsPerDay is the number of new submissions of one person in 24 hours.
	SubmissionsPerDay int `yaml:"submissions_per_day" env:"SUBMISSIONS_PER_DAY" validate:"min=1,max=1000000"`
	// UploadsPerHour is the number of photos and voices of one person an hour.
	UploadsPerHour int `yaml:"uploads_per_hour" env:"UPLOADS_PER_HOUR" validate:"min=1,max=1000000"`
	// BindingsPerHour is the number of wrong invitations of one person an hour.
	BindingsPerHour int `yaml:"bindings_per_hour" env:"BINDINGS_PER_HOUR" validate:"min=1,max=1000000"`
}

// Notice configures the delivery of notices.
type Notice struct {
	// QuietFrom and QuietTo bound the hours (Beijing time) in which urges,
	// rating requests and digests wait. Equal: no quiet hours.
	QuietFrom Clock `yaml:"quiet_from" env:"QUIET_FROM" validate:"clock"`
	QuietTo   Clock `yaml:"quiet_to"   env:"QUIET_TO"   validate:"clock"`
	// Workers is the number of concurrent senders.
	Workers int `yaml:"workers" env:"WORKERS" validate:"min=1,max=256"`
	// MaxAttempts is the number of attempts after which a notice is a dead letter.
	MaxAttempts int `yaml:"max_attempts" env:"MAX_ATTEMPTS" validate:"min=1,max=100"`
}

// Media configures the limits of photos and voices.
type Media struct {
	// MaxPhotoBytes is the maximum size of a photo's file.
	MaxPhotoBytes Size `yaml:"max_photo_bytes" env:"MAX_PHOTO_BYTES" validate:"min=4096,max=134217728"`
	// MaxPixels is the maximum width × height, checked before decoding: a header of 600 bytes can claim six
	// gigabytes.
	MaxPixels int `yaml:"max_pixels" env:"MAX_PIXELS" validate:"min=10000,max=200000000"`
	// MaxSide is the longer side of a stored photo in pixels; a long screenshot may have more (photo.Fit).
	MaxSide int `yaml:"max_side" env:"MAX_SIDE" validate:"min=320,max=8192"`
	// ThumbSide is the longer side of a thumbnail in pixels.
	ThumbSide int `yaml:"thumb_side" env:"THUMB_SIDE" validate:"min=32,max=1024"`
	// MaxVoiceBytes is the maximum size of a voice file.
	MaxVoiceBytes Size `yaml:"max_voice_bytes" env:"MAX_VOICE_BYTES" validate:"min=4096,max=67108864"`
	// MaxVoice is the maximum length of a voice message.
	MaxVoice time.Duration `yaml:"max_voice" env:"MAX_VOICE" validate:"min=1s,max=10m"`
	// DecodeMemory is the memory for all photos that are decoded at one time; a photo that needs more is
	// refused.
	DecodeMemory Size `yaml:"decode_memory" env:"DECODE_MEMORY" validate:"min=16777216,max=4294967296"`
	// DecodeTime is the maximum time for processing one photo.
	DecodeTime time.Duration `yaml:"decode_time" env:"DECODE_TIME" validate:"min=1s,max=10m"`
	// Decoders is how many photos are decoded at the same time.
	Decoders int `yaml:"decoders" env:"DECODERS" validate:"min=1,max=64"`
}

// Seal configures the keys for encrypting phones and names.
type Seal struct {
	// Keys comes from the environment or KeysFile only. Empty: KeysDir is used.
	Keys Secret `yaml:"keys" env:"KEYS"`
	// KeysFile names a file that holds the keys.
	KeysFile string `yaml:"keys_file" env:"KEYS_FILE"`
	// KeysDir is the folder of the keys that the server makes at its first start. Load sets it to
	// <data.dir>/keys when it is empty.
	KeysDir string `yaml:"keys_dir" env:"KEYS_DIR"`
}

// SMS configures one-time codes to phones outside WeChat.
type SMS struct {
	// URL is the bridge to the provider, https. Empty: nobody can log in by phone, except in the demo, where
	// codes are shown beside the made-up phones.
	URL string `yaml:"url" env:"URL" validate:"omitempty,apibase"`
	// Secret signs requests to URL. It comes from the environment or SecretFile only.
	Secret Secret `yaml:"secret" env:"SECRET"`
	// SecretFile names a file that holds the secret.
	SecretFile string `yaml:"secret_file" env:"SECRET_FILE"`
}

// Log configures the log.
type Log struct {
	// Level is the lowest level that is written.
	Level string `yaml:"level" env:"LEVEL" validate:"oneof=debug info warn error"`
	// Format is text for people or json for machines.
	Format string `yaml:"format" env:"FORMAT" validate:"oneof=text json"`
}
