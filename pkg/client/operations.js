// Every operation of the API, by the name that it has here.
//
// Owns: names, and what each stands for: a method (LIST pages through answers, LINES through lines of
// JSON), a path, after `?` the parameters of a write that are given as options, and `+` where there is
// something to say: the body of a write, the parameters of a read.
// Never does: send anything.

const of = "/v1/organizations/{org}";

/** Of the caller and of the installation. */
export const everywhere = {
  me: {
    get: "GET /v1/me",
    passport: "POST /v1/me/passport +",
    chooseOrganization: "PUT /v1/me/current-organization +",
    forgetChoice: "DELETE /v1/me/current-organization",
    invitations: { list: "LIST /v1/me/invitations +" },
    joinRequests: { list: "LIST /v1/me/join-requests +" },
    joinableOrganizations: { list: "LIST /v1/me/joinable-organizations" },
    suppressions: { list: "LIST /v1/me/suppressions +", remove: "DELETE /v1/me/suppressions/{about}" },
  },
  organizations: { list: "LIST /v1/organizations +", create: "POST /v1/organizations +" },
  slugs: { check: "GET /v1/slugs/{slug}" },
  resolve: "GET /v1/resolve +",
  settle: "POST /v1/resolve?explain +",
  invitations: {
    preview: "POST /v1/invitations/preview +",
    accept: "POST /v1/invitations/accept +",
    decline: "POST /v1/invitations/decline +",
  },
  registrations: { create: "POST /v1/registrations +", activate: "POST /v1/registrations/activate +" },
  users: { find: "LIST /v1/users +", erase: "DELETE /v1/users/{user} +" },
  events: { list: "LIST /v1/events +" },
  operations: "GET /v1/operations",
  imports: { django: "POST /v1/imports/django?userId&site +" },
  installation: {
    keys: "GET /.well-known/jwks.json",
    health: "GET /healthz",
    readiness: "GET /readyz",
    description: "GET /openapi.json",
  },
  dev: {
    signIn: "POST /dev/session +",
    session: "GET /dev/session",
    signOut: "DELETE /dev/session",
    outbox: { list: "LIST /dev/outbox" },
    dns: "PUT /dev/dns +",
  },
};

/** Of one organization. */
export const within = {
  get: `GET ${of}`,
  update: `PATCH ${of} +`,
  delete: `DELETE ${of}`,
  deactivate: `POST ${of}/deactivate`,
  activate: `POST ${of}/activate`,
  restore: `POST ${of}/restore`,
  purge: `POST ${of}/purge`,
  check: `POST ${of}/check +`,
  pass: `POST ${of}/passes +`,
  export: `LINES ${of}/export +`,
  settings: { all: `GET ${of}/settings`, get: `GET ${of}/settings/{key} +` },
  ownership: {
    transfer: `POST ${of}/transfer +`,
    withdraw: `DELETE ${of}/transfer`,
    accept: `POST ${of}/transfer/accept`,
    decline: `POST ${of}/transfer/decline`,
  },
  members: {
    list: `LIST ${of}/members +`,
    add: `POST ${of}/members?ifAbsent +`,
    get: `GET ${of}/members/{user}`,
    update: `PATCH ${of}/members/{user} +`,
    remove: `DELETE ${of}/members/{user} +`,
  },
  invitations: {
    list: `LIST ${of}/invitations +`,
    create: `POST ${of}/invitations +`,
    createMany: `POST ${of}/invitations/bulk +`,
    revoke: `DELETE ${of}/invitations/{invitation}`,
    resend: `POST ${of}/invitations/{invitation}/resend +`,
  },
  links: {
    list: `LIST ${of}/invitation-links +`,
    create: `POST ${of}/invitation-links +`,
    get: `GET ${of}/invitation-links/{link}`,
    update: `PATCH ${of}/invitation-links/{link} +`,
    delete: `DELETE ${of}/invitation-links/{link}`,
    rotate: `POST ${of}/invitation-links/{link}/rotate`,
  },
  joinRequests: {
    list: `LIST ${of}/join-requests +`,
    create: `POST ${of}/join-requests +`,
    approve: `POST ${of}/join-requests/{request}/approve +`,
    deny: `POST ${of}/join-requests/{request}/deny +`,
    withdraw: `POST ${of}/join-requests/{request}/withdraw`,
    delete: `DELETE ${of}/join-requests/{request}`,
  },
  domains: {
    list: `LIST ${of}/domains +`,
    create: `POST ${of}/domains +`,
    get: `GET ${of}/domains/{domain}`,
    update: `PATCH ${of}/domains/{domain} +`,
    delete: `DELETE ${of}/domains/{domain}`,
    verify: `POST ${of}/domains/{domain}/verify`,
  },
  roles: {
    list: `LIST ${of}/roles`,
    create: `POST ${of}/roles +`,
    get: `GET ${of}/roles/{role}`,
    update: `PATCH ${of}/roles/{role} +`,
    delete: `DELETE ${of}/roles/{role}?moveTo`,
  },
  teams: {
    list: `LIST ${of}/teams +`,
    create: `POST ${of}/teams +`,
    get: `GET ${of}/teams/{team}`,
    update: `PATCH ${of}/teams/{team} +`,
    delete: `DELETE ${of}/teams/{team}?cascade`,
    members: {
      list: `LIST ${of}/teams/{team}/members +`,
      get: `GET ${of}/teams/{team}/members/{user}`,
      put: `PUT ${of}/teams/{team}/members/{user} +`,
      remove: `DELETE ${of}/teams/{team}/members/{user}`,
    },
  },
  events: { list: `LIST ${of}/events +`, export: `LINES ${of}/events/export +`, verify: `GET ${of}/events/verify +` },
  webhooks: {
    list: `LIST ${of}/webhooks +`,
    create: `POST ${of}/webhooks +`,
    get: `GET ${of}/webhooks/{webhook}`,
    update: `PATCH ${of}/webhooks/{webhook} +`,
    delete: `DELETE ${of}/webhooks/{webhook}`,
    rotate: `POST ${of}/webhooks/{webhook}/rotate +`,
    test: `POST ${of}/webhooks/{webhook}/test`,
    deliveries: { list: `LIST ${of}/webhooks/{webhook}/deliveries +` },
  },
};
