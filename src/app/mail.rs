//! Mails: what a notice says to a person, in plain text.
//!
//! Owns wording and links. Never sends. Names in a mail lose what could be clicked, because whoever
//! chooses an organization's name would otherwise choose a link in a mail from us.

use super::config::Config;
use super::keys::TokenKind;
use super::ports::Message;
use crate::domain::claim::record_name;
use crate::domain::decision::{Notice, NoticeKind};
use crate::domain::id::{MessageId, OrganizationId};
use serde::Serialize;

/// A mail ready to go out. The only place besides an answer in which a token is in plain sight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// Its id; the same when it is delivered again.
    pub id: MessageId,
    /// About which organization.
    pub organization_id: OrganizationId,
    /// What it says, for a messenger with templates of its own.
    pub kind: &'static str,
    /// To whom.
    pub to: String,
    /// In which language the inviter asked to say it.
    pub locale: Option<String>,
    /// The subject line.
    pub subject: String,
    /// The text.
    pub text: String,
    /// Where to go.
    pub link: String,
    /// The token in the link, if there is one.
    pub token: Option<String>,
    /// When it was made.
    pub created_at: String,
    /// When it was handed over.
    pub delivered_at: Option<String>,
}

/// Writes the mail of a message.
pub fn compose(config: &Config, message: &Message) -> Mail {
    let notice = &message.notice;
    let kind = token_of(notice.kind);
    let token = message.seed.as_deref().zip(kind).map(|(seed, kind)| config.keys.token(kind, seed));
    let link = link(config, notice, token.as_deref());
    Mail {
        id: message.id,
        organization_id: message.organization,
        kind: notice.kind.as_str(),
        to: notice.to.as_str().to_owned(),
        locale: notice.locale.clone().map(String::from),
        subject: subject(notice),
        text: text(notice, &link),
        link,
        token,
        created_at: message.created_at.to_string(),
        delivered_at: message.delivered_at.map(|at| at.to_string()),
    }
}

/// What token a notice carries, if it carries one.
pub fn token_of(kind: NoticeKind) -> Option<TokenKind> {
    match kind {
        NoticeKind::Invitation => Some(TokenKind::Invitation),
        NoticeKind::Registration => Some(TokenKind::Registration),
        _ => None,
    }
}

/// Rule: a token travels in the fragment, which browsers send to nobody and no log keeps.
fn link(config: &Config, notice: &Notice, token: Option<&str>) -> String {
    let origin = &config.public_origin;
    match token {
        Some(token) if notice.kind == NoticeKind::Registration => format!("{origin}/#registration={token}"),
        Some(token) => format!("{origin}/#invitation={token}"),
        None => format!("{origin}/#organization={}", notice.organization_slug),
    }
}

fn subject(notice: &Notice) -> String {
    let organization = unlinked(notice.organization_name.as_str());
    let domain = notice.domain.as_ref().map_or("", |domain| domain.as_str());
    match notice.kind {
        NoticeKind::Invitation => format!("You are invited to {organization}"),
        NoticeKind::InvitationAccepted => format!("Your invitation to {organization} was accepted"),
        NoticeKind::MemberAdded => format!("You were added to {organization}"),
        NoticeKind::MemberRemoved => format!("You were removed from {organization}"),
        NoticeKind::OwnershipReceived => format!("You are now the owner of {organization}"),
        NoticeKind::JoinRequestReceived => format!("Somebody asks to join {organization}"),
        NoticeKind::JoinRequestApproved => format!("You may join {organization}"),
        NoticeKind::JoinRequestDenied => format!("Your request to join {organization} was declined"),
        NoticeKind::Registration => format!("Confirm the registration of {organization}"),
        NoticeKind::OwnershipOffered => format!("You are asked to take over {organization}"),
        NoticeKind::OwnershipWithdrawn => format!("You are not asked to take over {organization} any more"),
        NoticeKind::OwnershipAccepted => format!("{organization} has a new owner"),
        NoticeKind::OwnershipDeclined => format!("Your request to take over {organization} was declined"),
        NoticeKind::OwnershipExpired => format!("Your request to take over {organization} has expired"),
        NoticeKind::DomainMissing => format!("The proof of {domain} is missing"),
        NoticeKind::DomainLapsed => format!("{domain} is no longer verified for {organization}"),
    }
}

