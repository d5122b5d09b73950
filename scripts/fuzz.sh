#!/usr/bin/env bash
# Runs every fuzz target of the module for FUZZTIME (30 s) each.
set -euo pipefail
time="${FUZZTIME:-30s}"
for package in $(go list ./...); do
	for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		echo "== $package $target ($time)"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 10x "$package"
	done
done
