//! Ids and slugs that follow from a dump alone.
//!
//! Owns their derivation, which is part of the stored data: a change here makes a repeated import
//! create everything twice. Rule: ids come from what Django never changes about a row. An
//! organization is its primary key and the instant of its creation, not its name or slug, which
//! people edit. Two sites differ by these instants (milliseconds); sites that were loaded from one and
//! the same fixture differ by the name that the caller gives each of them. A membership is the organization and the user, as
//! Django's own unique constraint has it.

use super::SiteName;
use crate::app::mint::numbered;
use crate::domain::encoding::base32;
use crate::domain::id::{MembershipId, OrganizationId, UserId};
use crate::domain::slug::Slug;
use crate::domain::text::Name;
use crate::domain::time::Timestamp;

const LABEL: &str = "guildhall django import v1";

/// The id of the organization with this primary key and instant of creation, on the site of this
/// name. A site without a name adds nothing, so that imports from before there were names repeat.
pub(super) fn organization_id(site: Option<&SiteName>, pk: &str, created: Timestamp) -> OrganizationId {
    let parts: Vec<&str> = [super::ORGANIZATION, pk].into_iter().chain(site.map(SiteName::as_str)).collect();
    OrganizationId::from_parts(created.unsigned_millis(), &first_ten(&digest(&parts)))
}

/// The id of a user's membership in an organization.
pub(super) fn membership_id(organization: OrganizationId, user: &UserId, created: Timestamp) -> MembershipId {
    let parts = [super::MEMBERSHIP, &organization.to_string(), user.as_str()];
    MembershipId::from_parts(created.unsigned_millis(), &first_ten(&digest(&parts)))
}

/// Slugs to try, best first: Django's, made to fit; `acme`, `acme-2` … `acme-20` after the name; one that no
/// other organization has; and one for where the installation reserves all of these.
pub(super) fn slugs(django: &str, name: &Name, id: OrganizationId) -> Vec<Slug> {
    let base = Slug::suggest(name.as_str());
    let own = suffix(&digest(&["slug", &id.to_string()]));
    let unique = [base.with_suffix(&own), Slug::suggest("").with_suffix(&own)];
    let mut slugs: Vec<Slug> = Vec::new();
    for slug in fitting(django).into_iter().chain(numbered(&base)).chain(unique) {
        if !slugs.contains(&slug) {
            slugs.push(slug);
        }
    }
    slugs
}

/// Django's slug, or what is left of it under the rule here (`hello__world` -> `hello-world`).
/// Nothing for one without a letter: `-2` is what Django makes of a name in another script.
fn fitting(django: &str) -> Option<Slug> {
    let letters = django.bytes().any(|byte| byte.is_ascii_alphabetic());
    Slug::parse(django).ok().or_else(|| letters.then(|| Slug::suggest(django)))
}

fn digest(parts: &[&str]) -> [u8; 32] {
    let mut hash = hmac_sha256::Hash::new();
    for part in [LABEL].iter().chain(parts) {
        // Length first, so that no two lists of parts are the same bytes.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize()
}

fn first_ten(digest: &[u8; 32]) -> [u8; 10] {
    digest.first_chunk().copied().unwrap_or_default()
}

fn suffix(digest: &[u8; 32]) -> String {
    let five: [u8; 5] = digest.first_chunk().copied().unwrap_or_default();
    base32(&five)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_pinned_because_repeated_imports_rely_on_them() {
        let created = Timestamp::from_millis(1_337_892_127_894);
        let organization = organization_id(None, "1", created);
        let member = membership_id(organization, &UserId::parse("dave").unwrap(), created);
        assert_eq!(organization.to_string(), "org_01378095c49679a0a49c971218cf4215");
        assert_eq!(member.to_string(), "mem_01378095c4967ef79867a30290994f44");
        assert_ne!(organization_id(None, "2", created), organization);
        let site = SiteName::parse("eu.example.com").unwrap();
        let named = organization_id(Some(&site), "1", created);
        assert_eq!(named.to_string(), "org_01378095c4967de99fb8ece31ce5fabe");
        assert_ne!(organization_id(None, "1", created.plus_seconds(1)), organization);
    }

    #[test]
    fn a_slug_is_kept_when_it_fits_and_mended_when_it_does_not() {
        let id = organization_id(None, "1", Timestamp::from_millis(0));
        for (django, name, first, second) in [
            ("acme", "Acme", "acme", "acme-2"),
            ("old-name", "New Name", "old-name", "new-name"),
            ("hello__world-x", "Hello__World -- X", "hello-world-x", "hello-world-x-2"),
            ("admin", "Admins", "admin-org", "admins"),
            ("2019", "Class of 2019", "2019", "class-of-2019"),
            ("-2", "日本", "organization", "organization-2"),
            ("", "Acme", "acme", "acme-2"),
        ] {
            let slugs = slugs(django, &Name::parse(name).unwrap(), id);
            let two: Vec<&str> = slugs.iter().take(2).map(Slug::as_str).collect();
            assert_eq!(two, [first, second], "{django} {name}");
            assert!((21..=23).contains(&slugs.len()));
        }
    }
}
