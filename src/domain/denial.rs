//! Refusals: the caller's fault, as a closed list of stable codes.
//!
//! Owns the codes, their class and their wording. Never holds a failure of ours (that is
//! `app::ports::Unavailable`) and never knows a status number (`wire::problem` maps the class).

use super::ownership::OrganizationCard;
use super::time::Timestamp;
use std::borrow::Cow;
use std::ops::{Deref, DerefMut};

/// What kind of fault a refusal is. `wire` gives each class exactly one HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The request cannot be read.
    Malformed,
    /// Nobody, or nobody we can verify, is calling.
    Unauthenticated,
    /// The caller is known and sees the thing, but may not do this.
    Forbidden,
    /// It does not exist, or is not the caller's to know.
    Missing,
    /// The resource does not answer to this method.
    Method,
    /// It contradicts the present state.
    Conflict,
    /// It was there and is over.
    Gone,
    /// A precondition that the caller set does not hold.
    Precondition,
    /// More bytes than are accepted.
    TooLarge,
    /// A content type that is not accepted.
    MediaType,
    /// Readable, but a value breaks a rule.
    Invalid,
    /// Somebody else's system, on which the answer depends, does not answer.
    Elsewhere,
    /// Others change the same at this moment.
    Busy,
    /// The application behind us does not answer.
    Behind,
    /// The application behind us takes too long.
    BehindLate,
    /// Allowed, but not so often; the refusal says when to ask again.
    TooMany,
}

macro_rules! reasons {
    ($($name:ident $class:ident $code:literal $title:literal)+) => {
        /// Why a request was refused: one variant per public code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Reason {
            $(#[doc = concat!("`", $code, "`: ", $title)] $name,)+
        }

        impl Reason {
            /// Every reason, in the order of the documentation.
            pub const ALL: &'static [Reason] = &[$(Reason::$name,)+];

            /// The stable public code, in snake_case.
            pub fn code(self) -> &'static str {
                match self { $(Reason::$name => $code,)+ }
            }

            /// The class of the fault.
            pub fn class(self) -> Class {
                match self { $(Reason::$name => Class::$class,)+ }
            }

            /// A short wording that is the same for every occurrence.
            pub fn title(self) -> &'static str {
                match self { $(Reason::$name => $title,)+ }
            }
        }
    };
}

