//! Why a request was resolved as it was: each place that could have named an organization, what it
//! named, and why it won or lost.
//!
//! Owns the words. Never decides: a verdict is read off the same sights and the same resolution that
//! [`resolve`] gives, so that the two cannot differ.

use super::affiliation::Affiliation;
use super::hint::{Hint, Hints, Named, Seen, Source};
use super::{Resolution, Sight, choices, look, resolve};
use crate::domain::id::OrganizationId;

/// One place, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The place.
    pub source: Source,
    /// What stood there, if it can be an organization's name.
    pub named: Option<String>,
    /// The organization that this is, as far as the caller may know.
    pub organization: Option<OrganizationId>,
    /// What became of it.
    pub verdict: Verdict,
}

macro_rules! verdicts {
    ($($name:ident $code:literal $sentence:literal)+) => {
        /// Why a place won or lost.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Verdict {
            $(#[doc = $sentence] $name,)+
        }

        impl Verdict {
            /// Every verdict.
            pub const ALL: &'static [Verdict] = &[$(Verdict::$name,)+];

            /// The stable public code, in snake_case.
            pub fn code(self) -> &'static str {
                match self { $(Verdict::$name => $code,)+ }
            }

            /// The same in words.
            pub fn sentence(self) -> &'static str {
                match self { $(Verdict::$name => $sentence,)+ }
            }
        }
    };
}

verdicts! {
    Won             "won"               "it decides"
    Moved           "moved"             "it decides, by a slug that the organization no longer has"
    Agrees          "agrees"            "it names the same organization as what decides"
    Disagrees       "disagrees"         "another place names another organization: nothing is chosen"
    Spoiled         "spoiled"           "another place names nothing of the caller's: nothing is chosen"
    Unknown         "unknown"           "what it names does not exist, or is not the caller's"
    Unreadable      "unreadable"        "the text is neither an id nor a slug, or it is there twice"
    NobodysHost     "nobodys_host"      "nobody has proven that the host is theirs: it names nothing"
    Overruled       "overruled"         "something stronger decides"
    NotAMember      "not_a_member"      "the caller is not, or no longer, a member"
    Inactive        "inactive"          "what is suspended is never chosen on the caller's behalf"
    Suspended       "suspended"         "the caller's membership is suspended: it gives nothing, and is never chosen on the caller's behalf"
    NoneActive      "none_active"       "the caller has no active organization"
    Several         "several"           "the caller has several: one must be chosen"
    SignedIn        "signed_in"         "it is for callers who are nobody in particular"
    HasOrganization "has_organization"  "it is for people who are in no organization"
    WouldJoin       "would_join"        "the caller would become a member, when asked to by POST /v1/resolve"
    NotSignedIn     "not_signed_in"     "nobody is calling"
    Skipped         "skipped"           "the path has no organization, whatever the request says"
}

/// Resolves, and says of each place why it won or lost, in order of precedence.
pub fn explain<'a>(hints: &Hints, seen: &'a Seen) -> (Resolution<'a>, Vec<Finding>) {
    let resolution = resolve(hints, seen);
    let reading = Reading { hints, seen, resolution: &resolution };
    let mut findings: Vec<Finding> = Vec::new();
    for hint in &hints.explicit {
        let decides = [Verdict::Won, Verdict::Moved, Verdict::Suspended];
        let earlier = findings.iter().any(|finding| decides.contains(&finding.verdict));
        findings.push(reading.explicit(hint, earlier));
    }
    findings.extend(hints.remembered.map(|organization| reading.remembered(organization)));
    findings.push(reading.only());
    findings.extend(seen.fallback.as_ref().map(|public| reading.fallback(public.id)));
    findings.extend(seen.auto_join.as_ref().map(|public| reading.auto_join(public.id)));
    (resolution, findings)
}

/// What verdicts are read off.
struct Reading<'a> {
    hints: &'a Hints,
    seen: &'a Seen,
    resolution: &'a Resolution<'a>,
}

