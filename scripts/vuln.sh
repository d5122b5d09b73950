#!/usr/bin/env bash
# Runs govulncheck. A flaw in code we call fails; a database that cannot be had
# is said loudly and passes, so that an offline machine can still run the tests.
#
#   GOVULNCHECK  the tool; default: the one in PATH
#   VULNDB       a folder with an unpacked copy of the database, for offline use
set -euo pipefail

tool="${GOVULNCHECK:-govulncheck}"
args=()
[ -n "${VULNDB:-}" ] && args=(-db "file://$VULNDB")

skipped() {
	echo
	echo "!! ================================================================"
	echo "!! SKIPPED: govulncheck did not run. $1"
	echo "!! Known flaws in our dependencies were NOT looked for."
	echo "!! With a copy of the database:  make vuln VULNDB=/path/to/folder"
	echo "!! ================================================================"
	echo
	exit 0
}

bounded=()
command -v timeout >/dev/null 2>&1 && bounded=(timeout 300)

out=$(mktemp)
trap 'rm -f "$out"' EXIT
code=0
${bounded[@]+"${bounded[@]}"} "$tool" ${args[@]+"${args[@]}"} ./... >"$out" 2>&1 || code=$?
cat "$out"
case $code in
0) exit 0 ;;
3) exit 1 ;; # flaws found
124) skipped "It took longer than 300 s." ;;
esac
# Without VULNDB the only other thing that may go wrong quietly is the network.
if [ -z "${VULNDB:-}" ] &&
	grep -qiE 'fetching vulnerabilit|vulnerability database|dial tcp|no such host|connection refused|proxyconnect|TLS handshake|i/o timeout|HTTP GET|unexpected status' "$out"; then
	skipped "Its database could not be reached."
fi
exit "$code"
