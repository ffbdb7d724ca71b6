// Sessions and passes made older: the Worker's clock cannot be moved, but a test knows its secret.
//
// Owns: reading a token and sealing or signing it anew, as src/app/keys.rs and src/app/pass_keys.rs do.
// Never does: change anything of it but its times.

import { createHmac, createPrivateKey, sign } from "node:crypto";

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

const pass = /(eyJ[\w-]+)\.([\w-]+)\.[\w-]+/g;
const keyHead = Buffer.from("302e020100300506032b657004220420", "hex");

/** The key that signs passes where none is given: it follows from the secret. */
function passKey(secret) {
  const seed = hmac(hmac(secret, "guildhall pass key v1"));
  return createPrivateKey({ key: Buffer.concat([keyHead, seed]), format: "der", type: "pkcs8" });
}

function agedPass(header, payload, seconds, secret) {
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  const older = JSON.stringify({ ...claims, iat: claims.iat - seconds, exp: claims.exp - seconds });
  const input = `${header}.${Buffer.from(older).toString("base64url")}`;
  return `${input}.${sign(null, Buffer.from(input), passKey(secret)).toString("base64url")}`;
}

/** The same text with each session and each pass in it ending `seconds` earlier. */
export function aged(text, seconds, secret) {
  const passes = text.replace(pass, (_, header, payload) => agedPass(header, payload, seconds, secret));
  return passes.replace(token, (_, payload) => {
    const session = JSON.parse(Buffer.from(payload, "base64url"));
    return seal(secret, Buffer.from(JSON.stringify({ ...session, expires_at: session.expires_at - seconds * 1000 })));
  });
}