impl Reading<'_> {
    fn explicit(&self, hint: &Hint, decided: bool) -> Finding {
        let sight = look(&hint.named, self.seen);
        let named = match &hint.named {
            Named::Organization(reference) => Some(String::from(reference.clone())),
            Named::Domain(host) => Some(host.as_str().to_owned()),
            Named::Unreadable => None,
        };
        let verdict = match (&hint.named, sight) {
            _ if self.hints.skipped => Verdict::Skipped,
            (Named::Unreadable, _) => Verdict::Unreadable,
            (_, None) => Verdict::NobodysHost,
            (_, Some(Sight::Unknown)) => Verdict::Unknown,
            (_, Some(known)) => self.among_others(known, decided),
        };
        let organization = sight.and_then(Sight::organization);
        Finding { source: hint.source, named, organization, verdict }
    }

    /// A hint that names something good.
    fn among_others(&self, sight: Sight<'_>, decided: bool) -> Verdict {
        match self.resolution {
            Resolution::Ambiguous => Verdict::Disagrees,
            Resolution::Unknown => Verdict::Spoiled,
            _ if decided => Verdict::Agrees,
            Resolution::Suspended(..) => Verdict::Suspended,
            _ if matches!(sight, Sight::Mine { formerly: true, .. }) => Verdict::Moved,
            _ => Verdict::Won,
        }
    }

    fn remembered(&self, organization: OrganizationId) -> Finding {
        let mut mine = self.seen.affiliations.iter().filter(|affiliation| affiliation.organization == organization);
        let verdict = self.weaker(Source::Remembered).unwrap_or_else(|| match mine.next() {
            Some(affiliation) if affiliation.can_be_chosen() => Verdict::Overruled,
            Some(affiliation) if affiliation.is_suspended() => Verdict::Suspended,
            Some(_) => Verdict::Inactive,
            None => Verdict::NotAMember,
        });
        let named = Some(organization.to_string());
        Finding { source: Source::Remembered, named, organization: Some(organization), verdict }
    }

    fn only(&self) -> Finding {
        let verdict = self.weaker(Source::Only).unwrap_or(match self.resolution {
            _ if !self.seen.signed_in => Verdict::NotSignedIn,
            Resolution::Choose(_) => Verdict::Several,
            _ if self.seen.affiliations.iter().any(Affiliation::is_suspended) => Verdict::Suspended,
            _ => Verdict::NoneActive,
        });
        let only = choices(self.seen).next().filter(|_| verdict == Verdict::Won);
        Finding { source: Source::Only, named: None, organization: only.map(|only| only.organization), verdict }
    }

    fn fallback(&self, organization: OrganizationId) -> Finding {
        let verdict = match self.weaker(Source::Fallback) {
            _ if self.seen.signed_in => Verdict::SignedIn,
            known => known.unwrap_or(Verdict::Inactive),
        };
        offered(Source::Fallback, organization, verdict)
    }

    fn auto_join(&self, organization: OrganizationId) -> Finding {
        let verdict = match self.resolution {
            Resolution::Join(_) => Verdict::WouldJoin,
            _ if !self.seen.signed_in => Verdict::NotSignedIn,
            _ if !self.seen.affiliations.is_empty() => Verdict::HasOrganization,
            _ => self.weaker(Source::AutoJoin).unwrap_or(Verdict::Inactive),
        };
        offered(Source::AutoJoin, organization, verdict)
    }

    /// The verdict on a place that names nothing outright, as far as it follows from what decided.
    fn weaker(&self, source: Source) -> Option<Verdict> {
        let winner = match self.resolution {
            Resolution::Skipped => return Some(Verdict::Skipped),
            Resolution::Ambiguous | Resolution::Unknown => return Some(Verdict::Overruled),
            Resolution::Choose(_) | Resolution::Join(_) | Resolution::None => return None,
            Resolution::Resolved(_, winner)
            | Resolution::Redirect(_, winner)
            | Resolution::Suspended(_, winner)
            | Resolution::Public(_, winner) => *winner,
        };
        match winner == source {
            true => Some(Verdict::Won),
            // What decides by default leaves each of the others its own reason.
            false => (winner <= Source::Remembered && winner < source).then_some(Verdict::Overruled),
        }
    }
}

/// What the operator's settings offer.
fn offered(source: Source, organization: OrganizationId, verdict: Verdict) -> Finding {
    Finding { source, named: Some(organization.to_string()), organization: Some(organization), verdict }
}