reasons! {
    MalformedJson         Malformed       "malformed_json"          "the body is not the JSON that is expected"
    MalformedRequest      Malformed       "malformed_request"       "the request cannot be read"
    Unauthenticated       Unauthenticated "unauthenticated"         "sign in first"
    PassInvalid           Unauthenticated "pass_invalid"            "the pass is not one of ours, or was changed"
    PassUnknownKey        Unauthenticated "pass_unknown_key"        "the pass was signed with a key that is not known"
    PassWrongIssuer       Unauthenticated "pass_wrong_issuer"       "the pass is from another installation"
    PassWrongAudience     Unauthenticated "pass_wrong_audience"     "the pass is for somebody else to read"
    PassNotYetValid       Unauthenticated "pass_not_yet_valid"      "the pass is from the future"
    PassExpired           Unauthenticated "pass_expired"            "the pass has run out"
    PassNotYours          Unauthenticated "pass_not_yours"          "the pass is another user's"
    CredentialsConflict   Unauthenticated "credentials_conflict"    "the request has more than one credential"
    SignatureReplayed     Unauthenticated "signature_replayed"      "the signature was used for a write before; sign anew"
    OriginMismatch        Forbidden       "origin_mismatch"         "a cookie was sent from another origin"
    PermissionDenied      Forbidden       "permission_denied"       "a permission is missing"
    CannotGrant           Forbidden       "cannot_grant"            "nobody grants or takes more than they hold"
    AutoJoinRefused       Forbidden       "auto_join_refused"       "whoever was in the organization before does not join again without being asked"
    MembershipSuspended   Forbidden       "membership_suspended"    "the membership is suspended"
    Outranked             Forbidden       "outranked"               "nobody touches a peer's or a superior's power"
    InvitationNotForYou   Forbidden       "invitation_not_for_you"  "the invitation is for another address"
    EmailNotVerified      Forbidden       "email_not_verified"      "the address is not verified"
    RegistrationInvalid   Missing         "registration_invalid"    "there is no such registration"
    MfaRequired           Forbidden       "mfa_required"            "the organization asks for a second factor"
    NotFound              Missing         "not_found"               "there is no such thing, or it is not yours"
    NominationNotFound    Missing         "nomination_not_found"    "nobody is nominated"
    InvitationInvalid     Missing         "invitation_invalid"      "there is no such invitation"
    MethodNotAllowed      Method          "method_not_allowed"      "the resource does not answer to this method"
    SlugTaken             Conflict        "slug_taken"              "the slug belongs to another organization"
    AlreadyMember         Conflict        "already_member"          "the user is already a member"
    OwnerRequired         Conflict        "owner_required"          "an organization keeps its owner; transfer ownership first"
    OrganizationMismatch  Conflict        "organization_mismatch"   "the user is not a member of this organization"
    RecipientSuppressed   Conflict        "recipient_suppressed"    "the address is not to be invited any more"
    DuplicateRecipient    Conflict        "duplicate_recipient"     "the address stands in an earlier line"
    OrganizationInactive  Conflict        "organization_inactive"   "the organization is not active"
    OrganizationAmbiguous Conflict        "organization_ambiguous"  "the request names different organizations"
    OrganizationRequired  Conflict        "organization_required"   "the request is about no organization"
    OwnerUnfit            Conflict        "owner_unfit"             "this member cannot own an organization"
    NominationRequired    Conflict        "nomination_required"     "whoever takes over must show what the organization asks for; nominate them (`requireAcceptance: true`)"
    RoleKeyTaken          Conflict        "role_key_taken"          "the organization has a role with this key"
    RoleInUse             Conflict        "role_in_use"             "members hold the role"
    RoleDeclared          Conflict        "role_declared"           "the operator declares the role for all organizations"
    RoleBuiltIn           Conflict        "role_built_in"           "a built-in role never changes"
    RoleLimitReached      Conflict        "role_limit_reached"      "the organization has as many roles as it can"
    TeamCycle             Conflict        "team_cycle"              "a team would be below itself"
    TeamDepthReached      Conflict        "team_depth_reached"      "teams would be deeper than they can"
    TeamLimitReached      Conflict        "team_limit_reached"      "the organization has as many teams as it can"
    TeamHasSubteams       Conflict        "team_has_subteams"       "there are teams below it"
    PassTooLarge          Conflict        "pass_too_large"          "a pass cannot hold what it would have to say"
    SeatLimitReached      Conflict        "seat_limit_reached"      "every seat is taken"
    DomainTaken           Conflict        "domain_taken"            "the domain is claimed already"
    DomainLimitReached    Conflict        "domain_limit_reached"    "the organization has as many domains as it may"
    DomainNotProven       Conflict        "domain_not_proven"       "the record that proves the claim was not found"
    WebhookLimitReached   Conflict        "webhook_limit_reached"   "the organization has as many webhooks as it may"
    WebhookDisabled       Conflict        "webhook_disabled"        "nothing is sent to the webhook"
    LinkLimitReached      Conflict        "link_limit_reached"      "the organization has as many links as it can"
    JoinRequestPending    Conflict        "join_request_pending"    "you have asked already"
    SeatLimitBelowUse     Conflict        "seat_limit_below_use"    "more seats are taken than that"
    OrganizationLimitReached Conflict     "organization_limit_reached" "nobody owns more organizations than that"
    OrganizationPersonal  Conflict        "organization_personal"   "a personal organization is its owner's alone"
    PersonalOrganizationExists Conflict   "personal_organization_exists" "the user has a personal organization"
    UserOwnsOrganizations Conflict        "user_owns_organizations" "the user owns organizations; transfer or delete them first"
    InvitationExpired     Gone            "invitation_expired"      "the invitation has expired"
    InvitationRevoked     Gone            "invitation_revoked"      "the invitation was withdrawn"
    NominationExpired     Gone            "nomination_expired"      "the nomination has expired"
    InvitationUsed        Gone            "invitation_used"         "the invitation has been answered"
    LinkDisabled          Gone            "link_disabled"           "the link is switched off"
    JoinRequestClosed     Gone            "join_request_closed"     "the request has been answered or withdrawn"
    RegistrationExpired   Gone            "registration_expired"    "the registration has expired"
    RegistrationUsed      Gone            "registration_used"       "the registration has been activated"
    VersionMismatch       Precondition    "version_mismatch"        "the organization has changed since"
    VersionNotReached     Precondition    "version_not_reached"     "the organization has not reached that version"
    PassStale             Precondition    "pass_stale"              "the pass is older than what is asked for"
    BodyTooLarge          TooLarge        "body_too_large"          "the body is larger than is accepted"
    UnsupportedMediaType  MediaType       "unsupported_media_type"  "send `application/json`"
    UnknownField          Invalid         "unknown_field"           "the request has a field that is not known"
    MissingField          Invalid         "missing_field"           "a field is missing"
    InvalidValue          Invalid         "invalid_value"           "a value breaks its rule"
    NameInvalid           Invalid         "name_invalid"            "the name breaks its rule"
    SlugInvalid           Invalid         "slug_invalid"            "the slug breaks its rule"
    SlugReserved          Invalid         "slug_reserved"           "the slug is reserved"
    EmailInvalid          Invalid         "email_invalid"           "the address breaks its rule"
    DomainInvalid         Invalid         "domain_invalid"          "the domain breaks its rule"
    DomainPublic          Invalid         "domain_public"           "the domain is a registry's or a mail provider's"
    WebhookUrlInvalid     Invalid         "webhook_url_invalid"     "the address cannot be sent to"
    UnknownEvent          Invalid         "unknown_event"           "there is no such event"
    UserIdInvalid         Invalid         "user_id_invalid"         "the user id breaks its rule"
    MetadataInvalid       Invalid         "metadata_invalid"        "the object is too large or too deep"
    UnknownRole           Invalid         "unknown_role"            "there is no such role"
    RoleNotGrantable      Invalid         "role_not_grantable"      "ownership moves by transfer only"
    UnknownPermission     Invalid         "unknown_permission"      "there is no such permission"
    TeamNotInPass         Invalid         "team_not_in_pass"        "the pass does not speak of the team"
    CursorInvalid         Invalid         "cursor_invalid"          "the cursor does not belong to this list"
    NextInvalid           Invalid         "next_invalid"            "the way back is not a path of this site"
    IdempotencyKeyInvalid Invalid         "idempotency_key_invalid" "the key breaks its rule"
    IdempotencyKeyReused  Invalid         "idempotency_key_reused"  "the key was used for another request"
    ChallengeRequired     Invalid         "challenge_required"      "the installation asks for an answer to its challenge"
    ChallengeFailed       Invalid         "challenge_failed"        "the answer to the challenge does not hold"
    InvitationQuotaReached TooMany        "invitation_quota_reached" "too many invitations; wait a while"
    ImportInvalid         Invalid         "import_invalid"          "the import does not fit"
    OrganizationBusy      Busy            "organization_busy"       "many requests write to the organization at this moment"
    IssuerUnavailable     Elsewhere       "issuer_unavailable"      "the keys of the token's issuer are not known now"
    ChallengeUnavailable  Elsewhere       "challenge_unavailable"   "the answer to the challenge cannot be verified now"
    DnsUnavailable        Elsewhere       "dns_unavailable"         "the domain's servers do not answer"
    OriginUnavailable     Behind          "origin_unavailable"      "the application does not answer"
    OriginTimeout         BehindLate      "origin_timeout"          "the application takes too long"
    JoinRequestQuota      TooMany         "join_request_quota_reached" "too many requests of yours wait"
    JoinRequestCooldown   TooMany         "join_request_cooldown"   "you were denied not long ago"
    RegistrationQuota     TooMany         "registration_quota_reached" "too many registrations wait"
    RateLimited           TooMany         "rate_limited"            "too many requests; wait a while"
}

