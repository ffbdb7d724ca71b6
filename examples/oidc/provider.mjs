// An OpenID provider on this machine: `oidc-provider` with a few people, which gives JWT access tokens for one API.
//
// Owns: its people and their passwords, its keys and which of them signs, its page for signing in.
// Never does: know Guildhall. Not for production: everything is kept in memory.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const host = "127.0.0.1";

const kinds = {
  RS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
  EdDSA: () => generateKeyPairSync("ed25519"),
};

/** The person who is asked for a name and a password. */
const page = `<!doctype html>
<title>Sign in</title>
<form method="post">
  <label>Name <input name="name"></label>
  <label>Password <input name="password" type="password"></label>
  <button>Sign in</button>
</form>`;

/** What a provider stores, by kind and id; providers that follow each other share it. */
const storage = () => {
  const rows = new Map();
  return class {
    constructor(kind) {
      this.kind = kind;
    }
    #of = (id) => `${this.kind} ${id}`;
    async upsert(id, payload) {
      rows.set(this.#of(id), payload);
    }
    async find(id) {
      return rows.get(this.#of(id));
    }
    async findByUid(uid) {
      return [...rows.entries()].find(([name, row]) => name.startsWith(`${this.kind} `) && row.uid === uid)?.[1];
    }
    async consume(id) {
      rows.get(this.#of(id)).consumed = Math.floor(Date.now() / 1000);
    }
    async destroy(id) {
      rows.delete(this.#of(id));
    }
    async revokeByGrantId(grantId) {
      for (const [name, row] of rows) if (row.grantId === grantId) rows.delete(name);
    }
  };
};

async function form(request) {
  const parts = await request.toArray();
  return new URLSearchParams(Buffer.concat(parts).toString());
}

/** Made by `startProvider`. */
class RunningProvider {
  #options;
  #keys = [];
  #signing;
  #cookieKey = randomBytes(32).toString("hex");
  #storage = storage();
  #provider;
  #server;

  constructor(issuer, server, options) {
    this.issuer = issuer;
    this.#server = server;
    this.#options = options;
  }

  /** Publishes a new key; tokens are signed by another one until `sign` says so. */
  publish(kid, alg = "RS256") {
    const { privateKey } = kinds[alg]();
    this.#keys = [...this.#keys, { ...privateKey.export({ format: "jwk" }), kid, alg, use: "sig" }];
    this.#signing ??= { kid, alg };
    this.#begin();
  }

  /** From now on this key signs the access tokens. */
  sign(kid) {
    const { alg } = this.#keys.find((key) => key.kid === kid);
    this.#signing = { kid, alg };
  }

  /** Takes a key from the published ones. */
  withdraw(kid) {
    this.#keys = this.#keys.filter((key) => key.kid !== kid);
    this.#begin();
  }

  /** A provider reads its keys when it begins; what it has stored it shares with the one before. */
  #begin() {
    const { people, client, redirectUri, api } = this.#options;
    const scopes = "openid email profile";
    this.#provider = new Provider(this.issuer, {
      clients: [{
        client_id: client, redirect_uris: [redirectUri], token_endpoint_auth_method: "none",
        grant_types: ["authorization_code"], response_types: ["code"],
      }],
      adapter: this.#storage,
      jwks: { keys: this.#keys },
      cookies: { keys: [this.#cookieKey] },
      claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
      findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id].claims }) },
      // Guildhall finds an invitation by the address, so that the access token must bring it along.
      extraTokenClaims: (_, token) => token.accountId && people[token.accountId]?.claims,
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      loadExistingGrant: (context) => this.#grant(context.oidc, scopes),
      ttl: { AccessToken: 900, Grant: 3600, IdToken: 900, Interaction: 600, Session: 3600 },
      features: {
        devInteractions: { enabled: false },
        resourceIndicators: {
          enabled: true,
          // Without a resource the access token would be opaque, and no other program could read it.
          defaultResource: () => api,
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({
            scope: "", audience: api, accessTokenFormat: "jwt", accessTokenTTL: 900, jwt: { sign: this.#signing },
          }),
        },
      },
    });
  }

  /** The application is the provider's own, so that people are not asked whether they allow it. */
  async #grant({ client, session, provider }, scopes) {
    const known = session.grantIdFor(client.clientId);
    if (known) return provider.Grant.find(known);
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(scopes);
    await grant.save();
    return grant;
  }

  async answer(request, response) {
    if (!request.url.startsWith("/interaction/")) return this.#provider.callback()(request, response);
    if (request.method !== "POST") return response.writeHead(200, { "content-type": "text/html" }).end(page);
    const given = await form(request);
    const name = given.get("name");
    const person = Object.hasOwn(this.#options.people, name) ? this.#options.people[name] : undefined;
    if (!person || person.password !== given.get("password")) return response.writeHead(403, { "content-type": "text/html" }).end(page);
    return this.#provider.interactionFinished(request, response, { login: { accountId: name } });
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

/**
 * Starts a provider with one key, `first`.
 *
 * @param {{people: Record<string, {password: string, claims: object}>, client: string, redirectUri: string, api: string}} options
 *   `client` is the application at which people sign in, `api` the audience of its access tokens
 */
export async function startProvider(options) {
  let provider;
  const server = createServer((request, response) => {
    provider.answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  await new Promise((listening) => server.listen(0, host, listening));
  provider = new RunningProvider(`http://${host}:${server.address().port}`, server, options);
  provider.publish("first");
  return provider;
}
