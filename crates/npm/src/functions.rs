//! The functions of the core.
//!
//! Owns their names in JavaScript. Never reads what is handed over.

use crate::host_names;
use guildhall::ffi;
use wasm_bindgen::prelude::wasm_bindgen;

macro_rules! functions {
    ($($(#[$doc:meta])* $js_name:ident $name:ident)+) => {$(
        $(#[$doc])*
        #[wasm_bindgen(js_name = $js_name)]
        pub fn $name(input: &str) -> String {
            host_names::install();
            ffi::$name(input)
        }
    )+};
}

functions! {
    /// Checks a slug.
    parseSlug parse_slug
    /// Suggests a slug for a name.
    suggestSlug suggest_slug
    /// Reads an address of mail.
    parseEmail parse_email
    /// Finds the organization of a request.
    resolveOrganization resolve_organization
    /// Gives a setting or its fallback.
    setting setting
}
