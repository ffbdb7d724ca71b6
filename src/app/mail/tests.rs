//! Whole mails: every kind in every language, and what hostile names can do in them.

use super::*;
use crate::app::config::Settings;
use crate::domain::domain_name::DomainName;
use crate::domain::email::Email;
use crate::domain::slug::Slug;
use crate::domain::text::{Locale, Message as Said, Name};
use crate::domain::time::Timestamp;

const LANGUAGES: [&str; 7] = ["en", "de", "fr", "es", "pt", "it", "nl"];

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

fn kinds() -> impl Iterator<Item = NoticeKind> {
    std::iter::successors(Some(NoticeKind::Invitation), |kind| next(*kind))
}

fn config(link_url: &str) -> Config {
    let given = |text: &str| Some(text.to_owned());
    Config::read(&Settings {
        public_origin: given("http://127.0.0.1:8787"),
        auth: given(r#"[{"type":"dev"}]"#),
        secret_key: Some("s".repeat(64)),
        link_url: given(link_url),
        ..Settings::default()
    })
    .unwrap_or_else(|error| panic!("{error}"))
}

fn notice(kind: NoticeKind, name: &str, locale: &str) -> Notice {
    Notice {
        kind,
        to: Email::parse("krist@nirvana.com").unwrap(),
        invitation: None,
        organization_name: Name::parse(name).unwrap(),
        organization_slug: Slug::parse("nirvana").unwrap(),
        actor: name.to_owned(),
        domain: Some(DomainName::parse("nirvana.com").unwrap()),
        roles: None,
        message: Some(Said::parse(&format!("{name}\n{name}")).unwrap()),
        locale: Some(Locale::parse(locale).unwrap()),
        expires_at: Some(Timestamp::parse("2026-12-07T18:40:59Z").unwrap()),
    }
}

fn mail(kind: NoticeKind, name: &str, locale: &str) -> Mail {
    let at = Timestamp::parse("2026-11-30T18:40:59Z").unwrap();
    let message = Message {
        id: MessageId::from_parts(1, &[7; 10]),
        organization: OrganizationId::from_parts(1, &[9; 10]),
        version: 2,
        notice: notice(kind, name, locale),
        seed: token_of(kind).map(|_| "seed".to_owned()),
        created_at: at,
        delivered_at: None,
        attempts: 0,
        due_at: at,
    };
    compose(&config("https://app.example/?from=mail&kind={kind}#{kind}={token}"), &message)
}

/// The text of a page: what stands between its tags, read back.
fn shown(html: &str) -> String {
    let texts = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    let text: String = texts.collect();
    let known = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    known.into_iter().fold(text, |text, (entity, char)| text.replace(entity, char))
}

/// The names of a page's tags, in their order, and the attributes of each.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).map(|part| part.split_once('>').unwrap().0).collect()
}

#[test]
fn every_kind_has_words_and_both_parts_in_every_language() {
    for kind in kinds() {
        for language in LANGUAGES {
            let mail = mail(kind, "Nirvana", language);
            let case = format!("{kind:?} {language}");
            assert!(!mail.subject.is_empty() && mail.language == language, "{case}");
            assert!(mail.html.contains(&format!("<html lang=\"{language}\" dir=\"ltr\">")), "{case}");
            assert!(!mail.text.contains(['{', '}']) && !mail.html.contains("{kind}"), "{case}");
            let shown = shown(&mail.html);
            for line in mail.text.lines().filter(|line| !line.is_empty()) {
                let said = line.strip_prefix("> ").unwrap_or(line);
                assert!(shown.contains(said), "{case}: the HTML part lacks {said}");
            }
            let until = Language::of(language).unwrap().date(Timestamp::parse("2026-12-07T18:40:59Z").unwrap());
            assert!(mail.text.contains(&until), "{case}");
            assert_eq!(mail.expires_at.as_deref(), Some("2026-12-07T18:40:59.000Z"), "{case}");
        }
    }
}

