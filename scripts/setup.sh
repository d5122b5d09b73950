#!/usr/bin/env bash
# Installs what is missing through the system's own package manager, and says so.
#
#   scripts/setup.sh run     what the server needs:  redis-server; node and npm to build the clients
#   scripts/setup.sh test    what the tests need too: a C compiler for the race detector, zbarimg, pdftoppm,
#                            chromium, Chinese fonts
set -euo pipefail

# needed lists one need a line: its check, Debian's packages, Homebrew's formula.
# Words inside a field are separated by blanks.
needed() {
	echo 'redis-server=redis-server=redis'
	echo 'node=nodejs=node'
	echo 'npm=npm=node'
	[ "$1" = test ] || return 0
	echo 'c-compiler=gcc libc6-dev='
	echo 'zbarimg=zbar-tools=zbar'
	echo 'pdftoppm=poppler-utils=poppler'
	echo 'chromium=chromium=chromium'
	echo 'chinese-font=fontconfig fonts-noto-cjk='
}

# present CHECK reports whether a need is met. The same question is asked before
# and after installing. Most needs are commands of that name.
present() {
	case "$1" in
	c-compiler) compiles ;;
	chinese-font)
		# Without one Chromium draws boxes; macOS brings its own.
		[ "$system" = Darwin ] || [ -n "$(fc-list :lang=zh family 2>/dev/null || true)" ]
		;;
	*) command -v "$1" >/dev/null 2>&1 ;;
	esac
}

# compiles reports whether the compiler that Go would call finds its headers and
# libraries: the package of the compiler alone does not bring them.
compiles() {
	local out code=0
	out=$(mktemp)
	printf '#include <stdlib.h>\n#include <pthread.h>\nint main(void) { return 0; }\n' |
		"${CC:-gcc}" -x c -o "$out" - >/dev/null 2>&1 || code=$?
	rm -f "$out"
	return $code
}

give_up() {
	echo "!! Not found: ${missing[*]}. $1" >&2
	exit 1
}

check_node() {
	# The tests are known to run on 20; what a system brings may be older.
	local major
	major=$(node -p 'process.versions.node.split(".")[0]')
	if [ "$major" -lt 20 ]; then
		echo "== Node $major is older than 20, on which the clients are known to build; going on." >&2
	fi
}

install_debian() {
	local as_root=()
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null 2>&1 || give_up "Install as root: apt-get install ${debian[*]}"
		as_root=(sudo)
	fi
	echo "== Missing: ${missing[*]}. Installing with apt-get: ${debian[*]}"
	case " ${debian[*]} " in
	*" redis-server "*)
		echo "== The package may also start a Redis of the system on port 6379. The server does not"
		echo "== use it: it runs its own on a socket. To switch it off: systemctl disable --now redis-server"
		;;
	esac
	apt() {
		# "${x[@]+…}": an empty array is an error in the bash of macOS and old Debians
		${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive \
			apt-get -o DPkg::Lock::Timeout=120 "$@"
	}
	# A machine whose package lists are absent or old fails the first time.
	apt install -y -q --no-install-recommends "${debian[@]}" ||
		{ apt update -q && apt install -y -q --no-install-recommends "${debian[@]}"; } ||
		give_up "apt-get failed; see above"
}

install_homebrew() {
	[ ${#brew[@]} -gt 0 ] || return 0
	echo "== Missing: ${missing[*]}. Installing with Homebrew: ${brew[*]}"
	brew install "${brew[@]}" || give_up "Homebrew failed; see above"
}

what="${1:-test}"
case "$what" in
run | test) ;;
*)
	echo "usage: $0 [run|test]" >&2
	exit 2
	;;
esac
system=$(uname -s)

debian=() brew=() missing=()
while IFS='=' read -r check packages formula; do
	present "$check" && continue
	missing+=("$check")
	for p in $packages; do debian+=("$p"); done
	for f in $formula; do brew+=("$f"); done
done < <(needed "$what")

if [ ${#missing[@]} -gt 0 ]; then
	if command -v apt-get >/dev/null 2>&1; then
		install_debian
	elif command -v brew >/dev/null 2>&1; then
		install_homebrew
	else
		give_up "No apt-get or Homebrew here; install them by hand (Debian names: ${debian[*]})"
	fi
	for check in "${missing[@]}"; do
		[ "$check" != c-compiler ] || [ "$system" != Darwin ] || present "$check" ||
			give_up "Install Apple's command line tools: xcode-select --install"
		present "$check" || give_up "It was installed, yet $check is still not there"
	done
	echo "== Installed: ${missing[*]}"
fi
check_node
