// Refreshes the list of domains that nobody may claim: `node scripts/public-domains.mjs`.
//
// Owns: the pinned sources, what is taken from them, and the form of `src/app/domains/public.bin`.
// Never does: run by itself, or trust a download whose digest is not the one below.
//
// Public suffixes are those of two or more labels (a single label is no claimable name anyway), from
// Mozilla's Public Suffix List (MPL-2.0) as `tldts` packs it: `*.ck` as it stands, exceptions with `!`. Names with
// suffixes directly below them that are none themselves (`amazonaws.com`) stand with `^`.
// Mail providers (each written `@name`: what lies below one is refused with it) come from three places:
// the names on which the common ones of `email-providers` (ISC) and `free-email-domains` (MIT) agree; what
// either of the two knows of the families below, whatever the country; and `mail-providers.txt`, our own.
// The rest of the long lists is left out: it holds companies that offered mail to their customers once, and
// who is refused wrongly has no way in, while whoever owns a provider that is missing here can at most
// invite its users. To refresh: put in the newer versions with the digests of
// `npm view <name>@<version> dist.integrity`, run, look at the counts it prints, run the tests.
//
// The form: the first 40 bits of each name's SHA-256, sorted, the differences Rice-coded. 28 bits a name
// instead of 80 of compressed text; one claim in a hundred million is refused by coincidence.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { at } from "./steps/places.mjs";

const sources = {
  "tldts@7.5.5": "sha512-Hy6IImaWALzJOgCIss4gIFi4G0M9lqk95pFKCUVxQPZw+biZ1Pv6f28JpYgahpJB+BufA0HYsIU/aP/WIx3KRg==",
  "email-providers@2.26.0": "sha512-ao9KMlxxQgFyXb16PCrSbB61o6GXRc4ik2zQhwuNxTnoH8r5UWXrSVkdNtBCW9G4sSYlbZ1aszvGBD9wlAiVsg==",
  "free-email-domains@1.12.6": "sha512-xMhrsOFOamJTx5URT+Zej83eVyoHLntZCNwXiZXkW6tYSF2Y6eVZLAOZ1u6jqFeLXRu3yJgzr3R29ChLIvt4LA==",
};

/** Names that one provider holds in many countries. */
const families = new Set("aol fastmail gmx googlemail hotmail icloud live msn outlook protonmail yahoo yandex zoho".split(" "));

const hashBits = 40n;

/** Fetches a package and gives the folder it lies in. */
function unpack(folder, name, integrity) {
  const [{ filename }] = JSON.parse(execFileSync("npm", ["pack", "--json", name], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] }));
  const file = join(folder, filename);
  const digest = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
  if (digest !== integrity) throw new Error(`${name} is not what was pinned: ${digest}`);
  const place = file.replace(/\.tgz$/, "");
  execFileSync("mkdir", [place]);
  execFileSync("tar", ["xzf", file, "-C", place]);
  return join(place, "package");
}

/** Every rule of a packed trie below one of its nodes: its labels lie end to end in one text. */
function rules({ nodeFlags, edgeStart, edgeLength, edgeChild, labelText }, root) {
  const starts = [0];
  for (const length of edgeLength) starts.push(starts.at(-1) + length);
  const below = (node, labels) => {
    const own = nodeFlags[node] && labels.length > 1 ? [labels.join(".")] : [];
    const edges = Array.from({ length: edgeStart[node + 1] - edgeStart[node] }, (_, index) => edgeStart[node] + index);
    return own.concat(...edges.map((edge) => below(edgeChild[edge], [labelText.slice(starts[edge], starts[edge + 1]), ...labels])));
  };
  return below(root, []);
}

/** The DNS form of a name in any script. */
const ascii = (name) => {
  const [, mark, rest] = /^([*!]?\.?)(.*)$/.exec(name);
  return mark + new URL(`http://${rest}`).hostname;
};

async function suffixes(folder) {
  const trie = await import(pathToFileURL(join(folder, "dist", "es6", "src", "data", "trie.js")));
  return [...rules(trie, trie.rulesRoot), ...rules(trie, trie.exceptionsRoot).map((name) => `!${name}`)].map(ascii);
}

/** The names that are no suffixes and have some directly below them. */
const above = (names) => new Set(names.map((name) => name.slice(name.indexOf(".") + 1)).filter((name) => name.includes(".") && !names.includes(name)));

const json = (...place) => JSON.parse(readFileSync(join(...place), "utf8")).map((name) => ascii(name.trim().toLowerCase()));

/** A family's name under a registry, and not below somebody's. */
const isOfFamily = (name, registries) => {
  const [label, ...rest] = name.split(".");
  return families.has(label) && (rest.length === 1 || registries.has(rest.join(".")));
};

/** Our own list: the names to add, and those to leave out. */
function own() {
  const lines = readFileSync(at("scripts", "mail-providers.txt"), "utf8").split("\n").filter((line) => !line.startsWith("#"));
  const words = (lines) => lines.flatMap((line) => line.split(/\s+/)).filter((word) => word && word !== "-");
  return [words(lines.filter((line) => !line.startsWith("-"))), words(lines.filter((line) => line.startsWith("-")))];
}

function providers(mail, free, registries) {
  const [common, all, known] = [json(mail, "common.json"), json(mail, "all.json"), json(free, "domains.json")];
  const [added, left] = own();
  const agreed = common.filter((name) => known.includes(name) && !left.includes(name));
  const found = new Set([...agreed, ...[...all, ...known].filter((name) => isOfFamily(name, registries)), ...added]);
  return [...found].filter((name) => !registries.has(name));
}

const hash = (name) => BigInt(`0x${createHash("sha256").update(name).digest("hex").slice(0, Number(hashBits / 4n))}`);

/** Count and Rice parameter, then each difference: its high bits in unary, its low bits as they are. */
function encode(hashes) {
  const sorted = [...hashes].sort((a, b) => (a < b ? -1 : 1));
  const low = BigInt(Math.round(Math.log2(Number(1n << hashBits) / sorted.length)) - 1);
  let last = 0n;
  const bits = sorted.map((value) => {
    const [high, rest] = [(value - last) >> low, (value - last) & ((1n << low) - 1n)];
    last = value;
    return `${"1".repeat(Number(high))}0${rest.toString(2).padStart(Number(low), "0")}`;
  });
  const text = bits.join("");
  const bytes = Uint8Array.from(text.padEnd(Math.ceil(text.length / 8) * 8, "1").match(/.{8}/g), (byte) => Number.parseInt(byte, 2));
  return Buffer.concat([Buffer.of(sorted.length >> 8, sorted.length & 255, Number(low)), bytes]);
}

const folder = mkdtempSync(join(tmpdir(), "guildhall-lists-"));
try {
  const [tldts, mail, free] = Object.entries(sources).map(([name, integrity]) => unpack(folder, name, integrity));
  const registries = await suffixes(tldts);
  const mailers = providers(mail, free, new Set(registries));
  const parents = [...above(registries.filter((name) => !name.startsWith("!")))].map((name) => `^${name}`);
  const bytes = encode(new Set([...registries, ...parents, ...mailers.map((name) => `@${name}`)].map(hash)));
  writeFileSync(at("src", "app", "domains", "public.bin"), bytes);
  console.log(`${registries.length} public suffixes, ${mailers.length} mail providers, ${bytes.length} bytes`);
} finally {
  rmSync(folder, { recursive: true });
}
