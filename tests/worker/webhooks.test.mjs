// Webhooks on their way out of the built Worker. Nothing here may call the network, so what is shown is
// what an address that cannot be reached leaves behind, and that the development mode sends nothing.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { startWorker } from "../harness/worker.mjs";
import { signIn } from "./support/caller.mjs";
import { body, found } from "./support/scenes.mjs";

let silent;
let sending;

before(async () => {
  silent = await startWorker();
  sending = await startWorker({ vars: { WEBHOOK_DELIVERY: "on" } });
});
after(async () => {
  await silent?.stop();
  await sending?.stop();
});

/** A webhook at an address that leads nowhere. */
async function hooked(worker, name) {
  const kurt = await signIn(worker, "kurt");
  const organization = await found(kurt, name);
  const all = `/v1/organizations/${organization.id}/webhooks`;
  const webhook = body(await kurt.post(all, { url: "https://nowhere.example/x", events: ["role.created"] }), 201);
  return { kurt, organization, webhook, path: `${all}/${webhook.id}` };
}

const deliveries = async ({ kurt, path }) => body(await kurt.get(`${path}/deliveries`)).data;

test("the development mode sends nothing and shows what it would have sent, signed", async () => {
  const scene = await hooked(silent, "Silent");
  body(await scene.kurt.post(`/v1/organizations/${scene.organization.id}/roles`, { key: "bass" }), 201);
  await silent.cron();
  const [shown] = body(await scene.kurt.get("/dev/outbox")).data.filter((each) => each.webhookId === scene.webhook.id);
  assert.equal(shown.attempts, 0);
  const { headers, body: text } = shown.request;
  const key = Buffer.from(scene.webhook.secret.slice("whsec_".length), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${text}`;
  assert.equal(headers["webhook-signature"], `v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
});

test("an address that cannot be reached is tried, noted and tried again later", async () => {
  const scene = await hooked(sending, "Sending");
  body(await scene.kurt.post(`/v1/organizations/${scene.organization.id}/roles`, { key: "bass" }), 201);
  await sending.cron();
  let [delivery] = await deliveries(scene);
  for (let attempt = 0; attempt < 200 && delivery.attempts === 0; attempt += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    [delivery] = await deliveries(scene);
  }
  assert.equal(delivery.type, "role.created");
  assert.ok(delivery.attempts >= 1);
  assert.notEqual(delivery.fault, null);
  assert.equal(delivery.state, "pending");
  assert.ok(Date.parse(delivery.nextAttemptAt) > Date.parse(delivery.attemptedAt));
  assert.ok(!sending.log().includes("whsec_"));
});
