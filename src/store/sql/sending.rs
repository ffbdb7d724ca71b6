//! What keeps people from being invited too often, or at all.

use super::executor::{Executor, Param, Statement};
use super::shape::target;
use super::{Decoder, SqlStore, json, list, nonces};
use crate::app::ports::{Commit, Committed, Message, SuppressionFilter, Unavailable, UpstreamNonce};
use crate::domain::decision::NoticeKind;
use crate::domain::email::Email;
use crate::domain::facts::{Facts, SendingNeed};
use crate::domain::id::OrganizationId;
use crate::domain::quota::{Charge, QuotaSubject, Usage};
use crate::domain::suppression::Suppression;
use serde::{Deserialize, Serialize};

/// Each address with each wish that may stand against it.
pub(super) const SUPPRESSED: &str = concat!(
    "SELECT json_quote(s.address) AS j FROM \
     (SELECT value FROM json_each(?5) UNION SELECT email_key FROM invitations WHERE id = ?6) a \
     CROSS JOIN json_each(json_array('', ",
    target!(),
    ")) o CROSS JOIN suppressions s ON s.address = a.value AND s.organization = o.value"
);

/// From the few addresses to their members, never from the members to their addresses.
pub(super) const JOINED: &str = concat!(
    "SELECT json_quote(m.email_key) AS j FROM (SELECT value FROM json_each(?5) UNION \
     SELECT email_key FROM invitations WHERE id = ?6) a CROSS JOIN memberships m INDEXED BY memberships_by_email \
     ON m.email_key = a.value WHERE m.email_verified = 1 AND m.organization = ",
    target!()
);

pub(super) const SENT: &str = concat!(
    "SELECT json_object('subject', subject, 'usage', json_object('day', day, 'used', used)) AS j \
     FROM invitation_quotas WHERE subject IN (SELECT value FROM json_each(?5) UNION ALL \
     SELECT 'recipient:' || email_key FROM invitations WHERE id = ?6 UNION ALL SELECT 'organization:' || ",
    target!(),
    ")"
);

const SUPPRESSIONS: &str = "SELECT json_object('address', address, 'organization', NULLIF(organization, ''), \
     'organizationName', organization_name, 'since', since) AS j FROM suppressions \
     WHERE address = ?1 AND organization >= ?2 ORDER BY organization LIMIT ?3";
const FORGET: &str = "DELETE FROM suppressions WHERE address = ?1 AND organization = ?2";

const SUPPRESS: &str = "INSERT INTO suppressions (address, organization, organization_name, since) \
     VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
const TAKE_BACK: &str =
    "DELETE FROM messages WHERE invitee = ?1 AND delivered_at IS NULL AND (?2 = '' OR organization = ?2)";

/// Beyond the limit, the table's own rule breaks the batch: a lost race like any other.
const CHARGE: &str = "INSERT INTO invitation_quotas (subject, day, used, most) \
     SELECT value ->> 'subject', value ->> 'day', value ->> 'count', value ->> 'most' FROM json_each(?1) WHERE true \
     ON CONFLICT (subject) DO UPDATE SET used = excluded.used + CASE WHEN day < excluded.day THEN 0 ELSE used END, \
     day = MAX(day, excluded.day), most = excluded.most";
pub(super) const FORGET_QUOTAS: &str = "DELETE FROM invitation_quotas WHERE day < ?1";

/// Any number of messages in one statement.
const MESSAGES: &str = "INSERT INTO messages (id, organization, version, notice, seed, created_at, due_at, invitee, recipient) \
     SELECT value ->> 'id', value ->> 'organization', value ->> 'version', value -> 'notice', value ->> 'seed', \
     value ->> 'createdAt', value ->> 'dueAt', value ->> 'invitee', value ->> 'recipient' FROM json_each(?1)";

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("load members' addresses", JOINED),
        ("load suppressions", SUPPRESSED),
        ("load quotas", SENT),
        ("list suppressions", SUPPRESSIONS),
        ("forget suppression", FORGET),
        ("take messages back", TAKE_BACK),
        ("forget quotas", FORGET_QUOTAS),
        ("suppress", SUPPRESS),
        ("charge quotas", CHARGE),
        ("send messages", MESSAGES),
    ]
}

