//! The names of all settings.
//!
//! Owns how each is called and what it counts in. Never says whether a value is right: reading them does.

macro_rules! settings {
    ($($(#[$doc:meta])* $field:ident $name:literal)+) => {
        /// Raw settings, as they stand in the environment.
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct Settings { $(#[doc = concat!("`", $name, "`")] $(#[$doc])* pub $field: Option<String>,)+ }

        impl Settings {
            /// The name of every setting.
            pub const NAMES: &'static [&'static str] = &[$($name,)+];

            /// Asks for each setting by its name.
            ///
            /// # Errors
            /// What asking for one of them gives.
            pub fn gather<F>(mut ask: impl FnMut(&'static str) -> Result<Option<String>, F>) -> Result<Self, F> {
                Ok(Settings { $($field: ask($name)?,)+ })
            }

            /// The same without white space around values, but for the secret, every byte of which counts.
            #[must_use]
            pub fn trimmed(&self) -> Self {
                let tidy = |text: &Option<String>| text.as_deref().map(|text| text.trim().to_owned());
                Settings { secret_key: self.secret_key.clone(), ..Settings { $($field: tidy(&self.$field),)+ } }
            }

            /// The same without the value of one setting.
            #[must_use]
            pub fn without(mut self, name: &str) -> Self {
                $(if name == $name { self.$field = None; })+
                self
            }
        }
    };
}

settings! {
    public_origin "PUBLIC_ORIGIN"
    base_domain "BASE_DOMAIN"
    /// Patterns of slugs that no organization takes, separated by white space or commas; `*` stands for any characters.
    reserved_slugs "RESERVED_SLUGS"
    /// An id or a slug.
    fallback_organization "FALLBACK_ORGANIZATION"
    /// An id or a slug.
    auto_join_organization "AUTO_JOIN_ORGANIZATION"
    /// Separated by spaces or commas.
    skip_paths "SKIP_PATHS"
    /// Origins of other sites whose pages may read answers, separated by white space or commas. `*.` stands for one label.
    allowed_origins "ALLOWED_ORIGINS"
    /// `name=requests/seconds`, separated by white space or commas.
    rate_limits "RATE_LIMITS"
    /// JSON: the authenticators.
    auth "AUTH"
    /// More of them.
    auth_2 "AUTH_2"
    /// More of them.
    auth_3 "AUTH_3"
    /// More of them.
    auth_4 "AUTH_4"
    /// More of them.
    auth_5 "AUTH_5"
    /// More of them.
    auth_6 "AUTH_6"
    /// More of them.
    auth_7 "AUTH_7"
    /// More of them.
    auth_8 "AUTH_8"
    /// More of them.
    auth_9 "AUTH_9"
    /// JSON: the secrets of upstreams by the ids of their keys.
    upstream_keys "UPSTREAM_KEYS"
    /// JSON: the operator keys, as digests.
    operator_keys "OPERATOR_KEYS"
    /// The former name of `AUTH`, refused with what to write instead.
    auth_mode "AUTH_MODE"
    secret_key "SECRET_KEY"
    /// 32 bytes in base64url or hex: the seed of the key that signs passes. Without one it follows from `SECRET_KEY`.
    pass_key "PASS_KEY"
    /// Former and coming public keys of passes: a JWK set, as `/.well-known/jwks.json` shows it.
    pass_keys_retired "PASS_KEYS_RETIRED"
    /// The application's own, separated by spaces or commas.
    permissions "PERMISSIONS"
    /// Roles for all organizations, as a JSON object.
    roles "ROLES"
    seat_limit "SEAT_LIMIT"
    /// At most 1000.
    teams_per_organization "TEAMS_PER_ORGANIZATION"
    /// From the top of a tree of teams to its bottom; at most 32.
    team_depth "TEAM_DEPTH"
    /// Seconds.
    invitation_lifetime "INVITATION_LIFETIME"
    /// Seconds; no invitation is open for longer.
    invitation_longest_lifetime "INVITATION_LONGEST_LIFETIME"
    /// Pending ones of one organization.
    invitations_pending "INVITATIONS_PENDING"
    /// Of one organization.
    invitations_per_day "INVITATIONS_PER_DAY"
    /// Of one person, over all organizations.
    invitations_per_inviter_and_day "INVITATIONS_PER_INVITER_AND_DAY"
    /// To one address, by all organizations.
    invitations_per_recipient_and_day "INVITATIONS_PER_RECIPIENT_AND_DAY"
    /// An address for DNS over HTTPS.
    doh_url "DOH_URL"
    /// Of one organization, at most 100.
    invitation_link_limit "INVITATION_LINK_LIMIT"
    /// Waiting ones of one person, over all organizations.
    join_request_limit "JOIN_REQUEST_LIMIT"
    /// Seconds between a denial and the next request.
    join_request_cooldown "JOIN_REQUEST_COOLDOWN"
    /// Seconds.
    registration_lifetime "REGISTRATION_LIFETIME"
    /// Waiting ones.
    registrations_per_address "REGISTRATIONS_PER_ADDRESS"
    /// Of the whole installation.
    registrations_per_hour "REGISTRATIONS_PER_HOUR"
    /// `turnstile` or `service`; without it anonymous callers register unchallenged.
    registration_challenge "REGISTRATION_CHALLENGE"
    turnstile_secret_key "TURNSTILE_SECRET_KEY"
    /// Hosts of the pages that show the widget, separated by white space or commas.
    turnstile_hostnames "TURNSTILE_HOSTNAMES"
    /// A server on this machine in the place of Turnstile's.
    turnstile_url "TURNSTILE_URL"
    /// Seconds; 0 is none.
    deletion_grace "DELETION_GRACE"
    max_owned "MAX_OWNED_ORGANIZATIONS"
    /// Domains that one organization may claim, at most 100.
    domain_limit "DOMAIN_LIMIT"
    /// Seconds after which a domain's proof is looked for again.
    domain_recheck "DOMAIN_RECHECK"
    /// Seconds for which it may be missing.
    domain_grace "DOMAIN_GRACE"
    /// Webhooks of one organization, at most 20.
    webhook_limit "WEBHOOK_LIMIT"
    /// Seconds for which nothing may arrive at a webhook.
    webhook_patience "WEBHOOK_PATIENCE"
    /// `on` or `off`; off where anybody says who they are.
    webhook_delivery "WEBHOOK_DELIVERY"
    /// The language of mails for which nobody asked for another.
    mail_locale "MAIL_LOCALE"
    /// Where the links of mails lead: an address with `{token}` behind `#`. Without one it is the console.
    link_url "LINK_URL"
    /// Where the application behind Guildhall answers: https, or http on this machine.
    origin_url "ORIGIN_URL"
    /// Whom the passes that go there are for; without one it is the origin itself.
    gateway_audience "GATEWAY_AUDIENCE"
    /// `refuse` or `pass`: what happens to requests of nobody about no organization.
    gateway_anonymous "GATEWAY_ANONYMOUS"
    /// Seconds; at most 300.
    gateway_timeout "GATEWAY_TIMEOUT"
}
