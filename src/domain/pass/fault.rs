//! Why a token is not believed.
//!
//! Owns the list of reasons with their codes. Never decides which of them holds.

use crate::domain::denial::{Denial, Reason};

macro_rules! faults {
    ($($name:ident $code:literal $sentence:literal)+) => {
        /// Why a token is not believed: a closed list, each with the code that the API gives it as well.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum PassFault {
            $(#[doc = concat!("`", $code, "`: ", $sentence)] $name,)+
        }

        impl PassFault {
            /// Every fault.
            pub const ALL: &'static [PassFault] = &[$(PassFault::$name,)+];

            /// The stable public code, in snake_case.
            pub fn code(self) -> &'static str {
                match self { $(PassFault::$name => $code,)+ }
            }

            /// The same for people.
            pub fn sentence(self) -> &'static str {
                match self { $(PassFault::$name => $sentence,)+ }
            }

            /// The refusal of a request that brought it along.
            pub fn reason(self) -> Reason {
                match self { $(PassFault::$name => Reason::$name,)+ }
            }
        }
    };
}

faults! {
    PassInvalid       "pass_invalid"        "the pass is not one of ours, or was changed"
    PassUnknownKey    "pass_unknown_key"    "the pass was signed with a key that is not known"
    PassWrongIssuer   "pass_wrong_issuer"   "the pass is from another installation"
    PassWrongAudience "pass_wrong_audience" "the pass is for somebody else to read"
    PassNotYetValid   "pass_not_yet_valid"  "the pass is from the future"
    PassExpired       "pass_expired"        "the pass has run out"
    PassStale         "pass_stale"          "the pass is older than what is asked for"
}

impl From<PassFault> for Denial {
    fn from(fault: PassFault) -> Self {
        fault.reason().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_has_the_same_codes() {
        for fault in PassFault::ALL {
            assert_eq!((fault.reason().code(), fault.reason().title()), (fault.code(), fault.sentence()));
        }
    }
}
