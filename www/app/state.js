// What the page knows, and who is told when that changes.
//
// Owns: the one state object. Never does: load anything or touch the document.

const noPage = Object.freeze({ data: [], nextCursor: null, hasMore: false });

/** What belongs to a signed-in person and is forgotten when they leave. */
const ofNobody = {
  me: null,
  resolution: null,
  organizations: noPage,
  inactiveToo: false,
  organization: null,
  organizationProblem: null,
  members: noPage,
  invitations: noPage,
};

/** The state: read it anywhere, change it through `update` alone. */
export const state = { ...ofNobody, asked: false, invited: null, outbox: null, coreFailure: null };

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

/** Forgets everything of the person who was here. */
export function forgetPerson() {
  update({ ...ofNobody });
}

export { noPage };