fn text(notice: &Notice, link: &str) -> String {
    let organization = unlinked(notice.organization_name.as_str());
    let actor = unlinked(&notice.actor);
    let domain = notice.domain.as_ref().map_or("", |domain| domain.as_str());
    let record = notice.domain.as_ref().map(record_name).unwrap_or_default();
    let first = match notice.kind {
        NoticeKind::Invitation => format!("{actor} invites you to join {organization}."),
        NoticeKind::InvitationAccepted => format!("{actor} accepted your invitation to {organization}."),
        NoticeKind::MemberAdded => format!("{actor} added you to {organization}."),
        NoticeKind::MemberRemoved => format!("{actor} removed you from {organization}."),
        NoticeKind::OwnershipReceived => format!("{actor} handed {organization} over to you."),
        NoticeKind::JoinRequestReceived => format!("{actor} asks to join {organization}."),
        NoticeKind::JoinRequestApproved => format!("{actor} approved your request to join {organization}."),
        NoticeKind::JoinRequestDenied => format!("Your request to join {organization} was declined."),
        NoticeKind::Registration => {
            format!(
                "Somebody registered {organization} with this address. If it was you, sign in by this link and it is yours. If not, do nothing: it will be deleted."
            )
        }
        NoticeKind::OwnershipOffered => format!("{actor} asks you to take over {organization}."),
        NoticeKind::OwnershipWithdrawn => format!("{actor} does not ask you to take over {organization} any more."),
        NoticeKind::OwnershipAccepted => format!("{actor} took over {organization}. You stay as admin."),
        NoticeKind::OwnershipDeclined => format!("{actor} does not take over {organization}. You still own it."),
        NoticeKind::OwnershipExpired => format!("{actor} did not answer in time. You still own {organization}."),
        NoticeKind::DomainMissing => format!(
            "The TXT record at {record} that proves that {domain} belongs to {organization} cannot be found. Put it back, or the domain will be verified no longer."
        ),
        NoticeKind::DomainLapsed => format!(
            "The TXT record that proves that {domain} belongs to {organization} has been missing for too long. The domain opens nothing any more and is free to be verified by others; put the record back and verify it again."
        ),
    };
    let said = notice.message.as_ref().map(|message| quoted(message.as_str()));
    let until = notice.expires_at.map(|at| match notice.kind {
        NoticeKind::Invitation | NoticeKind::Registration => format!("The link works once, until {at}."),
        _ => format!("There is time until {at}."),
    });
    let there =
        (!matches!(notice.kind, NoticeKind::MemberRemoved | NoticeKind::JoinRequestDenied)).then(|| link.to_owned());
    [Some(first), said, there, until].into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

fn quoted(message: &str) -> String {
    let lines = message.lines().map(|line| format!("> {}", unlinked(line)));
    lines.collect::<Vec<_>>().join("\n")
}

/// Breaks whatever a mail program would turn into a link: `www.evil.example` -> `www evil example`.
fn unlinked(text: &str) -> String {
    let words = text.split(' ').map(|word| if looks_like_link(word) { break_up(word) } else { word.to_owned() });
    words.collect::<Vec<_>>().join(" ")
}

/// An address of any scheme, or letters on both sides of a dot.
fn looks_like_link(word: &str) -> bool {
    let mut parts = word.split('.').map(|part| part.chars().any(char::is_alphanumeric));
    word.contains("://") || word.contains('@') || parts.by_ref().filter(|is_text| *is_text).count() > 1
}

fn break_up(word: &str) -> String {
    word.split(['.', ':', '/', '@']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_become_links() {
        assert_eq!(unlinked("Foo Fighters, Inc."), "Foo Fighters, Inc.");
        assert_eq!(unlinked("Win at www.evil.example"), "Win at www evil example");
        assert_eq!(unlinked("https://evil.example/x"), "https evil example x");
        assert_eq!(unlinked("me@evil"), "me evil");
    }
}
