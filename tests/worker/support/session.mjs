// Sessions made older: the Worker's clock cannot be moved, but a test knows its secret.
//
// Owns: reading a development session's token and sealing it anew, as src/app/keys.rs does.
// Never does: change anything of a session but its end.

import { createHmac } from "node:crypto";

const token = /ghs_([\w-]+)\.[\w-]+/g;
const hmac = (key, ...parts) => parts.reduce((mac, part) => mac.update(part), createHmac("sha256", key)).digest();

/** Each part after its length, in eight bytes. */
function framed(part) {
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(part.length));
  return [length, part];
}

function seal(secret, payload) {
  const mac = hmac(hmac(secret, "guildhall dev session v1"), ...framed(Buffer.from("")), ...framed(payload));
  return `ghs_${payload.toString("base64url")}.${mac.toString("base64url")}`;
}

/** The same text with each session in it ending `seconds` earlier. */
export function aged(text, seconds, secret) {
  return text.replace(token, (_, payload) => {
    const session = JSON.parse(Buffer.from(payload, "base64url"));
    return seal(secret, Buffer.from(JSON.stringify({ ...session, expires_at: session.expires_at - seconds * 1000 })));
  });
}