/// A refusal: a stable reason, what it is about, and a sentence for a person.
///
/// ```
/// use guildhall::domain::denial::{Denial, Reason};
/// let denial = Denial::about(Reason::SlugTaken, "slug", "`acme` is taken");
/// assert_eq!(denial.reason.code(), "slug_taken");
/// assert_eq!(denial.param.as_deref(), Some("slug"));
/// ```
///
/// One pointer wide: nearly every function hands refusals on, and what they weigh is copied each time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.detail)]
pub struct Denial(Box<Refusal>);

/// What a [`Denial`] says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason, with its code and class.
    pub reason: Reason,
    /// The field or parameter at fault, when there is one.
    pub param: Option<Cow<'static, str>>,
    /// What happened this time, with user input in backticks.
    pub detail: Cow<'static, str>,
    /// After how many seconds it may be allowed, when only time is missing.
    pub retry_after: Option<u32>,
    /// The organizations that stand in the way, named to somebody who may know of them.
    pub organizations: Vec<OrganizationCard>,
    /// The permissions that the caller lacks, by public name.
    pub missing: Vec<String>,
}

/// How many characters of what was sent a detail shows.
pub const LONGEST_ECHO: usize = 100;

/// What was sent, as a detail shows it: at most its first 100 characters. A reader recognises a value by its beginning,
/// and an answer must not grow with what is refused.
///
/// ```
/// use guildhall::domain::denial::echo;
/// assert_eq!(echo("acme"), "acme");
/// assert_eq!(echo(&"ü".repeat(50_000)).chars().count(), 101);
/// ```
pub fn echo(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST_ECHO) {
        Some((end, _)) => [text.get(..end).unwrap_or_default(), "…"].concat().into(),
        None => text.into(),
    }
}