#[derive(Deserialize)]
struct Sent {
    subject: QuotaSubject,
    usage: Usage,
}

/// The statements behind a need; `target` are the four parameters of `target!`.
pub(super) fn load(need: &SendingNeed, target: &[Param]) -> Vec<Statement> {
    let again: Param = need.again.map(|id| id.to_string()).into();
    let addresses: Vec<&str> = need.to.iter().map(Email::canonical).collect();
    let inviter = QuotaSubject::inviter(&need.inviter);
    let subjects: Vec<QuotaSubject> = need.to.iter().map(QuotaSubject::recipient).chain([inviter]).collect();
    let with = |sql, asked| Statement::new(sql, [target, &[asked, again.clone()]].concat());
    vec![with(JOINED, list(&addresses)), with(SUPPRESSED, list(&addresses)), with(SENT, list(&subjects))]
}

pub(super) fn take(decoder: &mut Decoder, facts: &mut Facts) -> Result<(), Unavailable> {
    facts.joined = decoder.many()?;
    facts.suppressed = decoder.many()?;
    let sent: Vec<Sent> = decoder.many()?;
    facts.sent = sent.into_iter().map(|sent| (sent.subject, sent.usage)).collect();
    Ok(())
}

/// A message with whom it invites.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Addressed<'a> {
    #[serde(flatten)]
    message: &'a Message,
    invitee: Option<&'a str>,
    recipient: &'a str,
}

/// What a commit sends, counts and never sends again.
pub(super) fn commit(commit: &Commit) -> Vec<Statement> {
    let messages = (!commit.messages.is_empty()).then(|| messages(&commit.messages));
    let charges = (!commit.charges.is_empty()).then(|| charge(&commit.charges));
    let suppressed = commit.suppression.iter().flat_map(suppress);
    charges.into_iter().chain(messages).chain(suppressed).collect()
}

fn messages(messages: &[Message]) -> Statement {
    Statement::new(MESSAGES, vec![json(&messages.iter().map(addressed).collect::<Vec<_>>())])
}

fn addressed(message: &Message) -> Addressed<'_> {
    let recipient = message.notice.to.canonical();
    let invitee = (message.notice.kind == NoticeKind::Invitation).then_some(recipient);
    Addressed { message, invitee, recipient }
}

fn charge(charges: &[Charge]) -> Statement {
    Statement::new(CHARGE, vec![json(&charges)])
}

fn suppress(wish: &Suppression) -> [Statement; 2] {
    let key = [wish.address.canonical().into(), about(wish.organization)];
    let name: Param = wish.organization_name.clone().map(String::from).into();
    let whole = [key.as_slice(), &[name, wish.since.millis().into()]].concat();
    [Statement::new(SUPPRESS, whole), Statement::new(TAKE_BACK, key.to_vec())]
}

/// The organization's id, or nothing for all of them.
fn about(organization: Option<OrganizationId>) -> Param {
    organization.map(|id| id.to_string()).unwrap_or_default().into()
}

impl<X: Executor> SqlStore<X> {
    pub(super) async fn list_suppressions(&self, filter: &SuppressionFilter) -> Result<Vec<Suppression>, Unavailable> {
        // The wish about all has the empty text, and `~` comes after every hex digit.
        let from = filter.after.map(|after| after.map_or_else(|| "-".to_owned(), |id| format!("{id}~")));
        let params = vec![filter.email.canonical().into(), from.unwrap_or_default().into(), filter.limit.into()];
        self.run(&[Statement::new(SUPPRESSIONS, params)]).await?.many()
    }

    pub(super) async fn delete_suppression(
        &self,
        email: &Email,
        organization: Option<OrganizationId>,
        nonce: Option<&UpstreamNonce>,
    ) -> Result<Committed, Unavailable> {
        let forget = Statement::new(FORGET, vec![email.canonical().into(), about(organization)]);
        let batch: Vec<Statement> = nonce.map(nonces::spend).into_iter().chain([forget]).collect();
        nonces::outcome(self.executor.batch(&batch).await)
    }
}
