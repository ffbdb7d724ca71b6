// How better-auth is set up, for the Worker and for the schema of its database.
//
// Owns: the two settings that are compared. Limits are raised, so that each operation does its work.

const unlimited = 1_000_000;

const plugin = { membershipLimit: unlimited, organizationLimit: unlimited, invitationLimit: unlimited };

/** Everything but the secret and the database; `best` is what its documentation advises for speed. */
export const options = (organization, best) => ({
  ...{ baseURL: "http://127.0.0.1:8787", rateLimit: { enabled: false }, telemetry: { enabled: false }, logger: { level: "error" } },
  plugins: [organization(plugin)],
  ...(best && { session: { cookieCache: { enabled: true, maxAge: 86_400 } }, advanced: { database: { joins: true } } }),
});
