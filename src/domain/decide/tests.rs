//! What a decision says at a bound that HTTP refuses earlier, and of what no answer shows.
//!
//! The scenarios try the rules over HTTP. A command also comes in as a plan of the npm package, and there
//! the rules here stand alone.

use super::decide;
use crate::domain::command::Command;
use crate::domain::decision::Decision;
use crate::domain::denial::{Denial, Reason};
use crate::domain::facts::Facts;
use crate::domain::policy::Policy;
use crate::domain::time::Timestamp;
use serde_json::{Value, json};

const ORGANIZATION: &str = "org_00000000000170008000000000000000";
const INVITATION: &str = "inv_00000000000170008000000000000000";
const LINK: &str = "lnk_00000000000170008000000000000000";
const TEAM: &str = "team_00000000000170008000000000000000";
const NOW: i64 = 1_000_000;

fn digest() -> String {
    "0b".repeat(32)
}

/// Kurt's organization with one plain member, one invitation, one link and one team.
fn facts() -> Facts {
    let member = |user: &str, number: u8| {
        json!({
            "id": format!("mem_000000000001700080000000000000{number:02}"), "organization": ORGANIZATION, "user": user,
            "email": null, "name": null, "roles": ["member"], "joinedAt": 1,
        })
    };
    let facts = json!({
        "organization": {
            "id": ORGANIZATION, "slug": "nirvana", "name": "Nirvana", "state": "active", "owner": "kurt", "version": 7,
            "metadata": {}, "settings": {}, "logoUrl": null, "seatLimit": null, "memberCount": 2, "pendingCount": 1,
            "createdAt": 1, "updatedAt": 2,
        },
        "members": { "kurt": member("kurt", 0), "krist": member("krist", 1) },
        "invitations": { INVITATION: {
            "id": INVITATION, "organization": ORGANIZATION, "email": "dave@foo.com", "roles": ["member"],
            "invitedBy": "kurt", "state": "pending", "digest": "0a".repeat(32), "generation": 4, "message": null,
            "locale": null, "createdAt": 4, "expiresAt": NOW + 1, "answeredBy": null, "closedAt": null,
        } },
        "links": { LINK: {
            "id": LINK, "organization": ORGANIZATION, "roles": ["member"], "invitedBy": "krist", "digest": "0a".repeat(32),
            "generation": 4, "maxUses": 3, "uses": 2, "allowedDomains": [], "disabled": false, "createdAt": 4,
            "expiresAt": NOW + 1,
        } },
        "teams": { TEAM: {
            "id": TEAM, "organization": ORGANIZATION, "name": "Road", "parent": null, "createdAt": 4, "updatedAt": 5,
        } },
    });
    serde_json::from_value(facts).unwrap()
}

fn decided(user: &str, action: &Value) -> Result<Decision, Denial> {
    let command = json!({ "actor": { "userId": user }, "target": { "organization": "nirvana" }, "action": action });
    let command: Command = serde_json::from_value(command).unwrap();
    decide(&Policy::default(), &facts(), &command, Timestamp::from_millis(NOW))
}

/// The one event of a decision, as it is stored.
fn event(user: &str, action: &Value) -> Value {
    let events = serde_json::to_value(decided(user, action).unwrap().events).unwrap();
    assert_eq!(events.as_array().map(Vec::len), Some(1), "{events}");
    events[0].clone()
}

#[test]
fn whatever_invites_ends_after_now_and_within_the_longest_time() {
    let actions = [
        json!({ "type": "invitation.create", "invitation": "inv_00000000000170008000000000000001", "email": "pat@foo.com",
            "roles": ["member"], "teams": [], "digest": digest(), "message": null, "locale": null, "notify": false }),
        json!({ "type": "invitation.resend", "invitation": INVITATION, "digest": digest(), "notify": false }),
        json!({ "type": "invitation_link.create", "link": "lnk_00000000000170008000000000000001", "roles": ["member"],
            "digest": digest(), "maxUses": null, "allowedDomains": [], "disabled": false }),
        json!({ "type": "invitation_link.update", "link": LINK, "disabled": null, "maxUses": null }),
    ];
    let longest = NOW + Policy::default().invitations.longest * 1_000;
    for mut action in actions {
        let mut refused = |end: i64| {
            action["expiresAt"] = end.into();
            decided("kurt", &action).err().map(|denial| (denial.reason, denial.param.clone()))
        };
        let too = || Some((Reason::InvalidValue, Some("expiresIn".into())));
        assert_eq!([NOW - 1, NOW].map(&mut refused), [too(), too()]);
        assert_eq!([NOW + 2, longest].map(&mut refused), [None, None]);
        assert_eq!([longest + 1, 2 * longest].map(&mut refused), [too(), too()]);
    }
}

#[test]
fn a_new_token_counts_up_and_is_vouched_for_by_whoever_asked_for_it() {
    let rotated = event("kurt", &json!({ "type": "invitation_link.rotate", "link": LINK, "digest": digest() }));
    let link = &rotated["link"];
    assert_eq!(
        (&link["generation"], &link["digest"], &link["invitedBy"]),
        (&json!(5), &json!(digest()), &json!("kurt"))
    );
    assert_eq!((&link["uses"], &link["maxUses"], &link["expiresAt"]), (&json!(2), &json!(3), &json!(NOW + 1)));
    let resend = json!({ "type": "invitation.resend", "invitation": INVITATION, "digest": digest(), "expiresAt": NOW + 9,
        "notify": false });
    let resent = event("kurt", &resend);
    assert_eq!((&resent["generation"], &resent["digest"]), (&json!(5), &json!(digest())));
}

#[test]
fn a_changed_team_says_since_when() {
    let renamed = event("kurt", &json!({ "type": "team.update", "team": TEAM, "name": "Studio", "parent": null }));
    let team = &renamed["team"];
    assert_eq!((&team["name"], &team["createdAt"], &team["updatedAt"]), (&json!("Studio"), &json!(4), &json!(NOW)));
}

#[test]
fn a_change_of_nothing_takes_the_permission_too() {
    let nothing = json!({ "type": "team.update", "team": TEAM, "name": null, "parent": null });
    assert_eq!(decided("krist", &nothing).unwrap_err().reason, Reason::PermissionDenied);
    assert_eq!(decided("kurt", &nothing).unwrap().events, []);
    let same = json!({ "type": "team.update", "team": TEAM, "name": "Road", "parent": "clear" });
    assert_eq!(decided("krist", &same).unwrap_err().reason, Reason::PermissionDenied);
    assert_eq!(decided("kurt", &same).unwrap().events, []);
}

#[test]
fn the_mail_of_an_invitation_is_given_all_that_the_invitation_says() {
    let mut invite = json!({
        "type": "invitation.create", "invitation": "inv_00000000000170008000000000000001", "email": "pat@foo.com",
        "roles": ["admin", "member"], "teams": [], "digest": digest(), "expiresAt": NOW + 9, "message": "Bass?",
        "locale": "de-CH", "notify": true,
    });
    let told = |invite: &Value| serde_json::to_value(decided("kurt", invite).unwrap().notices).unwrap();
    let mail = json!({
        "kind": "invitation", "to": "pat@foo.com", "invitation": "inv_00000000000170008000000000000001",
        "organizationName": "Nirvana", "organizationSlug": "nirvana", "actor": "A member", "roles": ["admin", "member"],
        "message": "Bass?", "locale": "de-CH", "expiresAt": NOW + 9,
    });
    assert_eq!(told(&invite), json!([mail]));
    invite["notify"] = false.into();
    assert_eq!(told(&invite), json!([]));
}
