//! Proving domains: what must be looked up before a command can be decided.
//!
//! Owns the order (let in, look up, decide) and the list of names that nobody may claim. Never asks the
//! network itself: the port [`Dns`](crate::app::ports::Dns) does, or in the development mode what a developer has put down.

pub mod doh;
mod public;
pub mod rows;

pub use public::{is_shared, require_not_public};

use super::cache_key::dev_dns_key;
use super::execute::{App, Order};
use super::ports::{Cache, DueDomain, Entropy, Failure, Store, TxtRecords, Unavailable, Upkeep};
use super::sweep::by_the_clock;
use crate::domain::claim::record_name;
use crate::domain::command::RecheckDomain;
use crate::domain::denial::{Denial, Reason};
use crate::domain::domain_name::DomainName;
use crate::domain::read::read;

/// How many proofs one tick looks for. Ten a minute are 100,000 a week, the time between two looks.
const DOMAINS_PER_TICK: u32 = 10;

/// How long the development mode's records are kept, in seconds.
const DEV_LIFETIME: u64 = 24 * 60 * 60;

impl<S: Store, C: Cache, E: Entropy> App<'_, S, C, E> {
    /// Refuses a name that no organization may claim here.
    ///
    /// # Errors
    /// `domain_public`; `domain_invalid` for the installation's own names.
    pub fn require_claimable(&self, name: &DomainName) -> Result<(), Denial> {
        let own = [Some(self.config.public_host()), self.config.resolution.base_domain.as_deref()];
        if own.into_iter().flatten().any(|own| name.is_within(own)) {
            return Err(Denial::because(Reason::DomainInvalid, "this name is the installation's own"));
        }
        require_not_public(name)
    }

    /// The values that could prove a claim of the name, for somebody who waits for the answer.
    ///
    /// # Errors
    /// `dns_unavailable` when nobody answers: no answer is never taken for one.
    pub async fn proofs(&self, name: &DomainName) -> Result<Vec<String>, Denial> {
        match self.txt(name).await {
            Ok(TxtRecords::Found(values)) => Ok(values),
            Ok(TxtRecords::Broken) => Err(Reason::DnsUnavailable.into()),
            Err(_) => Err(Denial::because(Reason::DnsUnavailable, "the resolver does not answer")),
        }
    }

    async fn txt(&self, name: &DomainName) -> Result<TxtRecords, Unavailable> {
        let record = record_name(name);
        match self.config.resolver {
            Some(_) => self.dns.txt(&record).await,
            None => Ok(self.dev_txt(&record).await),
        }
    }

    /// What the development mode answers: what was put down, else nothing.
    async fn dev_txt(&self, record: &str) -> TxtRecords {
        let kept = self.cache.get(&dev_dns_key(record)).await;
        let records = kept.and_then(|text| read(&text));
        records.unwrap_or(TxtRecords::Found(Vec::new()))
    }

    /// Puts down what the development mode is to answer.
    pub async fn put_dev_txt(&self, record: &str, records: &TxtRecords) {
        if let Ok(text) = serde_json::to_string(records) {
            self.cache.put(&dev_dns_key(&record.to_ascii_lowercase()), &text, DEV_LIFETIME).await;
        }
    }
}

impl<S: Store + Upkeep, C: Cache, E: Entropy> App<'_, S, C, E> {
    /// Looks again for the proofs of verified domains, those first that are due longest. When the
    /// resolver itself fails, nothing is concluded and the tick goes on.
    pub(super) async fn recheck_domains(&self) -> Vec<Failure> {
        let due = match self.store.due_domains(self.now, DOMAINS_PER_TICK).await {
            Ok(due) => due,
            Err(failure) => return vec![failure.into()],
        };
        let mut failures = Vec::new();
        for domain in due {
            match self.recheck(&domain).await {
                Ok(()) | Err(Failure::Denied(_)) => {}
                Err(failure) => {
                    failures.push(failure);
                    break;
                }
            }
        }
        failures
    }

    /// Servers of the domain's own that do not answer show no proof.
    async fn recheck(&self, due: &DueDomain) -> Result<(), Failure> {
        let found = match self.txt(&due.name).await? {
            TxtRecords::Found(values) => values,
            TxtRecords::Broken => Vec::new(),
        };
        let action = RecheckDomain { domain: due.domain, found };
        let order = Order {
            command: by_the_clock(due.organization, action.into())?,
            seed: None,
            shown: false,
            receipt: None,
            challenge: None,
            render: &|_| String::new(),
        };
        self.execute(&order).await.map(|_| ())
    }
}
