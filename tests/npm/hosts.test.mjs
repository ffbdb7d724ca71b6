// Hosts, slugs in capitals and suspended members in the packed package: resolution, the directory and the middleware.
//
// Owns: what the package is told of hosts. Never does: repeat the scenarios, which run on the directory too.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { installed } from "./support/installed.mjs";

const organization = { id: "org_01890a5d0c0070008000000000000001", slug: "acme", name: "Acme", state: "active", ownerId: "kurt", version: 4 };
const membership = { id: "mem_01890a5d0c0070008000000000000001", organization, roles: ["member"] };

describe("hosts in the package", () => {
  let project;
  let api;
  before(async () => {
    project = await installed({ after: (end) => process.on("exit", end) });
    api = await project.import("node.js");
  });

  const resolve = (url, config = {}, more = {}) => api.resolveOrganization({ url, config, caller: "dave", memberships: [membership], ...more });
  const refusal = (call) => {
    try {
      call();
    } catch ({ code, param }) {
      return [code, param];
    }
    return undefined;
  };

  test("the installation's own host names no organization", () => {
    for (const ownHost of ["app.example.com", "https://App.Example.com./", "app.example.com:8443"]) {
      const config = { baseDomain: "example.com", ownHost };
      assert.equal(resolve("https://app.example.com/songs", config).source, "only", ownHost);
      assert.equal(resolve("https://APP.example.com.:8443/o/acme", config).source, "path", ownHost);
      assert.equal(resolve("https://acme.example.com/songs", config).source, "host", ownHost);
      assert.equal(resolve("https://acme.app.example.com/songs", config).outcome, "unknown", ownHost);
    }
    assert.equal(resolve("https://app.example.com/songs", { baseDomain: "example.com" }).outcome, "unknown");
  });

  test("capitals, a port and the dot of the root change nothing", () => {
    for (const host of ["acme.example.com", "ACME.Example.com", "acme.example.com.", "acme.example.com.:8443"]) {
      for (const baseDomain of ["example.com", ".example.com", "example.com.", "https://example.com", "example.com:8787", "*.example.com"]) {
        assert.equal(resolve(`https://${host}/songs`, { baseDomain }).source, "host", `${host} ${baseDomain}`);
      }
      const international = host.toLowerCase().replace("example.com", "münchen.example");
      for (const baseDomain of ["münchen.example", "*.MÜNCHEN.example", "xn--mnchen-3ya.example"]) {
        assert.equal(resolve(`https://${international}/songs`, { baseDomain }).source, "host", `${international} ${baseDomain}`);
      }
      assert.equal(resolve(`https://${host}/songs`, {}, { domains: { "Acme.example.com.": organization.id } }).source, "host", host);
    }
    for (const [url, headers] of [["/o/ACME/songs", {}], ["/?org=Acme", {}], ["/", { "Guildhall-Organization": "aCME" }], ["/v1/organizations/ACME", {}]]) {
      assert.equal(resolve(url, {}, { headers }).organization?.slug, "acme", url);
    }
  });

  test("a path alone is at the host that the headers name, as in Node", () => {
    const config = { baseDomain: "example.com" };
    const named = (headers, path = "/songs") => resolve(path, config, { headers });
    for (const [headers, expected] of [
      [{ host: "acme.example.com" }, ["resolved", "host"]],
      [{ Host: "ACME.example.com.:8443" }, ["resolved", "host"]],
      [[["host", "acme.example.com:8787"]], ["resolved", "host"]],
      [new Headers({ host: "acme.example.com" }), ["resolved", "host"]],
      [{ host: "beta.example.com" }, ["unknown", undefined]],
      [{ host: "localhost:8787" }, ["resolved", "only"]],
      [{}, ["resolved", "only"]],
    ]) {
      const { outcome, source } = named(headers);
      assert.deepEqual([outcome, source], expected, JSON.stringify([...(Symbol.iterator in headers ? headers : Object.entries(headers))]));
    }
    assert.equal(named({ host: "beta.example.com" }, "//acme.example.com/songs").outcome, "unknown", "a path is no host");
    assert.equal(resolve("https://acme.example.com/songs", config, { headers: { host: "beta.example.com" } }).source, "host", "an address has its own host");
    for (const host of ["", "a b", "acme.example.com/o/beta", "x@acme.example.com", "acme.example.com?org=beta", "acme.example.com#", ["acme.example.com", "beta.example.com"]]) {
      assert.deepEqual(refusal(() => named({ host })), ["invalid_value", "headers.host"], String(host));
    }
  });

  test("malformed hosts are refused by name", async () => {
    const malformed = ["mün chen.example", "exa mple.com", "example.com/app", "127.0.0.1", "example..com", "a.com, b.com", "{slug}.example.com"];
    const { Directory } = await project.import("directory/node.js");
    for (const baseDomain of malformed) {
      assert.deepEqual(refusal(() => resolve("/", { baseDomain })), ["invalid_value", "config.baseDomain"], baseDomain);
      await assert.rejects(Directory.open({ baseDomain }), { code: "invalid_value", param: "baseDomain" }, baseDomain);
    }
    for (const ownHost of ["https://", "app.example.com/x", "*.example.com"]) {
      assert.deepEqual(refusal(() => resolve("/", { ownHost })), ["invalid_value", "config.ownHost"], ownHost);
      await assert.rejects(Directory.open({ ownHost }), { code: "invalid_value", param: "ownHost" }, ownHost);
    }
    for (const [name, value] of [["RESERVED_SLUGS", "*"], ["PERMISSIONS", "Invoice.read"], ["DOH_URL", "dns.example"], ["ORIGIN_URL", "app.example"]]) {
      await assert.rejects(Directory.open({ settings: { [name]: value } }), { code: "invalid_value", param: name }, name);
    }
    for (const permission of ["Invoice.read", "invoice-pay", "org:x:y", "Member:read"]) {
      assert.deepEqual(refusal(() => resolve("/", { permissions: [permission] })), ["invalid_value", "config.permissions"], permission);
    }
  });

  test("a suspended membership is told, and one that is over is none", () => {
    const suspended = { memberships: [{ ...membership, state: "suspended" }] };
    const found = resolve("/o/acme/songs", {}, { ...suspended, explain: true });
    assert.deepEqual([found.outcome, found.organization.slug, found.membership.state, found.roles, found.permissions], ["suspended", "acme", "suspended", [], []]);
    assert.equal(found.explanation[0].verdict, "suspended");
    assert.equal(resolve("/songs", {}, suspended).outcome, "none");
    const until = "2026-01-01T00:00:00.000Z";
    const over = { memberships: [{ ...membership, until }] };
    for (const now of [until, Date.parse(until), new Date(until), undefined]) assert.equal(resolve("/o/acme/songs", {}, { ...over, now }).outcome, "unknown", String(now));
    for (const now of ["2025-12-31T23:59:59.999Z", Date.parse(until) - 1]) assert.equal(resolve("/o/acme/songs", {}, { ...over, now }).outcome, "resolved", String(now));
  });

  test("the middleware refuses a suspended member as the installation does, and reads a slug in capitals", async () => {
    const { Directory } = await project.import("directory/node.js");
    const { withGuildhall } = await project.import("hono/hono.js");
    const directory = new Directory();
    const ask = async (method, path, body, token) => {
      const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
      return (await directory.fetch(path, { method, headers, body: JSON.stringify(body) })).json();
    };
    const [kurt, dave] = await Promise.all(["kurt", "dave"].map(async (userId) => (await ask("POST", "/dev/session", { userId })).token));
    await ask("POST", "/v1/organizations", { name: "Nirvana" }, kurt);
    await ask("POST", "/v1/organizations/nirvana/members", { userId: "dave" }, kurt);
    const handler = withGuildhall((request, env, context, { organization: { slug } }) => new Response(slug), { worker: directory });
    const status = async (path) => (await handler(new Request(`https://songs.example${path}`, { headers: { authorization: `Bearer ${dave}` } }))).status;
    for (const path of ["/o/nirvana/songs", "/o/NIRVANA/songs", "/songs?org=Nirvana"]) assert.equal(await status(path), 200, path);
    await ask("PATCH", "/v1/organizations/nirvana/members/dave", { state: "suspended" }, kurt);
    const refused = await handler(new Request("https://songs.example/o/nirvana/songs", { headers: { authorization: `Bearer ${dave}` } }));
    assert.deepEqual([refused.status, (await refused.json()).code], [403, "membership_suspended"]);
  });
});
