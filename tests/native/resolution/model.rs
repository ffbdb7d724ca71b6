//! Resolution on paper: words instead of values, sets instead of searches. Written from the rule as it
//! is told to users, and by nothing of `src`.

use std::collections::BTreeSet;

/// What a place names: the name of a kind in `tests/resolution/world.json`.
pub type Kind = &'static str;

/// A request, as far as it matters.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The places that name something, in the order of precedence.
    pub explicit: Vec<(&'static str, Kind)>,
    pub remembered: Option<Kind>,
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub struct Asker {
    pub anonymous: bool,
    pub memberships: &'static [&'static str],
    /// Whether the operator offers the foreign organization, to nobody and to newcomers.
    pub offered: bool,
}

/// What resolution says, in words: outcome, organization, source.
pub type Answer = (&'static str, &'static str, &'static str);

pub const CALLERS: [(&str, &[&str], bool); 5] = [
    ("anonymous", &[], true),
    ("none", &[], false),
    ("one", &["mine"], false),
    ("asleep", &["suspended", "powerless"], false),
    ("many", &["mine", "other", "suspended", "powerless"], false),
];

pub fn answer(asked: &Asked, asker: Asker) -> Answer {
    // Nobody has proven that this host is theirs.
    let counts = |(place, kind): &&(&'static str, Kind)| !(*place == "domain" && *kind == "missing");
    let named: Vec<_> = asked.explicit.iter().filter(counts).collect();
    let Some((place, kind)) = named.first() else { return unnamed(asked, asker) };
    let meant: Vec<&str> = named.iter().map(|(_, kind)| organization(kind)).collect();
    if !meant.iter().all(|organization| knows(asker, organization)) {
        return ("unknown", "", "");
    }
    if meant.iter().collect::<BTreeSet<_>>().len() > 1 {
        return ("ambiguous", "", "");
    }
    let outcome = match *kind {
        "former" => "redirect",
        "powerless" => "suspended",
        _ => "resolved",
    };
    (outcome, organization(kind), source(place))
}

fn unnamed(asked: &Asked, asker: Asker) -> Answer {
    // Suspended organizations and suspended memberships: not on anybody's behalf.
    let awake = asker.memberships.iter().copied().filter(|name| !["suspended", "powerless"].contains(name));
    let awake: Vec<&'static str> = awake.collect();
    if let Some(name) = awake.iter().find(|name| Some(**name) == asked.remembered) {
        return ("resolved", name, "remembered");
    }
    match awake.as_slice() {
        [only] => ("resolved", only, "only"),
        [_, ..] => ("choose", "", ""),
        [] if asker.anonymous && asker.offered => ("resolved", "foreign", "fallback"),
        [] if !asker.anonymous && asker.offered && asker.memberships.is_empty() => ("none", "foreign", ""),
        [] => ("none", "", ""),
    }
}

/// Which organization is meant; nothing for what means none.
fn organization(kind: Kind) -> &'static str {
    match kind {
        "former" => "mine",
        "missing" | "broken" => "",
        kind => kind,
    }
}

fn knows(asker: Asker, organization: &str) -> bool {
    let shown = asker.anonymous && asker.offered && organization == "foreign";
    shown || asker.memberships.contains(&organization)
}

fn source(place: &'static str) -> &'static str {
    if place == "label" || place == "domain" { "host" } else { place }
}
