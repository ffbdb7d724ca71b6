// Mails on their way out, through a service binding to another Worker.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { signIn, times } from "./support/caller.mjs";
import { startOddWorker } from "./support/odd-worker.mjs";
import { accept, body, found } from "./support/scenes.mjs";

/** A messenger that passes on what it gets to this test, and answers with its status. */
const forwarder = (port) => `export default {
  async fetch(request) {
    const { method, url, headers } = request;
    const seen = { method, url, headers: Object.fromEntries(headers), body: await request.text() };
    const { status } = await fetch("http://127.0.0.1:${port}", { method: "POST", body: JSON.stringify(seen) });
    return new Response(null, { status, headers: status === 302 ? { location: "https://elsewhere.example/" } : {} });
  },
}`;

const received = [];
let status;
let arrived;
let worker;

async function receive(request, response) {
  const seen = JSON.parse(Buffer.concat(await request.toArray()));
  received.push({ ...seen, body: JSON.parse(seen.body) });
  response.writeHead(status).end();
  arrived();
}

/** The next call that the messenger gets after `action`. */
async function nextCall(action) {
  const call = new Promise((resolve) => { arrived = resolve; });
  const result = await action();
  await call;
  return { result, seen: received.at(-1) };
}

const server = createServer(receive);

before(async () => {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const vars = { LINK_URL: "https://app.example.com/welcome?from=mail&about={kind}#{kind}={token}" };
  const config = { services: [{ binding: "MESSENGER", service: "messenger" }] };
  worker = await startOddWorker({ config, vars, neighbours: { messenger: forwarder(server.address().port) } });
});
after(async () => {
  await worker?.stop();
  server.close();
});
beforeEach(() => { status = 202; });

const inviteByMail = async (person, organization, email) =>
  body(await person.post(`/v1/organizations/${organization.id}/invitations`, { email }), 201);

const outbox = async () => body(await (await signIn(worker, "kurt")).get("/dev/outbox")).data;
const mails = async (organization) => (await outbox()).filter((mail) => mail.organizationId === organization.id);
const mailed = async (id) => (await outbox()).find((mail) => mail.id === id);

/** Waits until the outbox shows a mail as this check wants it. */
async function settled(id, check) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const mail = await mailed(id);
    if (check(mail)) return mail;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`the mail ${id} never settled`);
}

test("an invitation goes out after the answer, once, and its token opens the door", async () => {
  const [kurt, dave] = [await signIn(worker, "kurt"), await signIn(worker, "dave")];
  const organization = await found(kurt, "Nirvana");
  const { result, seen } = await nextCall(() => inviteByMail(kurt, organization, dave.email));

  assert.equal(result.token, undefined);
  assert.equal(seen.method, "POST");
  assert.equal(new URL(seen.url).pathname, "/messages");
  assert.equal(seen.headers["content-type"], "application/json");
  assert.equal(seen.headers["idempotency-key"], seen.body.id);
  assert.equal(seen.body.to, dave.email);
  assert.equal(seen.body.link.split("#invitation=")[1], seen.body.token);
  await settled(seen.body.id, (mail) => mail.deliveredAt !== null);
  await nextCall(async () => body(await accept(dave, seen.body.token)));
  assert.equal(received.filter((call) => call.body.id === seen.body.id).length, 1);
});

test("a mail comes with both parts in the inviter's language, and its link leads to LINK_URL", async () => {
  const kurt = await signIn(worker, "kurt");
  const organization = await found(kurt, "Tom & <Jerry> at evil.example");
  const path = `/v1/organizations/${organization.id}/invitations`;
  const { seen } = await nextCall(async () => body(await kurt.post(path, { email: "nele@example.com", locale: "nl", message: "<b>hoi</b>" }), 201));
  const { subject, text, html, link, token, expiresAt, language } = seen.body;

  assert.equal(language, "nl");
  assert.equal(link, `https://app.example.com/welcome?from=mail&about=invitation#invitation=${token}`);
  assert.equal(subject, "U bent uitgenodigd voor Tom & <Jerry> at evil example");
  assert.match(html, /^<!doctype html>\n<html lang="nl" dir="ltr">/);
  assert.match(html, /<title>U bent uitgenodigd voor Tom &amp; &lt;Jerry&gt; at evil example<\/title>/);
  assert.match(html, />&lt;b&gt;hoi&lt;\/b&gt;<\/blockquote>/);
  assert.deepEqual([...html.matchAll(/<a href="([^"]*)"/g)].map(([, href]) => href.replaceAll("&amp;", "&")), [link]);
  assert.ok(text.includes(`\n\n${link}\n\n`));
  const until = new Intl.DateTimeFormat("nl", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" }).format(new Date(expiresAt));
  assert.ok(text.endsWith(`De link werkt één keer, tot ${until} UTC.`), `${text} does not end in ${until}`);
  assert.ok(html.includes(`<p>De link werkt één keer, tot ${until} UTC.</p>`));
});

test("of many mails at once each goes out, again only under the same id and with the same words", async () => {
  arrived = () => {};
  const kurt = await signIn(worker, "kurt");
  const organization = await found(kurt, "Mailing list");
  const addresses = times(16, (index) => `subscriber-${index}@example.com`);
  await Promise.all(addresses.map((address) => inviteByMail(kurt, organization, address)));
  for (const mail of await mails(organization)) await settled(mail.id, (later) => later.deliveredAt !== null);

  const calls = received.filter((call) => call.body.organizationId === organization.id);
  const distinct = new Set(calls.map((call) => JSON.stringify({ ...call.body, deliveredAt: null })));
  assert.equal(distinct.size, 16);
  assert.deepEqual(new Set(calls.map((call) => call.body.to)), new Set(addresses));
});

for (const refusal of [500, 302, 404]) {
  test(`an answer ${refusal} is no delivery: the mail stays, and waits before it is tried again`, async () => {
    status = refusal;
    const kurt = await signIn(worker, "kurt");
    const organization = await found(kurt, `Refused ${refusal}`);
    const { seen } = await nextCall(() => inviteByMail(kurt, organization, "pat@example.com"));
    const count = received.length;

    status = 202;
    await (await worker.cron()).arrayBuffer();

    assert.equal(received.length, count);
    assert.equal((await mailed(seen.body.id)).deliveredAt, null);
    assert.ok(!worker.log().includes(seen.body.token));
  });
}
