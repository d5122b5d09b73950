#!/usr/bin/env bash
# 走一遍全部流程：游客扫码、提交、委员受理、追问、答复、办结、评价、重新办理。
# 只用 curl 和 sed，对着 mashang serve --demo：
#
#   scripts/walk.sh http://127.0.0.1:8080
#
# 每一步说明发生了什么；有一处不对就停下，退出码不为 0。可以反复运行。
set -euo pipefail

base=${1:-http://127.0.0.1:8080}
base=${base%/}
api=$base/api/v1
run=$(date +%s)-$$
visitor=walk-visitor-$run
status='' body=''

step() { printf '\n【%s】%s\n' "$1" "$2"; }
note() { printf '   %s\n' "$*"; }
fail() {
	printf '\n✗ %s\n' "$1" >&2
	if [ -n "$status" ]; then printf '  最后一次应答：%s %s\n' "$status" "$body" >&2; fi
	exit 1
}

# call METHOD URL TOKEN [JSON] [HEADER] 请求一次，结果在 status 和 body。
call() {
	local args=(-sS --max-time 20 -X "$1" -w '\n%{http_code}')
	if [ -n "$3" ]; then args+=(-H "Authorization: Bearer $3"); fi
	if [ -n "${4:-}" ]; then args+=(-H 'Content-Type: application/json' --data-binary "$4"); fi
	if [ -n "${5:-}" ]; then args+=(-H "$5"); fi
	local answer
	answer=$(curl "${args[@]}" "$2") || fail "连不上 $2：请先运行 make run"
	status=${answer##*$'\n'}
	body=${answer%$'\n'*}
}

# want STATUS 上一次应答应是这个状态。
want() { [ "$status" = "$1" ] || fail "应答应为 $1"; }

# first NAME 是 body 里第一个这个名字的文字或数字；JSON 里的名字和值之间没有空格。
first() { printf '%s' "$body" | grep -oE "\"$1\":(\"[^\"]*\"|[0-9]+)" | sed -n '1s/^[^:]*:"\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' || true; }

# part PATTERN 把 body 缩成第一处符合的片段。
part() { body=$(printf '%s' "$body" | grep -oE "$1" | sed -n 1p || true); }

# state STATE 诉求应到了这个状态；记下新的版本。
state() {
	want 200
	[ "$(first state)" = "$1" ] || fail "诉求应是 $1，却是 $(first state)"
	version=$(first version)
	note "现在是“$(first state_name)”，版本 $version"
}

# login OPENID [SCENE] 登录，令牌在 token。
login() {
	call POST "$base/_emulator/users/$1/code" ''
	want 200
	call POST "$api/sessions" '' "{\"code\":\"$(first code)\",\"scene\":\"${2:-}\"}"
	want 201
	token=$(first token)
	[ -n "$token" ] || fail '登录没有给出令牌'
}

# told OPENID WORD 等手机上出现写有 WORD 的通知，至多 15 秒。
told() {
	local i
	for i in $(seq 1 75); do
		call GET "$base/_emulator/users/$1/messages" ''
		want 200
		case $body in *"$2"*)
			note "微信通知已到（第 $i 次查看）"
			return
			;;
		esac
		sleep 0.2
	done
	fail "通知没有送到 $1"
}

# act NAME TOKEN JSON 对诉求做一步。
act() { call POST "$api/submissions/$id/$1" "$2" "$3"; }

step 准备 "看看有哪些人可以扮演、有哪些码可以扫"
call GET "$base/readyz" ''
want 200
call GET "$base/_emulator/cast" ''
want 200
cast=$body
part '\{"key":"[^"]*","kind":"place","name":"[^"]*"'
key=$(first key) place=$(first name)
[ -n "$key" ] || fail '演员表里没有场所的码'
body=$cast
templates=$(printf '%s' "$body" | grep -oE '\{"id":"[^"]*","purpose":"visitor_[a-z]*"' | sed 's/^{"id":"\([^"]*\)".*/\1/')
note "码 $key 贴在“$place”"

step 扫码 "游客用微信扫“$place”的码，进入小程序"
login "$visitor" "$base/q/$key"
tourist=$token
case $body in *"\"target\":{\"key\":\"$key\""*) ;; *) fail '登录没有认出扫的码' ;; esac
case $body in *'"on_duty":[{"member"'*) ;; *) fail '没有人值班' ;; esac
note "已登录，身份 $(first role)，此刻有委员值班"
for template in $templates; do
	call POST "$base/_emulator/users/$visitor/grants" '' "{\"template_id\":\"$template\",\"count\":5}"
	want 200
done
note '游客允许了接收通知'

