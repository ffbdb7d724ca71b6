#!/usr/bin/env bash
# `new URL("http://STRAẞE.example")` and `new URL("http://straße.example")` are two hosts in Node 20, and one in Node 24.
#
# One would guess: host names are compared without regard to case, in every runtime alike, so the capital ẞ (U+1E9E)
# gives the host of ß.
# What happens: Node 20 maps ẞ by the tables of UTS #46 before Unicode 15.1, to `ss`, which is another domain; Node 24 maps
# it to ß. ß itself is kept by both.
# Who meets it: whoever compares mail domains or hosts by `URL(...).hostname` on more than one version of a runtime, or
# stores the result on one and looks it up on another.
# Remedy: replace ẞ by ß before the call.
# Seen with: Node 20.20.2 and 24.21.0. Date: 2026-11-30.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
echo '{"private":true}' > package.json
name="node-$(node -p 'process.platform')-$(node -p 'process.arch')"
npm install --silent --no-audit --no-fund "older@npm:$name@20.20.2" "newer@npm:$name@24.21.0"
hosts='console.log(process.version, ...["STRAẞE", "straße"].map((name) => new URL(`http://${name}.example`).hostname))'
seen=$(node_modules/older/bin/node -e "$hosts"; node_modules/newer/bin/node -e "$hosts")
expected='v20.20.2 strasse.example xn--strae-oqa.example
v24.21.0 xn--strae-oqa.example xn--strae-oqa.example'
echo "hosts of STRAẞE.example and straße.example"
printf 'seen:\n%s\nexpected:\n%s\n' "$seen" "$expected"
[ "$seen" = "$expected" ]
