//! Passes and passports: signed statements of membership that are checked without asking anybody.
//!
//! Owns their claims, their text form (a compact JWT, EdDSA with Ed25519 and nothing else), the rule by
//! which one is believed, and what a believed one answers. Never holds a private key (`app::pass` signs),
//! never reads a clock, never knows HTTP. Written by hand and strictly, so that the small browser core can
//! use it without a JSON library, and reading without memory of its own: [`Unverified::open`] takes a token apart,
//! whoever can check Ed25519 does that ([`PublicKey::verify`] here, WebCrypto in a browser),
//! [`Vouched::believe`] judges the rest.

mod bits;
mod claims;
mod decision;
mod fault;
mod issue;
mod judge;
mod key;
mod read;
mod strict;
mod token;

pub use claims::{Held, Member, Pass, Passport, Statement};
pub use decision::{Decision, Question, Undecided};
pub use fault::PassFault;
pub use issue::{Standings, member, unsigned_pass, unsigned_passport};
pub use judge::Expectations;
pub use key::{KeySet, PublicKey, find_key};
pub use read::{Declared, Listener, Row, Stated};
pub use token::{Kind, Unsigned, Unverified, Vouched};

/// The longest that a pass lives, in seconds: the bound within which somebody who was removed may still
/// be let through by one (GUARANTEES.md).
pub const LONGEST: u64 = 300;

/// The most that clocks may differ by, in seconds, whatever is asked for.
pub const MOST_LEEWAY: u64 = 60;

/// The most memberships in one passport.
pub const MOST_MEMBERSHIPS: usize = 100;

/// The most teams in one pass.
pub const MOST_TEAMS: usize = 50;
