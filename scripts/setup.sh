#!/usr/bin/env bash
# Installs what is missing through the system's own package manager, and says so.
#
#   scripts/setup.sh run     what the server needs:  redis-server; node and npm to build the client
#   scripts/setup.sh test    what the tests need too: zbarimg, pdftoppm, chromium, Chinese fonts
set -euo pipefail

# command=package on Debian=package of Homebrew
wanted=(redis-server=redis-server=redis node=nodejs=node npm=npm=node)
case "${1:-test}" in
run) ;;
test) wanted+=(zbarimg=zbar-tools=zbar pdftoppm=poppler-utils=poppler chromium=chromium=chromium) ;;
*)
	echo "usage: $0 [run|test]" >&2
	exit 2
	;;
esac

debian=() brew=() missing=()
for w in "${wanted[@]}"; do
	IFS='=' read -r command deb formula <<<"$w"
	if ! command -v "$command" >/dev/null 2>&1; then
		missing+=("$command") debian+=("$deb") brew+=("$formula")
	fi
done
# Without a Chinese font Chromium draws boxes; macOS has one.
if [ "${1:-test}" = test ] && command -v apt-get >/dev/null 2>&1 && [ -z "$(fc-list :lang=zh 2>/dev/null || true)" ]; then
	missing+=(fonts-noto-cjk) debian+=(fonts-noto-cjk)
fi
[ ${#missing[@]} -eq 0 ] && exit 0

give_up() {
	echo "!! Not found: ${missing[*]}. $1" >&2
	exit 1
}

if command -v apt-get >/dev/null 2>&1; then
	as_root=()
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
	apt install -y -q --no-install-recommends "${debian[@]}" ||
		{ apt update -q && apt install -y -q --no-install-recommends "${debian[@]}"; } ||
		give_up "apt-get failed; see above"
elif command -v brew >/dev/null 2>&1; then
	echo "== Missing: ${missing[*]}. Installing with Homebrew: ${brew[*]}"
	brew install "${brew[@]}" || give_up "Homebrew failed; see above"
else
	give_up "No apt-get or Homebrew here; install them by hand (Debian names: ${debian[*]})"
fi

for command in "${missing[@]}"; do
	command -v "$command" >/dev/null 2>&1 || give_up "It was installed, yet $command is not in PATH"
done
echo "== Installed: ${missing[*]}"

# The tests are known to run on 20; what a system brings may be older.
major=$(node -p 'process.versions.node.split(".")[0]')
if [ "$major" -lt 20 ]; then
	echo "== Node $major is older than 20, on which the client is known to build; going on." >&2
fi