#[test]
fn a_page_has_one_link_if_the_mail_leads_somewhere_and_shows_its_address_as_text() {
    for kind in kinds() {
        let mail = mail(kind, "Nirvana", "en");
        let leads = !matches!(kind, NoticeKind::MemberRemoved | NoticeKind::JoinRequestDenied);
        let links = tags(&mail.html).into_iter().filter(|tag| tag.starts_with("a ")).collect::<Vec<_>>();
        assert_eq!(links.len(), usize::from(leads), "{kind:?}");
        assert_eq!(mail.link.is_some(), leads, "{kind:?}");
        if let Some(address) = mail.link {
            assert!(address.contains('&') && mail.text.contains(&address), "{kind:?}");
            assert_eq!(shown(&mail.html).matches(&address).count(), 1, "{kind:?}");
            let expected = format!("href=\"{}\"", address.replace('&', "&amp;"));
            assert!(links.iter().all(|link| link.contains(&expected)), "{kind:?}");
        }
        assert!(leads || !mail.html.contains("https://") && !mail.text.contains("https://"), "{kind:?}");
    }
}

#[test]
fn the_link_carries_the_token_or_the_organization_in_its_fragment() {
    for kind in kinds() {
        let mail = mail(kind, "Nirvana", "en");
        let name = kind.as_str();
        let fragment = match mail.token {
            Some(token) => format!("{name}={token}"),
            None => "organization=nirvana".to_owned(),
        };
        let expected = format!("https://app.example/?from=mail&kind={name}#{fragment}");
        assert!(mail.link.is_none_or(|link| link == expected), "{name}");
    }
}

#[test]
fn hostile_names_stay_text_in_every_kind_and_language() {
    let hostile = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</title></head><body onload='alert(1)'>",
        "<a href=https://evil.example>Win</a>",
        "&lt;b&gt; &amp; &#60;i&#62;",
        "</blockquote></bdi><!-- ",
        "{organization} {token} {kind} | {until}",
    ];
    for kind in kinds() {
        for language in LANGUAGES {
            let plain = mail(kind, "Nirvana", language);
            for name in hostile {
                let mail = mail(kind, name, language);
                assert_eq!(tags(&mail.html), tags(&plain.html), "{kind:?} {language} {name}");
                let text = unlinked(name);
                assert!(
                    shown(&mail.html).contains(&text) && mail.text.contains(&format!("> {text}")),
                    "{kind:?} {name}"
                );
                assert_eq!(
                    shown(&mail.html).matches("https://").count(),
                    shown(&plain.html).matches("https://").count()
                );
            }
        }
    }
}

#[test]
fn values_for_templates_of_a_messenger_have_no_links() {
    let mail = mail(NoticeKind::Invitation, "Win at evil.example", "de");
    assert_eq!(mail.organization_name, "Win at evil example");
    assert_eq!(mail.actor.as_deref(), Some("Win at evil example"));
    assert_eq!(mail.message.as_deref(), Some("Win at evil example\nWin at evil example"));
    assert_eq!(mail.domain.as_deref(), Some("nirvana.com"));
}

#[test]
fn a_name_of_another_script_is_set_apart_from_its_sentence() {
    let mail = mail(NoticeKind::Invitation, "نيرفانا", "en");
    assert!(mail.html.contains("<p><bdi>نيرفانا</bdi> invites you to join <bdi>نيرفانا</bdi>.</p>"), "{}", mail.html);
    assert!(mail.html.contains("<blockquote dir=\"auto\""), "{}", mail.html);
}

#[test]
fn a_domain_and_its_record_are_shown_whole() {
    let mail = mail(NoticeKind::DomainMissing, "Nirvana", "en");
    let record = record_name(&DomainName::parse("nirvana.com").unwrap());
    assert!(record.ends_with(".nirvana.com") && shown(&mail.html).contains(&record) && mail.text.contains(&record));
}
