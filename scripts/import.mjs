// `npm run import -- FILE`: sends a Django `dumpdata` file to a running Guildhall; `npm run demo` sends the example.
//
// Owns: reading the command line and the file, finding this folder's server, signing in, and showing the answer.
// Never does: understand the file (what it means is decided by the server alone), or write to a server that is not
// this folder's and was not named by `--origin`.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { command, Failure } from "./steps/report.mjs";
import { served } from "./steps/serving.mjs";
import { rows } from "./steps/table.mjs";

const usage = "npm run import -- FILE [--user-id username|pk|email] [--site NAME] [--origin https://guildhall.example]";
const kinds = ["username", "pk", "email"];
const importer = { userId: "guildhall-import", email: "import@example.com", platformAdmin: true };
const json = { "Content-Type": "application/json" };

function commandLine() {
  const options = { "user-id": { type: "string", default: "username" }, site: { type: "string" }, origin: { type: "string" } };
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (positionals.length !== 1) throw new Error("one file is wanted");
    if (!kinds.includes(values["user-id"])) throw new Error(`--user-id is one of ${kinds.join(", ")}`);
    return { file: positionals[0], userId: values["user-id"], site: values.site, origin: values.origin && new URL(values.origin).origin };
  } catch (error) {
    throw new Failure(error.message, usage);
  }
}

/** The server of `npm start` in this folder. `PORT` must agree: another folder's server has other data. */
function ownOrigin() {
  const [own, port] = [served(), process.env.PORT];
  const wanted = port && `http://127.0.0.1:${port}`;
  if (own && (!wanted || wanted === own)) return own;
  const isElsewhere = own ? `this folder's server is ${own}` : "no `npm start` of this folder is running";
  const cure = own ? "run this without PORT" : `${port ? `PORT=${port} ` : ""}npm start   (in another terminal), then run this again`;
  throw new Failure(wanted ? `${wanted} is not this folder's server: ${isElsewhere}` : isElsewhere, `${cure}; another server is named outright: --origin ${wanted ?? "http://127.0.0.1:8787"}`);
}

/** The bytes as they are: the server knows which encodings it reads, and where a byte belongs to none. */
function read(file) {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Failure(`\`${file}\` cannot be read (${error.code ?? error.message})`, usage);
  }
}

async function post(origin, path, headers, body) {
  try {
    const response = await fetch(origin + path, { method: "POST", headers: { ...json, ...headers }, body });
    return { status: response.status, text: await response.text() };
  } catch {
    throw new Failure(`nothing answers on ${origin}`, "npm start   (in another terminal), then run this again");
  }
}

function parse({ status, text }) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(`the server answered ${status} without JSON`, "look at the server's log", text.slice(0, 500));
  }
}

/** The problem is told once: a detail that names the place, or is the title, is not told beside them. */
function accepted(answer, cureOf) {
  const value = parse(answer);
  if (answer.status < 300) return value;
  const { title = "refused", detail = `status ${answer.status}`, param } = value;
  const where = param && !detail.includes(param) ? ` (${param})` : "";
  throw new Failure(`${title}${where}${detail === title ? "" : `: ${detail}`}`, cureOf(value), value.requestId ? `request ${value.requestId}, code ${value.code}` : "");
}

/** The detail names what mends a dump; here stands what to do then. */
function cureOfImport({ code, detail = "" }) {
  if (code === "unauthenticated" || code === "permission_denied") return "set GUILDHALL_TOKEN to the token of a platform administrator";
  if (code === "malformed_json" || detail.includes("dumpdata")) return "do with the dump what is said above, then run this again";
  if (code !== "import_invalid") return "run this again";
  return detail.includes("choose another `userId`") ? "mend each row that is named above, or choose another --user-id, then run this again" : "mend each row that is named above, then run this again";
}

/** A deployment's own token, else a session of the development mode. */
async function token(origin) {
  if (process.env.GUILDHALL_TOKEN) return process.env.GUILDHALL_TOKEN;
  const answer = await post(origin, "/dev/session", {}, JSON.stringify(importer));
  if (answer.status === 404) throw new Failure(`${origin} has no development sessions`, "set GUILDHALL_TOKEN to the token of a platform administrator");
  return accepted(answer, () => "look at AUTH of the server").token;
}

await command(async () => {
  const { file, userId, site, origin: named } = commandLine();
  const body = read(file);
  const origin = named ?? ownOrigin();
  const authorization = { Authorization: `Bearer ${await token(origin)}` };
  const query = new URLSearchParams(site === undefined ? { userId } : { userId, site });
  const answer = await post(origin, `/v1/imports/django?${query}`, authorization, body);
  const summary = accepted(answer, cureOfImport);
  console.log(`\n  imported ${file} into ${origin}\n`);
  for (const row of rows(summary)) console.log(`    ${row}`);
  console.log(`\n  Look at it: ${origin}/\n`);
});
