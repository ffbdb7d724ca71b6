//! Every combination of places, of what they name and of who asks, against a model on paper: as the
//! pure function, as the npm package's JSON, and over HTTP on a store.

mod domains;
mod http;
mod model;
mod next;
mod world;

use guildhall::domain::resolve::{Finding, Hints, Resolution, Seen, Source, Verdict, explain, resolve};
use guildhall::ffi;
use model::{Answer, Asked, Asker, CALLERS, Kind};
use serde_json::Value;

/// One way in which the places of a request name something, and all others with it.
fn with(place: &'static str, before: Vec<Asked>) -> Vec<Asked> {
    let more = |asked: &Asked| -> Vec<Asked> {
        let named = world::kinds(place).into_iter().map(|kind| named(asked, place, kind));
        [asked.clone()].into_iter().chain(named).collect()
    };
    before.iter().flat_map(more).collect()
}

fn named(asked: &Asked, place: &'static str, kind: Kind) -> Asked {
    let mut asked = asked.clone();
    asked.explicit.push((place, kind));
    asked
}

/// Path, header, query, host (a label or a domain) and pass: each names each kind, or nothing.
fn all_explicit() -> Vec<Asked> {
    let before_host =
        ["path", "header", "query"].into_iter().fold(vec![Asked::default()], |all, place| with(place, all));
    let labelled = with("label", before_host.clone());
    let of_domain = |asked: &Asked| -> Vec<Asked> {
        world::kinds("domain").into_iter().map(|kind| named(asked, "domain", kind)).collect()
    };
    let hosted = before_host.iter().flat_map(of_domain);
    with("pass", labelled.into_iter().chain(hosted).collect())
}

/// A choice made before, of each kind; beside more than two names of any kind, one will do.
fn remembering(asked: &Asked) -> Vec<Asked> {
    let most = if asked.explicit.len() > 2 { 1 } else { usize::MAX };
    let choices = world::kinds("remembered").into_iter().take(most).map(Some);
    [None].into_iter().chain(choices).map(|remembered| Asked { remembered, ..asked.clone() }).collect()
}

/// What the operator offers matters to those who have nothing.
fn askers() -> Vec<Asker> {
    let asker = |offered| CALLERS.map(|(_, memberships, anonymous)| Asker { anonymous, memberships, offered });
    let without = asker(false).into_iter().filter(|asker| asker.memberships.is_empty());
    asker(true).into_iter().chain(without).collect()
}

fn word(source: Source) -> &'static str {
    match source {
        Source::Path => "path",
        Source::Header => "header",
        Source::Query => "query",
        Source::Host => "host",
        Source::Pass => "pass",
        Source::Remembered => "remembered",
        Source::Only => "only",
        Source::Fallback => "fallback",
        Source::AutoJoin => "auto_join",
    }
}

fn told(resolution: &Resolution<'_>) -> Answer {
    let kind = world::kind_by_id;
    match resolution {
        Resolution::Resolved(found, source) => ("resolved", kind(found.organization), word(*source)),
        Resolution::Redirect(found, source) => ("redirect", kind(found.organization), word(*source)),
        Resolution::Suspended(found, source) => ("suspended", kind(found.organization), word(*source)),
        Resolution::Public(found, source) => ("resolved", kind(found.id), word(*source)),
        Resolution::Join(found) => ("none", kind(found.id), ""),
        Resolution::Choose(_) => ("choose", "", ""),
        Resolution::None => ("none", "", ""),
        Resolution::Ambiguous => ("ambiguous", "", ""),
        Resolution::Unknown => ("unknown", "", ""),
        Resolution::Skipped => ("skipped", "", ""),
    }
}

/// An explanation tells the same story as the answer.
fn story(asked: &Asked, resolution: &Resolution<'_>, findings: &[Finding]) -> Result<(), &'static str> {
    let count = |verdicts: &[Verdict]| findings.iter().filter(|finding| verdicts.contains(&finding.verdict)).count();
    let decided = matches!(resolution, Resolution::Resolved(..) | Resolution::Redirect(..) | Resolution::Public(..));
    let moved = matches!(resolution, Resolution::Redirect(..));
    let laws = [
        ("each place has its finding", findings.len() > asked.explicit.len()),
        ("exactly one place decides, or none", count(&[Verdict::Won, Verdict::Moved]) == usize::from(decided)),
        (
            "a suspended membership says so",
            !matches!(resolution, Resolution::Suspended(..)) || count(&[Verdict::Suspended]) >= 1,
        ),
        ("what moved says so", count(&[Verdict::Moved]) == usize::from(moved)),
        ("two disagree", matches!(resolution, Resolution::Ambiguous) == (count(&[Verdict::Disagrees]) >= 2)),
        (
            "what spoils is found",
            matches!(resolution, Resolution::Unknown) == (count(&[Verdict::Unknown, Verdict::Unreadable]) > 0),
        ),
        ("whoever joins is told", matches!(resolution, Resolution::Join(_)) == (count(&[Verdict::WouldJoin]) == 1)),
        ("a choice is told", matches!(resolution, Resolution::Choose(_)) == (count(&[Verdict::Several]) == 1)),
    ];
    laws.into_iter().find(|(_, holds)| !holds).map_or(Ok(()), |(law, _)| Err(law))
}

#[test]
fn every_combination_resolves_as_on_paper_and_explains_itself() {
    let worlds: Vec<(Asker, Seen)> = askers().into_iter().map(|asker| (asker, world::seen(asker))).collect();
    let mut count = 0;
    for asked in all_explicit() {
        let hints = world::hints(&asked);
        for asked in remembering(&asked) {
            let hints = Hints { remembered: asked.remembered.map(world::id), ..hints.clone() };
            for (asker, seen) in &worlds {
                let resolution = resolve(&hints, seen);
                assert_eq!(told(&resolution), model::answer(&asked, *asker), "{asked:?} {asker:?}");
                if asked.explicit.len() <= 3 {
                    let (explained, findings) = explain(&hints, seen);
                    assert_eq!(explained, resolution);
                    assert_eq!(story(&asked, &resolution, &findings), Ok(()), "{asked:?} {asker:?} {findings:?}");
                }
                count += 1;
            }
        }
    }
    assert!(count >= 8 * 8 * 8 * 13 * 6 * 2 * 7, "{count}");
}

/// What the JSON of the npm package says, in the words of the model.
fn told_in_json(value: &Value) -> (String, &'static str, String) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let organization = value.get("organization").or_else(|| value["autoJoin"].get("organization"));
    let kind = organization.map(|organization| world::kind_of(organization["id"].as_str().unwrap()));
    (text(&value["outcome"]), kind.unwrap_or_default(), text(&value["source"]))
}

/// The same table through the contract with JavaScript: one or two places at once.
#[test]
fn the_npm_package_resolves_as_on_paper() {
    let few = |asked: &Asked| asked.explicit.len() <= 2;
    let mut count = 0;
    for asked in all_explicit().iter().filter(|asked| few(asked)).flat_map(remembering) {
        for asker in askers() {
            let reply = ffi::resolve_organization(&world::request(&asked, asker).to_string());
            let value: Value = serde_json::from_str(&reply).unwrap();
            let (outcome, organization, source) = model::answer(&asked, asker);
            let expected = (outcome.to_owned(), organization, source.to_owned());
            assert_eq!(told_in_json(&value["value"]), expected, "{asked:?} {asker:?} {reply}");
            count += 1;
        }
    }
    assert!(count > 20_000, "{count}");
}
