// Cedar: one policy, parsed beforehand; each request brings the one organization that it is about.
//
// Owns: its policy and entities. Never does: hand over all hundred organizations for one question, or import
// Cedar: each runtime has its own entry.

const name = "members";
const policy = "permit(principal, action, resource) when { resource.allowed.contains(context.permission) };";
const principal = { type: "User", id: "krist" };
const action = { type: "Action", id: "check" };

/** An organization's part of a request, made beforehand. */
function known([organization, answers]) {
  const resource = { type: "Organization", id: organization };
  const allowed = answers.filter(([, yes]) => yes).map(([permission]) => permission);
  return [organization, { resource, entities: [{ uid: resource, attrs: { allowed }, parents: [] }] }];
}

export function cedar({ table }, { preparsePolicySet, statefulIsAuthorized }) {
  const { type, errors } = preparsePolicySet(name, { staticPolicies: policy });
  if (type !== "success") throw new Error(JSON.stringify(errors));
  const all = new Map(JSON.parse(table).map(known));
  const may = ({ resource, entities }, permission) => {
    const answer = statefulIsAuthorized({ principal, action, resource, context: { permission }, preparsedPolicySetId: name, entities });
    if (answer.type !== "success") throw new Error(JSON.stringify(answer.errors));
    return answer.response.decision === "allow";
  };
  const run = ({ length, organizations, permissions }) => {
    let yes = 0;
    for (let index = 0; index < length; index += 1) if (may(all.get(organizations[index]), permissions[index])) yes += 1;
    return yes;
  };
  return { name: "Cedar", slow: true, pass: { run }, passport: { run } };
}
