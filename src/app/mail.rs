//! Mails: what a notice says to a person, in a language of theirs, as plain text and as HTML.
//!
//! Owns which words and values a notice has; `catalogue.rs` has the words, `letter.rs` the two forms,
//! `link.rs` the address that a mail leads to. Never sends. Names in a mail lose what could be clicked (`unlinked.rs`).

mod catalogue;
mod letter;
mod link;
#[cfg(test)]
mod tests;
mod unlinked;

pub use catalogue::Language;
pub use link::LinkUrl;

use super::config::Config;
use super::keys::TokenKind;
use super::ports::Message;
use crate::domain::claim::record_name;
use crate::domain::decision::{Notice, NoticeKind};
use crate::domain::id::{MessageId, OrganizationId};
use crate::domain::role::Roles;
use catalogue::fill;
use letter::Letter;
use serde::Serialize;
use unlinked::unlinked;

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
    /// In which language subject, text and HTML are.
    pub language: &'static str,
    /// The subject line.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part, a whole document that says the same.
    pub html: String,
    /// Where the mail leads; none where it shows no link.
    pub link: Option<String>,
    /// The token in the link, if there is one.
    pub token: Option<String>,
    /// The organization's name, without what could be clicked.
    pub organization_name: String,
    /// Who caused it, as the reader may see them, without what could be clicked.
    pub actor: Option<String>,
    /// What that person wrote, without what could be clicked.
    pub message: Option<String>,
    /// The keys of the roles that the reader gets.
    pub roles: Option<Roles>,
    /// The domain it is about.
    pub domain: Option<String>,
    /// From when on it is too late for what the mail speaks of.
    pub expires_at: Option<String>,
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
    let link = config.links.leading(notice.kind.as_str(), notice.organization_slug.as_str(), token.as_deref());
    let asked = notice.locale.clone().map(String::from);
    let language = Language::best(asked.as_deref().into_iter().chain(config.mail_locale.as_deref()));
    let letter = letter(language, notice, &link);
    Mail {
        id: message.id,
        organization_id: message.organization,
        kind: notice.kind.as_str(),
        to: notice.to.destination(),
        locale: asked,
        language: language.tag,
        subject: letter.subject(),
        text: letter.text(),
        html: letter.html(),
        organization_name: letter.value("organization").unwrap_or_default(),
        actor: letter.value("actor"),
        message: letter.message.as_ref().map(|lines| lines.join("\n")),
        roles: notice.roles.clone(),
        domain: letter.value("domain"),
        link: letter.action.map(|(_, link)| link.to_owned()),
        token,
        expires_at: notice.expires_at.map(|at| at.to_string()),
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

/// What a notice says. A mail whose line has no label for a button shows no link.
fn letter<'a>(language: Language, notice: &Notice, link: &'a str) -> Letter<'a> {
    let domain = notice.domain.as_ref();
    let values = vec![
        ("organization", unlinked(notice.organization_name.as_str())),
        ("actor", unlinked(&somebody(language, &notice.actor))),
        // Shown whole: the organization has proven that the domain is its own.
        ("domain", domain.map_or_else(String::new, |domain| domain.as_str().to_owned())),
        ("record", domain.map(record_name).unwrap_or_default()),
    ];
    let [subject, sentence, label] = language.say(notice.kind.as_str());
    let [once, time, _] = language.say("until");
    let until = notice.expires_at.map(|at| {
        let sentence = if token_of(notice.kind).is_some() { once } else { time };
        fill(sentence, &[("until", &language.date(at))])
    });
    let message = notice.message.as_ref().map(|message| message.as_str().lines().map(unlinked).collect());
    let action = (!label.is_empty()).then_some((label, link));
    Letter { language, subject, sentence, values, message, action, until }
}

/// Whoever has no name is called what the rules call them, in the mail's language.
fn somebody(language: Language, actor: &str) -> String {
    let ([a_member, somebody, _], [the_nominee, ..]) = (language.say("a_member"), language.say("the_nominee"));
    let called = match actor {
        "A member" => a_member,
        "Somebody" => somebody,
        "The nominee" => the_nominee,
        name => name,
    };
    called.to_owned()
}
