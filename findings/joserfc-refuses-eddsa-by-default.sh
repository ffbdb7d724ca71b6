#!/usr/bin/env bash
# joserfc refuses a JWT whose `alg` is `EdDSA`, although the key is an Ed25519 key of the set, unless `EdDSA` is named.
#
# One would guess: `jwt.decode(token, keys)` takes a token that is signed with Ed25519 under the name `EdDSA` (RFC 8037), by
# which nearly every issuer and verifier knows it.
# What happens: `UnsupportedAlgorithmError: Algorithm of 'EdDSA' is not recommended`. RFC 9864 (October 2025) deprecates the
# name in favour of `Ed25519`, and the default of joserfc follows it. With `algorithms=["EdDSA"]` the same token is taken;
# with `algorithms=["Ed25519"]` it is not: the two names are two algorithms.
# Who meets it: whoever checks tokens of an issuer that signs with Ed25519 and was set up before the new name.
# Remedy: `jwt.decode(token, keys, algorithms=["EdDSA"])`.
# Seen with: joserfc 1.8.0, cryptography 50.0.2. Date: 2026-11-30.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check joserfc==1.8.0 cryptography==50.0.2
cat > try.py <<'PY'
import json
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey
key = OKPKey.generate_key("Ed25519", {"kid": "1"})
token = jwt.encode({"alg": "EdDSA", "kid": "1"}, {"sub": "ada"}, key, algorithms=["EdDSA"])
keys = KeySet([key])
def seen(**more):
    try:
        return jwt.decode(token, keys, **more).claims["sub"]
    except Exception as error:
        return type(error).__name__
print(json.dumps({"default": seen(), "EdDSA": seen(algorithms=["EdDSA"]), "Ed25519": seen(algorithms=["Ed25519"])}))
PY
seen=$(venv/bin/python -W ignore try.py | tail -1)
expected='{"default": "UnsupportedAlgorithmError", "EdDSA": "ada", "Ed25519": "UnsupportedAlgorithmError"}'
echo "joserfc 1.8.0: a token with \`alg\` EdDSA, by what is named in \`algorithms\`"
echo "seen:     $seen"
echo "expected: $expected"
[ "$seen" = "$expected" ]
