//! The functions of the core.
//!
//! Owns their names in JavaScript. Never reads what is handed over.
#![expect(unsafe_code, reason = "names of exports are the contract with JavaScript")]

use crate::exchange::functions;

functions! {
    /// Checks a slug.
    "parseSlug" parse_slug
    /// Suggests a slug for a name.
    "suggestSlug" suggest_slug
    /// Reads an address of mail.
    "parseEmail" parse_email
    /// Finds the organization of a request.
    "resolveOrganization" resolve_organization
    /// Gives a setting or its fallback.
    "setting" setting
}
