// The client in a page: where a browser lets itself be sent, and where not.
//
// Owns: two sites, of which one sends on to the other. Never does: test an operation.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname } from "node:path";
import { after, before, test } from "node:test";
import { at } from "../../scripts/steps/places.mjs";
import { openPage } from "../harness/browser.mjs";

const types = { ".js": "text/javascript", "": "text/html" };
const ends = [];
let browser;
let heard;
let home;
let other;

/** A site that answers any page of any other. */
async function site(answer) {
  const open = { "access-control-allow-origin": "*", "access-control-allow-headers": "authorization, x-key, content-type, idempotency-key", "access-control-allow-methods": "*" };
  const server = createServer((request, response) => {
    const { status = 200, body = "", ...headers } = request.method === "OPTIONS" ? {} : answer(request);
    response.writeHead(status, { ...open, ...headers }).end(body);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  ends.push(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

const file = (path) => ({ "content-type": types[extname(path)], body: path === "/" ? "<!doctype html><title>page</title>" : readFileSync(at("pkg", ...path.split("/").slice(2))) });

before(async () => {
  heard = [];
  other = await site(({ method, url, headers }) => { heard.push([method, url, headers.authorization]); return { body: '{"slug":"other"}' }; });
  home = await site(({ url }) => {
    if (url === "/favicon.ico") return { status: 204 };
    if (!url.startsWith("/v1/")) return file(url);
    if (url.endsWith("/former")) return { status: 308, location: "/v1/organizations/present" };
    return url.endsWith("/present") ? { body: '{"slug":"present"}' } : { status: 307, location: other + url };
  });
  browser = await openPage();
  ends.unshift(browser.close);
  await browser.page.goto(home);
});

after(async () => { for (const end of ends) await end(); });

/** What a call comes to in the page, of an installation there. */
const call = (baseUrl, name) => browser.page.evaluate(async ([baseUrl, name]) => {
  const { createClient } = await import("/pkg/client/client.js");
  const client = createClient({ baseUrl, token: "secret", headers: { "x-key": "secret" }, retries: 0 });
  const asked = name === "accept" ? client.invitations.accept({ token: "ghi_secret" }) : client.organization(name).get();
  return asked.then(({ slug }) => slug, ({ code }) => code);
}, [baseUrl, name]);

test("a former slug leads to the present one, in the page's own site", async () => {
  assert.equal(await call(undefined, "former"), "present");
  assert.equal(await call(home, "former"), "present");
});

test("nothing goes to another site, be the installation the page's own or not", async () => {
  for (const [from, name] of [[undefined, "elsewhere"], [undefined, "accept"], [home.replace("127.0.0.1", "localhost"), "elsewhere"], [home.replace("127.0.0.1", "localhost"), "accept"]]) {
    assert.equal(await call(from, name), "unavailable", `${from} ${name}`);
  }
  assert.deepEqual(heard, []);
});