step 提交 '游客拍照并提交投诉，照片里的位置信息会被去掉'
photo=$(mktemp)
trap 'rm -f "$photo"' EXIT
curl -fsS --max-time 20 -o "$photo" "$api/codes/$key/qr.png?size=240"
answer=$(curl -sS --max-time 20 -w '\n%{http_code}' -H "Authorization: Bearer $tourist" -F "file=@$photo;filename=photo.png;type=image/png" "$api/uploads")
status=${answer##*$'\n'} body=${answer%$'\n'*}
want 201
upload=$(first id)
filing="{\"scene\":\"$key\",\"kind\":\"complaint\",\"visitor\":\"tourist\",\"text\":\"停车收费没有明码标价\",\"photos\":[\"$upload\"],\"contact\":{\"phone\":\"13800000000\"}}"
call POST "$api/submissions" "$tourist" "$filing" "Idempotency-Key: walk-$run"
want 201
id=$(first id) number=$(first number) version=$(first version)
[ "$(first state)" = assigned ] || fail "应直接派给委员，却是 $(first state)"
reason=$(printf '%s' "$body" | sed -n 's/.*"reasons":\["\([^"]*\)".*/\1/p')
assignee=$(printf '%s' "$body" | sed -n 's/.*"assignee":{"id":"\([^"]*\)".*/\1/p')
note "受理编号 $number"
note "派件理由：$reason"
call POST "$api/submissions" "$tourist" "$filing" "Idempotency-Key: walk-$run"
want 200 # the receipt of before
[ "$(first number)" = "$number" ] || fail '同一个幂等键提交了两次'
note '网络不好又点了一次：仍是同一件'

step 通知 '委员的微信收到通知，打开收件箱'
body=$cast
part "\{\"id\":\"$assignee\",\"openid\":\"[^\"]*\",\"name\":\"[^\"]*\""
member=$(first openid) name=$(first name)
[ -n "$member" ] || fail "演员表里没有委员 $assignee"
told "$member" "$number"
login "$member"
deputy=$token
call GET "$api/inbox?limit=100" "$deputy"
want 200
note "${name}委员的收件箱里有它，电话只显示一部分"
call GET "$api/submissions/$id" "$deputy"
want 200
case $body in *13800000000*) fail '委员看到了完整的电话' ;; esac

step 别人 '别的游客看不到它，游客自己也不能替委员受理'
login "walk-stranger-$run"
call GET "$api/submissions/$id" "$token"
want 404
act accept "$tourist" "{\"version\":$version}"
want 403
note '无关的人得到 404，身份不对得到 403'

step 受理 "${name}委员受理"
old=$version
act accept "$deputy" "{\"version\":$version}"
state accepted
act reply "$deputy" "{\"version\":$old,\"text\":\"拿着旧版本答复\"}"
want 409
note "拿旧版本再操作：$(first detail)"

step 追问 "${name}委员请游客补充"
act ask "$deputy" "{\"version\":$version,\"text\":\"请问是哪个入口？\"}"
state waiting
told "$visitor" 哪个入口
act messages "$tourist" '{"text":"东门入口"}'
state accepted

step 答复 "${name}委员答复，游客在微信里看到"
act reply "$deputy" "{\"version\":$version,\"text\":\"已责成停车场今天挂出价目牌\"}"
state answered
told "$visitor" 价目牌
call GET "$api/submissions/$id" "$tourist"
want 200
printf '%s' "$body" | grep -oE '"sentence":"[^"]*"' | sed 's/^"sentence":"\(.*\)"$/      · \1/'

step 办结 "${name}委员办结，请游客评价"
act close "$deputy" "{\"version\":$version,\"outcome\":\"solved\",\"text\":\"价目牌已挂出\"}"
state closed
act rate "$tourist" "{\"version\":$version,\"solved\":\"solved\",\"satisfaction\":\"satisfied\"}"
state closed
note '已评价：解决了，满意'

step 重办 '第二天牌子不见了，游客要求重新办理'
act reopen "$tourist" "{\"version\":$version,\"reason\":\"牌子第二天就不见了\"}"
state assigned
act accept "$deputy" "{\"version\":$version}"
state accepted
act close "$deputy" "{\"version\":$version,\"outcome\":\"agreed\",\"text\":\"改为固定价目牌，月底前装好\"}"
state closed

step 站里 '联络员在电脑上看到全站的情况'
body=$cast
part '\{"id":"l[0-9]*","openid":"[^"]*"'
login "$(first openid)"
call GET "$api/station/submissions?q=$number" "$token"
want 200
case $body in *"$number"*) ;; *) fail '全站清单里没有它' ;; esac
call POST "$api/submissions/$id/phone" "$token" '{"reason":"回访"}'
want 200
note '联络员为回访查看了电话，已留痕'

printf '\n✓ 全部走通：%s\n' "$number"
