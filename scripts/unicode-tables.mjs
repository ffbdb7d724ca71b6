// Refreshes what the core knows of Unicode: `node scripts/unicode-tables.mjs`, with the Node of package-lock.json.
//
// Owns: the pinned sources, what is taken from them, and the form of `src/domain/spelling/tables.rs` and
// `src/domain/search/letters.rs`. Never does: run by itself, or trust a download whose digest is not the one below.
//
// Joining types and viramas are those of `tr46` (MIT), which packs them for the same rules (RFC 5892 A.1 and A.2).
// Pictographs, decompositions and small letters are those of Node itself. Both must be of the version named below.
// To refresh: name the newer version, put in the newer `tr46` with the digest of
// `npm view tr46@<version> dist.integrity`, run, look at the counts it prints, run the tests.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at } from "./steps/places.mjs";

const version = "17.0";
const source = "tr46@6.0.0";
const integrity = "sha512-bLVMLPtstlZ4iMQHpFHTR7GAGj2jxi8Dg0s2h2MafAE4uSWF98FC/3MomU51iQAMf8/qDUbKWf5GxuvvVcXEhw==";

/** Where marks between joining letters are looked for: Arabic to Syriac, and Adlam. */
const cursive = /[\u0600-\u08ff\u{1e900}-\u{1e95f}]/u;

/** Small letters without a decomposition, and what a reader who has no key for them types. */
const typed = {
  ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", ħ: "h", ı: "i", ŀ: "l", ŋ: "n", ŧ: "t", ĸ: "k", ĳ: "ij",
  ə: "e", ɛ: "e", ɔ: "o", ɓ: "b", ɗ: "d", ƙ: "k", ƴ: "y", ſ: "s", ς: "σ", ґ: "г", ة: "ه", ى: "ي", ی: "ي", ک: "ك",
};

function unpack(folder) {
  const [{ filename }] = JSON.parse(execFileSync("npm", ["pack", "--json", source], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] }));
  const digest = `sha512-${createHash("sha512").update(readFileSync(join(folder, filename))).digest("base64")}`;
  if (digest !== integrity) throw new Error(`${source} is not what was pinned: ${digest}`);
  execFileSync("tar", ["xzf", filename], { cwd: folder });
  const require = createRequire(join(folder, "package", "package.json"));
  if (!require("./package.json").unicodeVersion.startsWith(version)) throw new Error(`${source} is of another version of Unicode`);
  return require("./lib/regexes.js");
}

const every = Array.from({ length: 0x110000 }, (_, code) => code).filter((code) => code < 0xd800 || code > 0xdfff).map((code) => String.fromCodePoint(code));

/** First and last of each run. */
function runs(test) {
  const found = [];
  for (const char of every.filter((char) => test(char))) {
    const code = char.codePointAt(0);
    if (found.at(-1)?.[1] === code - 1) found.at(-1)[1] = code;
    else found.push([code, code]);
  }
  return found;
}

/** A number in LEB128. */
const bytes = (number) => (number < 0x80 ? [number] : [(number & 0x7f) | 0x80, ...bytes(number >> 7)]);

/** Lengths by turns: of what is between two runs, and of a run. A line for each run, with its first and last character. */
function table(name, about, found) {
  const hexadecimal = (number) => number.toString(16);
  const row = ([first, last], place) => {
    const between = first - (place === 0 ? 0 : found[place - 1][1] + 1);
    const list = [between, last - first + 1].flatMap(bytes).map((byte) => `0x${hexadecimal(byte).padStart(2, "0")}`).join(", ");
    return `    ${list}, // U+${hexadecimal(first)} to U+${hexadecimal(last)}`;
  };
  return `/// ${about}\n#[rustfmt::skip]\npub(super) const ${name}: &[u8] = &[\n${found.map(row).join("\n")}\n];\n`;
}

function spelling({ combiningClassVirama, validZWNJ }) {
  const [before, transparent, , after] = validZWNJ.source.match(/\[[^\]]*\]/g).map((each) => new RegExp(each, "u"));
  const tables = [
    ["JOINING", "Letters that take another form beside their neighbour (Joining_Type L, D and R).", (char) => before.test(char) || after.test(char)],
    ["TRANSPARENT", "Marks that stand between such letters (Joining_Type T), in their scripts.", (char) => cursive.test(char) && transparent.test(char)],
    ["VIRAMAS", "Signs that bind a consonant to the next (Canonical_Combining_Class 9).", (char) => combiningClassVirama.test(char)],
    ["PICTOGRAPHS", "What an emoji sequence is made of (Extended_Pictographic, Emoji_Modifier).", (char) => /\p{Extended_Pictographic}|\p{Emoji_Modifier}/u.test(char)],
  ].map(([name, about, test]) => [name, about, runs(test)]);
  console.log(tables.map(([name, , found]) => `${name}: ${found.length} runs`).join(", "));
  return tables.map((each) => table(...each)).join("\n");
}

/** What a small letter is without its marks, if it is another then. */
function plain(char) {
  const code = char.codePointAt(0);
  if (char !== char.toLowerCase() || !/\p{L}/u.test(char) || (code >= 0xac00 && code <= 0xd7a3) || code >= 0xf900) return undefined;
  const letters = [...char.normalize("NFD")].filter((each) => !/\p{Mn}/u.test(each)).map((each) => typed[each] ?? each).join("");
  return letters === char ? undefined : letters;
}

function letters() {
  const groups = new Map();
  for (const char of every) {
    const base = plain(char);
    if (base) groups.set(base, (groups.get(base) ?? "") + char);
  }
  console.log(`${[...groups.values()].join("").length} letters of ${groups.size}`);
  const rows = [...groups].map(([base, variants]) => `    (${JSON.stringify(base)}, ${JSON.stringify(variants)}),`).join("\n");
  return `/// Small letters and what they are without their marks.\npub(super) const LETTERS: &[(&str, &str)] = &[\n${rows}\n];\n`;
}

const head = (about) => `//! ${about}, of Unicode ${version}. Written by \`scripts/unicode-tables.mjs\`.\n\n`;

if (process.versions.unicode !== version) throw new Error(`this Node knows Unicode ${process.versions.unicode}, not ${version}`);
const folder = mkdtempSync(join(tmpdir(), "guildhall-unicode-"));
try {
  writeFileSync(at("src", "domain", "spelling", "tables.rs"), head("Letters that invisible characters belong to") + spelling(unpack(folder)));
  writeFileSync(at("src", "domain", "search", "letters.rs"), head("Letters with marks") + letters());
} finally {
  rmSync(folder, { recursive: true });
}
