#!/bin/sh
# Packs what a run of apt changed as one gzip layer, the way a snapshot of the file system would.
#   repack.sh ROOT-TAR-BEFORE DIRECTORY-AFTER OUTPUT
set -eu
export LC_ALL=C
before=$1 after=$2 output=$3

rm -rf "$after/var/cache/apt" "$after"/var/log/*
# Changed: whatever tar finds different from the archive, times included. Added: names that the archive lacks.
tar --directory "$after" --compare --file "$before" 2>/dev/null | sed -n 's/^\(\.[^:]*\): .*/\1/p' | sort -u >"$output.changed"
tar --list --file "$before" | sed 's#/$##' | sort -u >"$output.before"
(cd "$after" && find . -mindepth 1 | sort -u) | comm -13 "$output.before" - >"$output.added"
sort -u "$output.changed" "$output.added" >"$output.list"
tar --directory "$after" --create --no-recursion --numeric-owner --files-from "$output.list" | gzip -6 >"$output"
rm -f "$output".changed "$output".before "$output".added "$output".list
