// The page's files behind a plain server, as any static host would serve them; an API only if one is brought along.
//
// Owns: where each file lies (`www/`, and the package at `/pkg/`) and the headers of `www/_headers`.
// Never does: answer anything but a file itself.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, normalize } from "node:path";
import { buffer } from "node:stream/consumers";
import { at } from "../../../scripts/steps/places.mjs";

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm" };

/** The file of a path: `/` is `index.html`, `/demo` is `demo.html`. */
function fileOf(pathname) {
  const path = normalize(pathname);
  if (path.startsWith("/pkg/")) return at(path.slice(1));
  if (path === "/") return at("www", "index.html");
  return at("www", extname(path) ? path.slice(1) : `${path.slice(1)}.html`);
}

/** The headers that every file gets. */
async function headersOf() {
  const lines = (await readFile(at("www", "_headers"), "utf8")).split("\n").filter((line) => /^\s+[^\s!]/.test(line));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(":")).trim(), line.slice(line.indexOf(":") + 1).trim()]));
}

const isApi = (path) => /^\/((v1|dev|\.well-known)\/|openapi\.json)/.test(path);

/** A request of Node's, answered by a `fetch` that takes itself for `http://localhost`. */
async function pass(fetch, { method, url, headers }, body, response) {
  const own = { ...headers, host: "localhost", ...(headers.origin && { origin: "http://localhost" }) };
  const answer = await fetch(url, { method, headers: own, body: body.length ? body : undefined });
  response.writeHead(answer.status, [...answer.headers].flat()).end(Buffer.from(await answer.arrayBuffer()));
}

/** Starts the server, with the API behind `fetch` if there is one; `stop()` ends it. */
export async function serveFiles(fetch) {
  const headers = await headersOf();
  const server = createServer(async (request, response) => {
    const { url } = request;
    if (fetch && isApi(url)) return pass(fetch, request, await buffer(request), response);
    const file = fileOf(new URL(url, "http://localhost").pathname);
    const body = await readFile(file).catch(() => undefined);
    response.writeHead(body ? 200 : 404, { ...headers, "content-type": types[extname(file)] ?? "text/plain" }).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => new Promise((done) => { server.close(done); server.closeAllConnections(); });
  return { origin: `http://127.0.0.1:${server.address().port}`, stop };
}
