// What the page knows, and who is told when that changes.
//
// Owns: the one state object. Never does: load anything or touch the document.

const noPage = Object.freeze({ data: [], nextCursor: null, hasMore: false });

/** What is known of the open organization when none is open. */
const nothingOpen = Object.freeze({
  organization: null,
  organizationProblem: null,
  members: noPage,
  invitations: noPage,
  roles: noPage,
  requests: noPage,
  domains: noPage,
});

/** What belongs to a person and is forgotten when they leave: `link` is the one that they opened. */
const ofNobody = Object.freeze({
  me: null,
  resolution: null,
  organizations: noPage,
  inactiveToo: false,
  deleted: null,
  link: null,
  outbox: null,
  ...nothingOpen,
});

/** The state: read it anywhere, change it through `update` alone. */
export const state = { ...ofNobody, asked: false, development: false, coreFailure: null };

const renders = [];

/** Calls `render` now and after every change. */
export function watch(render) {
  renders.push(render);
  render(state);
}

/** Takes over `change` and shows it. */
export function update(change) {
  Object.assign(state, change);
  for (const render of renders) render(state);
}

export { noPage, nothingOpen, ofNobody };
