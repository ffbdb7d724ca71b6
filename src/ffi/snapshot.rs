//! Snapshots of a directory: `{"format":"guildhall-directory","version":2,"at":…,"secret":…,"dns":[…],"state":{…}}`.
//!
//! Owns the envelope: which texts are snapshots, of which version, and what a directory holds besides its
//! store. Hints are not in it: they only spare reading. Never says what must agree in a store (`store::memory`).

use super::exchange::{Header, HeaderPairs};
use super::reply::Problem;
use crate::app::ports::{Entropy, Failure};
use crate::domain::denial::{Denial, Reason};
use crate::domain::encoding::{hex, is_hex};
use crate::domain::read::{Fields, Record};
use crate::domain::time::Timestamp;
use crate::store::memory::{Broken, MemoryStore, Snapshot};

const FORMAT: &str = "guildhall-directory";

/// Another form is another version. Version 1 had no order of all events; it is read as well.
const VERSION: u64 = 2;

/// What a directory holds.
#[derive(Debug)]
pub struct Held {
    /// The latest instant that it has seen.
    pub at: Timestamp,
    /// The installation's secret, in hex. Without it no token of before is believed.
    pub secret: String,
    /// What the DNS is to answer, by key.
    pub dns: Vec<(String, String)>,
    /// Everything else.
    pub store: MemoryStore,
}

impl Held {
    /// What a new directory holds: a secret.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn nothing(entropy: &impl Entropy) -> Result<Self, Failure> {
        let mut secret = [0; 32];
        entropy.fill(&mut secret)?;
        let (at, secret) = (Timestamp::from_millis(0), hex(&secret));
        Ok(Held { at, secret, dns: Vec::new(), store: MemoryStore::default() })
    }

    /// The text of a snapshot.
    pub fn text(at: Timestamp, secret: &str, dns: &[(String, String)], store: &MemoryStore) -> String {
        let head = serde_json::json!([FORMAT, VERSION, at, secret, dns]);
        let field = |index: usize| head.get(index).map(serde_json::Value::to_string).unwrap_or_default();
        let [format, version, at, secret, dns] = std::array::from_fn(field);
        [
            "{\"format\":",
            &format,
            ",\"version\":",
            &version,
            ",\"at\":",
            &at,
            ",\"secret\":",
            &secret,
            ",\"dns\":",
            &dns,
        ]
        .into_iter()
        .chain([",\"state\":", &store.snapshot(), "}"])
        .collect()
    }

    /// Reads the text of a snapshot.
    ///
    /// # Errors
    /// A problem of code `snapshot_invalid`, or `snapshot_too_new` for one of a later version; `param` says where.
    pub fn read(text: &str) -> Result<Self, Problem> {
        let mut fields = Fields::parse(text).map_err(invalid)?;
        let format: String = fields.take("format").map_err(invalid)?;
        let version: u64 = fields.take("version").map_err(invalid)?;
        if format != FORMAT || version == 0 {
            return Err(invalid(Denial::about(Reason::InvalidValue, "format", "it is no snapshot of a directory")));
        }
        if version > VERSION {
            return Err(Problem::of(
                "snapshot_too_new",
                "the snapshot was made by a later version of this package",
                "update the package to read it",
            ));
        }
        let held = Held::fields(&mut fields).map_err(invalid)?;
        fields.end().map_err(invalid)?;
        Ok(held)
    }
}

impl Record for Held {
    fn fields(fields: &mut Fields<'_>) -> Result<Self, Denial> {
        let (at, secret, dns) = (fields.take("at")?, fields.take("secret")?, fields.take::<HeaderPairs>("dns")?);
        if !is_hex(String::as_str(&secret), 64) {
            return Err(Denial::about(Reason::InvalidValue, "secret", "64 lower-case hexadecimal digits are expected"));
        }
        let state: Snapshot = fields.take("state")?;
        let dns = dns.into_iter().map(|Header { name, value }| (name, value)).collect();
        Ok(Held { at, secret, dns, store: MemoryStore::restore(state).map_err(contradicted)? })
    }
}

fn contradicted(Broken { place, because }: Broken) -> Denial {
    Denial::about(Reason::InvalidValue, ["state.", &place].concat(), because)
}

fn invalid(denial: Denial) -> Problem {
    Problem::from(denial).renamed("snapshot_invalid", "the snapshot cannot be restored")
}