/// A number with what it counts, whose plural ends in `s`.
///
/// ```
/// use guildhall::domain::denial::counted;
/// assert_eq!([0u32, 1, 2].map(|count| counted(count, "seat")), ["0 seats", "1 seat", "2 seats"]);
/// ```
pub fn counted(count: impl TryInto<u64>, what: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

impl Denial {
    /// A refusal whose detail says more than its title.
    pub fn because(reason: Reason, detail: impl Into<Cow<'static, str>>) -> Self {
        Denial::from(Refusal { detail: detail.into(), ..Refusal::from(reason) })
    }

    /// A refusal that names the field at fault.
    pub fn about(reason: Reason, param: impl Into<Cow<'static, str>>, detail: impl Into<Cow<'static, str>>) -> Self {
        let (param, detail) = (Some(param.into()), detail.into());
        Denial::from(Refusal { param, detail, ..Refusal::from(reason) })
    }

    /// The refusal of an object that has a name twice. Of two readers one would take the first value and the other
    /// the last.
    pub fn duplicate(name: &str) -> Self {
        let name = echo(name).to_string();
        let detail = format!("`{name}` stands twice in one object");
        Denial::about(Reason::MalformedRequest, name, detail)
    }

    /// A refusal that names the permissions that the caller lacks. The detail has the first few of them.
    pub fn lacking(reason: Reason, missing: Vec<String>) -> Self {
        let shown = 5;
        let named: Vec<String> = missing.iter().take(shown).map(|name| format!("`{name}`")).collect();
        let detail = match missing.len().saturating_sub(shown) {
            0 if missing.len() == 1 => format!("{} is missing", named.concat()),
            0 => format!("{} are missing", named.join(", ")),
            more => format!("{} and {more} more are missing", named.join(", ")),
        };
        Denial::from(Refusal { detail: detail.into(), missing, ..Refusal::from(reason) })
    }

    /// A refusal that names the organizations in the way.
    pub fn naming(reason: Reason, organizations: Vec<OrganizationCard>) -> Self {
        Denial::from(Refusal { organizations, ..Refusal::from(reason) })
    }

    /// The same refusal, to be tried again at `instant` and not before.
    #[must_use]
    pub fn until(mut self, instant: Timestamp, now: Timestamp) -> Self {
        let seconds = instant.millis().saturating_sub(now.millis()).saturating_add(999).div_euclid(1000);
        self.0.retry_after = Some(u32::try_from(seconds.max(1)).unwrap_or(u32::MAX));
        self
    }

    /// The same refusal, naming `param` and no other field.
    #[must_use]
    pub fn only_at(mut self, param: &'static str) -> Self {
        self.0.param = Some(param.into());
        self
    }

    /// The same refusal, naming `param` unless it already names a field.
    #[must_use]
    pub fn at(mut self, param: impl Into<Cow<'static, str>>) -> Self {
        self.0.param.get_or_insert(param.into());
        self
    }
}

impl Deref for Denial {
    type Target = Refusal;

    fn deref(&self) -> &Refusal {
        &self.0
    }
}

impl DerefMut for Denial {
    fn deref_mut(&mut self) -> &mut Refusal {
        &mut self.0
    }
}

impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Self {
        *denial.0
    }
}

impl From<Refusal> for Denial {
    fn from(refusal: Refusal) -> Self {
        Denial(Box::new(refusal))
    }
}

impl From<Reason> for Denial {
    fn from(reason: Reason) -> Self {
        Refusal::from(reason).into()
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        let detail = Cow::Borrowed(reason.title());
        Refusal { reason, param: None, detail, retry_after: None, organizations: Vec::new(), missing: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table::Set;

    #[test]
    fn codes_are_unique_and_snake_case() {
        let codes: Set<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        assert!(codes.iter().all(|code| code.bytes().all(|b| b == b'_' || b.is_ascii_lowercase())));
    }
}
