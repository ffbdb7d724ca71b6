//! A set of permissions as text: base64url of its bits.
//!
//! Owns the places. Bit 0 is the lowest of the first byte. The built-in permissions have the places 0 to
//! 63 in the order of their list, which therefore only ever grows at its end; the application's have
//! those from 64 on, in the order in which the token names them.

use crate::domain::base64url::decode;
use crate::domain::encoding::base64url;
use crate::domain::permission::{Permission, PermissionSet};

/// Where the application's permissions begin.
const APPLICATION: usize = 64;

/// All places: 64 built-in ones and the 192 that an application can declare.
const BYTES: usize = 32;

/// The text of a set, without bytes of zero at its end.
pub fn write(set: PermissionSet) -> String {
    let mut bytes = [0u8; BYTES];
    for place in set.iter().filter_map(place) {
        if let Some(byte) = bytes.get_mut(place / 8) {
            *byte |= 1 << (place % 8);
        }
    }
    let used = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
    base64url(bytes.get(..used).unwrap_or_default())
}

fn place(permission: Permission) -> Option<usize> {
    match permission {
        Permission::Application(number) => APPLICATION.checked_add(usize::from(number)),
        built_in => Permission::BUILT_IN.iter().position(|other| *other == built_in),
    }
}

/// The set of a text; `None` if it is not written as [`write()`] does, or names one of the application's
/// beyond the `application` first. A built-in place that this version does not know gives nothing.
pub fn read(text: &str, application: usize) -> Option<PermissionSet> {
    let mut room = [0u8; BYTES];
    let bytes = decode(text, &mut room).filter(|bytes| bytes.last() != Some(&0))?;
    let (mut set, known) = (PermissionSet::default(), Permission::BUILT_IN.len());
    for (index, byte) in bytes.iter().enumerate() {
        for bit in (0..8).filter(|bit| byte & (1 << bit) != 0) {
            let place = index.wrapping_mul(8).wrapping_add(bit);
            match place.checked_sub(APPLICATION) {
                None if place < known => set = set.with_place(place),
                None => {}
                Some(number) if number < application => set = set.with_place(known.wrapping_add(number)),
                Some(_) => return None,
            }
        }
    }
    Some(set)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission::Catalog;

    #[test]
    fn every_permission_has_one_place() {
        let names: Vec<String> = (0..Catalog::MOST).map(|number| format!("thing:do_{number}")).collect();
        let catalog = Catalog::declare(&names).unwrap();
        let mut texts = crate::domain::table::Set::new();
        for permission in catalog.permissions() {
            let set = PermissionSet::of(&[permission]);
            assert_eq!(read(&write(set), Catalog::MOST), Some(set));
            assert!(texts.insert(write(set)));
        }
        assert_eq!(read(&write(catalog.all()), Catalog::MOST), Some(catalog.all()));
        assert_eq!(write(PermissionSet::default()), "");
    }

    /// A change here needs another `typ`: verifiers of other versions read the same bits.
    #[test]
    fn places_are_pinned() {
        let of = |permissions: &[Permission]| write(PermissionSet::of(permissions));
        assert_eq!(of(&[Permission::OrganizationRead]), "AQ");
        assert_eq!(of(&[Permission::OrganizationRead, Permission::MemberRead, Permission::TeamRead]), "IQAB");
        assert_eq!(of(&[Permission::ApiKeyDelete]), "AAAAgA");
        assert_eq!(of(&[Permission::Application(0)]), "AAAAAAAAAAAB");
    }

    #[test]
    fn one_set_has_one_text() {
        for text in ["AQA", "AQ=", "AR", "A", "AAAAAAAAAAAC", "+", "AQ ", &"_".repeat(44)] {
            assert_eq!(read(text, 1), None, "{text}");
        }
        assert_eq!(read("AAAAAAAAAIA", 0), Some(PermissionSet::default()), "a built-in one of a later version");
    }
}
