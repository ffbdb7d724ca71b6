// The promises I1 to I6 of GUARANTEES.md, asked of what is stored.
//
// Owns: one query per promise that gives the rows that break it.
// Never does: trust the counters that the Worker keeps for itself.

import assert from "node:assert/strict";

const broken = {
  "I1 every organization has one owner, who is its member": `
    SELECT o.id, o.owner FROM organizations o
    WHERE NOT EXISTS (SELECT 1 FROM memberships m WHERE m.organization = o.id AND m.user = o.owner)`,
  "I2 members and pending invitations never exceed the seats": `
    SELECT o.id, o.seats FROM organizations o WHERE o.seats <
      (SELECT count(*) FROM memberships m WHERE m.organization = o.id)
      + (1 - o.pending_free) * (SELECT count(*) FROM invitations i WHERE i.organization = o.id AND i.state = 'pending')`,
  "I2 the counters are what there is to count": `
    SELECT o.id, o.member_count, o.pending_count FROM organizations o
    WHERE o.member_count <> (SELECT count(*) FROM memberships m WHERE m.organization = o.id)
      OR o.pending_count <> (SELECT count(*) FROM invitations i WHERE i.organization = o.id AND i.state = 'pending')`,
  "I3 one membership per user": `
    SELECT organization, user, count(*) AS times FROM memberships GROUP BY organization, user HAVING count(*) > 1`,
  "I3 one pending invitation per address": `
    SELECT organization, email_key, count(*) AS times FROM invitations WHERE state = 'pending'
    GROUP BY organization, email_key HAVING count(*) > 1`,
  "I4 each accepted invitation has exactly one acceptance in the log": `
    SELECT i.id, i.state FROM invitations i
    WHERE (i.state = 'accepted') <> (SELECT count(*) FROM commits c, json_each(c.events) e
      WHERE c.organization = i.organization AND e.value ->> 'type' = 'invitation.accepted' AND e.value ->> 'invitation' = i.id)`,
  "I4 each acceptance has exactly one membership in the same commit": `
    SELECT c.organization, c.seq FROM commits c WHERE
      (SELECT count(*) FROM json_each(c.events) WHERE value ->> 'type' = 'invitation.accepted')
      > (SELECT count(*) FROM json_each(c.events) WHERE value ->> 'type' = 'member.added')`,
  "I5 the version is the number of entries in the log": `
    SELECT o.id, o.version FROM organizations o
    WHERE o.version <> (SELECT count(*) FROM commits c WHERE c.organization = o.id)
      OR o.version <> (SELECT max(seq) FROM commits c WHERE c.organization = o.id)`,
  "I6 each entry of the log stands behind the one before it": `
    SELECT c.organization, c.seq FROM commits c JOIN commits b ON b.organization = c.organization AND b.seq = c.seq - 1
    WHERE c.prev_hash IS NOT b.hash`,
  "I6 each log stands in its order among all events": `
    SELECT c.organization, c.seq FROM commits c LEFT JOIN commits b ON b.organization = c.organization AND b.seq = c.seq - 1
    WHERE c.position IS NULL OR c.position - json_array_length(c.events) < COALESCE(b.position, 0)`,
  "I6 the organization remembers the newest entry": `
    SELECT o.id, o.version FROM organizations o JOIN commits c ON c.organization = o.id AND c.seq = o.version
    WHERE o.head IS NOT c.hash`,
};

/** Fails unless every promise holds of everything that the Worker has stored. */
export function assertInvariants(worker) {
  const found = Object.entries(broken).map(([promise, sql]) => [promise, worker.d1(sql)]);
  const violations = Object.fromEntries(found.filter(([, rows]) => rows.length > 0));
  assert.deepEqual(violations, {});
  assert.deepEqual(worker.d1("PRAGMA foreign_key_check"), []);
}
