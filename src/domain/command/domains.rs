//! Commands about domains.

use crate::domain::claim::{Challenge, DomainPolicy};
use crate::domain::domain_name::DomainName;
use crate::domain::id::DomainId;
use serde::{Deserialize, Serialize};

verbs! {
    /// Claims a domain. That its name is nobody's registry or mail provider is seen to before.
    ClaimDomain {
        /// The id of the claim.
        domain: DomainId,
        /// Of what.
        name: DomainName,
        /// What it lets people do once it is verified.
        policy: DomainPolicy,
        /// What must stand in the proof.
        challenge: Challenge,
    }
    /// Verifies a claim by what was found in the DNS.
    VerifyDomain {
        /// Which.
        domain: DomainId,
        /// The name that was looked up.
        name: DomainName,
        /// The TXT values that were found.
        found: Vec<String>,
    }
    /// Changes what a domain lets people do.
    ChangeDomain {
        /// Which.
        domain: DomainId,
        /// By what.
        policy: DomainPolicy,
    }
    /// Gives a claim up, proven or not.
    DeleteDomain {
        /// Which.
        domain: DomainId,
    }
    /// Looks at the proof of a verified domain again. The installation itself asks.
    RecheckDomain {
        /// Which.
        domain: DomainId,
        /// The TXT values that were found.
        found: Vec<String>,
    }
}
