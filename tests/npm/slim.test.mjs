// `guildhall/slim` of the packed package: nothing is there until it is handed in.
//
// Owns: the ways of handing it in. Each test is a program of its own: what is loaded stays loaded.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { installed } from "./support/installed.mjs";

const opening = `
  import { readFileSync } from "node:fs";
  import { createRequire } from "node:module";
  import * as slim from "guildhall/slim";
  const { resolve } = createRequire(import.meta.url);
  const bytes = (name) => readFileSync(resolve("guildhall/" + name + ".wasm"));
  const answer = (name) => new Response(bytes(name), { headers: { "content-type": "application/wasm" } });
  const code = (call) => { try { return call(); } catch (error) { return error instanceof slim.GuildhallError ? error.code : error; } };
  const later = (promise) => promise.then(() => "done", (error) => error.code);
  const say = (...words) => console.log(words.join(" "));
  const core = () => code(() => slim.suggestSlug("Foo Fighters"));
  const planned = () => code(() => slim.decide({}, { actor: { userId: "kurt" }, target: { organization: "nirvana" }, action: { type: "member.leave" } }, 0));`;

const programs = {
  "is not ready before": [`say(core(), planned(), await later(slim.planning()), await later(slim.verifyPass("x", { jwks: { keys: [] } })));`, "not_ready not_ready not_ready not_ready"],
  "takes bytes, at once": [`say(slim.init(bytes("core")), core(), planned(), slim.initPlanning(bytes("planning")), planned());`, " foo-fighters not_ready  not_found"],
  "takes a module, at once": [`slim.init(new WebAssembly.Module(bytes("core"))); slim.initPlanning(new WebAssembly.Module(bytes("planning"))); await slim.planning(); say(core(), planned());`, "foo-fighters not_found"],
  "takes an ArrayBuffer of another realm": [`const vm = await import("node:vm"); const other = vm.runInNewContext("new ArrayBuffer(" + bytes("core").length + ")"); new Uint8Array(other).set(bytes("core")); slim.init(other); say(core());`, "foo-fighters"],
  "takes the rules of passes": [`const keys = { jwks: { keys: [] } }; slim.initPasses(bytes("pass")); say(await later(slim.verifyPass("x", keys)), await later(slim.verifyPassport("x", keys)), core());`, "pass_invalid pass_invalid not_ready"],
  "takes no other rules for those of passes": [`say(code(() => slim.initPasses(bytes("core"))), await later(slim.verifyPass("x", { jwks: { keys: [] } })));`, "not_ready not_ready"],
  "takes a response, which is waited for": [`const loading = slim.init(answer("core")); say(core()); await slim.ready; say(core(), await loading);`, "not_ready\nfoo-fighters "],
  "takes a promised response; `planning` waits for it": [`slim.initPlanning(Promise.resolve(answer("planning"))); say(planned()); await slim.planning(); say(planned());`, "not_ready\nnot_found"],
  "takes it twice": [`slim.init(bytes("core")); slim.init(bytes("core")); say(await later(slim.init(answer("core"))), core());`, "done foo-fighters"],
  "refuses what is none, and can be tried again": [`say(code(() => slim.init()), code(() => slim.init(new Uint8Array(3))), await later(slim.init("http://127.0.0.1:1/")), await later(slim.initPlanning(new Response("x", { headers: { "content-type": "application/wasm" } })))); slim.init(bytes("core")); slim.initPlanning(bytes("planning")); say(core(), planned());`, "not_ready not_ready not_ready not_ready\nfoo-fighters not_found"],
  "refuses other WebAssembly, and can be tried again": [`say(code(() => slim.init(bytes("pass"))), code(() => slim.init(new WebAssembly.Module(bytes("planning")))), await later(slim.init(answer("planning"))), code(() => slim.initPasses(bytes("planning"))), await later(slim.initPasses(answer("core"))), code(() => slim.initPlanning(bytes("core"))), await later(slim.initPlanning(answer("pass"))), core(), planned()); slim.init(bytes("core")); await slim.initPasses(answer("pass")); await slim.initPlanning(answer("planning")); say(core(), planned(), await later(slim.verifyPass("x", { jwks: { keys: [] } })));`, `${Array(9).fill("not_ready").join(" ")}\nfoo-fighters not_found pass_invalid`],
  "goes on with what it has when something else comes": [`slim.init(bytes("core")); slim.initPasses(bytes("pass")); slim.initPlanning(bytes("planning")); say(code(() => slim.init(bytes("pass"))), await later(slim.initPasses(answer("core"))), await later(slim.initPlanning(answer("core")))); await slim.planning(); say(core(), planned(), await later(slim.verifyPass("x", { jwks: { keys: [] } })));`, "not_ready not_ready not_ready\nfoo-fighters not_found pass_invalid"],
  "says what answered with an error": [`const gone = () => slim.init(new Response("gone", { status: 404 })).catch(({ code, cause }) => [code, cause.message].join(": ")); say(await gone());`, "not_ready: status 404"],
  "has the names of `guildhall`, which are the same things": [`const whole = await import("guildhall"); const more = Object.keys(slim).filter((name) => !(name in whole)); say(more.join(), Object.keys(whole).every((name) => name in slim), slim.GuildhallError === whole.GuildhallError, core());`, "init,initPasses,initPlanning true true foo-fighters"],
};

describe("slim", () => {
  let project;
  before(async () => {
    project = await installed({ after: (end) => process.on("exit", end) });
  });
  for (const [title, [code, said]] of Object.entries(programs)) {
    test(title, async () => assert.equal(await project.node(`${opening}\n${code}`), `${said}\n`));
  }
});
