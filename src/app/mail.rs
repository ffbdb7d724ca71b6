//! Mails: what a notice says to a person, in plain text and in a language of theirs.
//!
//! Owns links and how the words are put together (the [`catalogue`] has them). Never sends. Names in a mail lose what could be clicked, because whoever
//! chooses an organization's name would otherwise choose a link in a mail from us.

mod catalogue;

pub use catalogue::Language;

use super::config::Config;
use super::keys::TokenKind;
use super::ports::Message;
use crate::domain::claim::record_name;
use crate::domain::decision::{Notice, NoticeKind};
use crate::domain::id::{MessageId, OrganizationId};
use catalogue::fill;
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
    /// Where it goes: the address as it was written, a domain of another script in its ASCII form.
    pub to: String,
    /// In which language the inviter asked to say it.
    pub locale: Option<String>,
    /// In which language subject and text are.
    pub language: &'static str,
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
    let asked = notice.locale.clone().map(String::from);
    let language = Language::best(asked.as_deref().into_iter().chain(config.mail_locale.as_deref()));
    let (subject, text) = words(language, notice, &link);
    Mail {
        id: message.id,
        organization_id: message.organization,
        kind: notice.kind.as_str(),
        to: notice.to.destination(),
        locale: asked,
        language: language.tag,
        subject,
        text,
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

/// Subject and text.
fn words(language: Language, notice: &Notice, link: &str) -> (String, String) {
    let organization = unlinked(notice.organization_name.as_str());
    let actor = unlinked(&somebody(language, &notice.actor));
    let domain = notice.domain.as_ref().map_or("", |domain| domain.as_str());
    let record = notice.domain.as_ref().map(record_name).unwrap_or_default();
    let values = [("organization", organization.as_str()), ("actor", &actor), ("domain", domain), ("record", &record)];
    let (subject, first) = language.say(notice.kind.as_str());
    let (once, time) = language.say("until");
    let until = notice.expires_at.map(|at| {
        let sentence = if token_of(notice.kind).is_some() { once } else { time };
        fill(sentence, &[("until", &at.to_string())])
    });
    let said = notice.message.as_ref().map(|message| quoted(message.as_str()));
    let over = matches!(notice.kind, NoticeKind::MemberRemoved | NoticeKind::JoinRequestDenied);
    let there = (!over).then(|| link.to_owned());
    let parts = [Some(fill(first, &values)), said, there, until];
    (fill(subject, &values), parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n"))
}

/// Whoever has no name is called what the rules call them, in the mail's language.
fn somebody(language: Language, actor: &str) -> String {
    let ((a_member, somebody), (the_nominee, _)) = (language.say("a_member"), language.say("the_nominee"));
    let called = match actor {
        "A member" => a_member,
        "Somebody" => somebody,
        "The nominee" => the_nominee,
        name => name,
    };
    called.to_owned()
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

    /// The kind after a kind: one that is new does not compile before it is here, and then has its words.
    fn next(kind: NoticeKind) -> Option<NoticeKind> {
        use NoticeKind::*;
        match kind {
            Invitation => Some(InvitationAccepted),
            InvitationAccepted => Some(MemberAdded),
            MemberAdded => Some(MemberRemoved),
            MemberRemoved => Some(OwnershipReceived),
            OwnershipReceived => Some(JoinRequestReceived),
            JoinRequestReceived => Some(JoinRequestApproved),
            JoinRequestApproved => Some(JoinRequestDenied),
            JoinRequestDenied => Some(Registration),
            Registration => Some(OwnershipOffered),
            OwnershipOffered => Some(OwnershipWithdrawn),
            OwnershipWithdrawn => Some(OwnershipAccepted),
            OwnershipAccepted => Some(OwnershipDeclined),
            OwnershipDeclined => Some(OwnershipExpired),
            OwnershipExpired => Some(DomainMissing),
            DomainMissing => Some(DomainLapsed),
            DomainLapsed => None,
        }
    }

    #[test]
    fn there_are_words_for_every_notice() {
        let kinds = std::iter::successors(Some(NoticeKind::Invitation), |kind| next(*kind));
        for kind in kinds {
            assert!(!Language::best([]).say(kind.as_str()).0.is_empty(), "{kind:?}");
        }
    }

    #[test]
    fn names_cannot_become_links() {
        assert_eq!(unlinked("Foo Fighters, Inc."), "Foo Fighters, Inc.");
        assert_eq!(unlinked("Win at www.evil.example"), "Win at www evil example");
        assert_eq!(unlinked("https://evil.example/x"), "https evil example x");
        assert_eq!(unlinked("me@evil"), "me evil");
    }
}
