// The types of `guildhall/hono` in a Hono application, and of `guildhall/client` in a program.

import assert from "node:assert/strict";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { at } from "../../scripts/steps/places.mjs";
import { installed } from "./support/installed.mjs";

const program = `
  import { Hono } from "hono";
  import { createClient, GuildhallError, type Member, type Trial } from "guildhall/client";
  import { guildhall, requireMember, requirePermission, withGuildhall, type Fetcher, type GuildhallVariables } from "guildhall/hono";
  import { Directory } from "guildhall/directory";
  import { decide } from "guildhall";

  interface Env { GUILDHALL: Fetcher }
  const app = new Hono<{ Bindings: Env; Variables: GuildhallVariables }>();
  app.use(guildhall((env: Env) => ({ worker: env.GUILDHALL, jwks: "https://x.example/.well-known/jwks.json", audience: "songs" })));
  app.get("/", requireMember(), requirePermission("invoice:read"), (c) => c.text(c.get("guildhall").organization.slug));
  export const plain = { fetch: withGuildhall<Env>((request, env, context, standing) => new Response(standing.userId), { worker: new Directory() }) };
  // @ts-expect-error nobody may be there
  withGuildhall((request, env, context, standing) => new Response(standing.userId), { worker: new Directory(), anybody: true });

  const client = createClient({ fetch: new Directory().fetch, token: async () => "t", planner: { decide, actor: (await createClient().me.get()).principal } });
  const acme = client.organization("acme");
  const member: Member = await acme.members.add({ userId: "krist", roles: ["admin"] }, { ifAbsent: true });
  const trial: Trial = await acme.members.remove("krist", {}, { dryRun: true });
  for await (const { userId } of acme.members.list({ role: "admin" })) userId.toUpperCase();
  // @ts-expect-error misspelt
  acme.members.list({ rule: "admin" });
  // @ts-expect-error a name is missing
  acme.members.get();
  // @ts-expect-error it is no trial
  const removed: Trial = await acme.members.remove("krist");
  acme.would({ type: "member.leave" }, {}).events.length;
  try { await acme.get({ signal: AbortSignal.timeout(5) }); } catch (error) { if (error instanceof GuildhallError && error.code === "not_found") error.status?.toFixed(); }
`;

test("programs are checked as they are meant", async (t) => {
  const { folder } = await installed(t);
  symlinkSync(at("node_modules", "hono"), join(folder, "node_modules", "hono"), "dir");
  const file = join(folder, "program.ts");
  writeFileSync(file, program);
  for (const [module, moduleResolution] of [[ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext], [ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler]]) {
    const options = { strict: true, noEmit: true, types: [], skipLibCheck: true, target: ts.ScriptTarget.ES2022, lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.dom.asynciterable.d.ts"], module, moduleResolution };
    const faults = ts.getPreEmitDiagnostics(ts.createProgram([file], options));
    assert.deepEqual(faults.map(({ messageText, start }) => `${start}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`), []);
  }
});
