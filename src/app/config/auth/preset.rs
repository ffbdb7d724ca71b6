//! What is known of a sign-in by its type.
//!
//! Owns issuers, key addresses, algorithms, audiences and claims of each provider. `docs/sign-in` has for each where
//! it was read and when. What an operator writes into the entry stands above it.

use super::Entry;
use super::jwt::address;
use crate::app::config::ConfigError;
use crate::domain::encoding::is_hex;
use crate::domain::token::{Algorithm, Audience, ClaimPath, ClaimRules, Condition, KeySource, Proof, Test};

/// The types of entries that are JWT issuers.
pub(super) const TYPES: [&str; 13] = [
    "jwt",
    "oidc",
    "clerk",
    "auth0",
    "cognito",
    "firebase",
    "supabase",
    "entra",
    "keycloak",
    "workos",
    "better-auth",
    "cloudflare-access",
    "access",
];

/// What a type gives for the fields that an entry leaves out.
pub(super) struct Preset {
    pub issuers: Vec<String>,
    /// `None` for discovery.
    pub keys: Option<KeySource>,
    pub algorithms: &'static [Algorithm],
    /// `None` if the operator must say it.
    pub audience: Option<Audience>,
    /// How the operator says it.
    pub audience_hint: &'static str,
    pub uses: Vec<Condition>,
    pub claims: ClaimRules,
    /// First names of claims that make no platform admin, because they say something else.
    pub refused_for_admin: &'static [&'static str],
    /// Why no claim at all makes one.
    pub admin_refused: Option<&'static str>,
}

impl Preset {
    fn of(issuers: Vec<String>) -> Self {
        Preset {
            issuers,
            keys: None,
            algorithms: Algorithm::ALL,
            audience: None,
            audience_hint: "write the audience of the tokens that are for Guildhall",
            uses: Vec::new(),
            claims: ClaimRules::default(),
            refused_for_admin: &[],
            admin_refused: None,
        }
    }

    /// Keys at an address below the issuer.
    fn keys_below(mut self, path: &str) -> Self {
        let base = self.issuers.first().map(|issuer| issuer.trim_end_matches('/')).unwrap_or_default();
        self.keys = Some(KeySource::Url([base, path].concat()));
        self
    }

    fn only(self, algorithms: &'static [Algorithm]) -> Self {
        Preset { algorithms, ..self }
    }

    fn for_audience(self, audience: &str) -> Self {
        Preset { audience: Some(Audience::OneOf(vec![audience.to_owned()])), ..self }
    }

    fn with_claims(self, change: impl FnOnce(&mut ClaimRules)) -> Self {
        let mut claims = self.claims;
        change(&mut claims);
        Preset { claims, ..self }
    }
}

const RS256: &[Algorithm] = &[Algorithm::Rs256];

/// Where every provider with one publishes its keys.
const WELL_KNOWN: &str = "/.well-known/jwks.json";

pub(super) fn preset(entry: &mut Entry, kind: &str) -> Result<Preset, ConfigError> {
    match kind {
        "clerk" => clerk(entry),
        "auth0" => auth0(entry),
        "cognito" => cognito(entry),
        "firebase" => firebase(entry),
        "supabase" => supabase(entry),
        "entra" => entra(entry),
        "keycloak" => keycloak(entry),
        "workos" => workos(entry),
        "better-auth" => better_auth(entry),
        "cloudflare-access" | "access" => access(entry),
        _ => entry.required("issuer").map(|issuer| Preset::of(vec![issuer])),
    }
}

/// The address of an issuer, below which its keys lie.
fn base(entry: &mut Entry) -> Result<String, ConfigError> {
    let issuer = entry.required("issuer")?;
    address(entry, "issuer", &issuer)
}

/// That a claim is absent or none of some values.
fn never(path: &[&str], values: &[&str]) -> Vec<Condition> {
    let path = ClaimPath::parse(path.iter().map(|name| (*name).to_owned()).collect());
    let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
    path.map(|path| Condition { path, test: Test::Not(values) }).into_iter().collect()
}

/// What must hold of a token where users may sign in without saying who they are. Rule: such a user is refused unless
/// the operator takes them, because nothing but one browser's storage tells them from other users.
fn known_user(entry: &mut Entry, path: &[&str], value: &str) -> Result<Vec<Condition>, ConfigError> {
    let is_taken = entry.flag("anonymousUsers")?.unwrap_or(false);
    Ok(if is_taken { Vec::new() } else { never(path, &[value]) })
}

/// A name that becomes a part of an address.
fn part(entry: &mut Entry, name: &'static str, example: &str) -> Result<String, ConfigError> {
    let text = entry.required(name)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if text.bytes().all(plain) && !text.starts_with('.') && !text.contains("..") {
        return Ok(text);
    }
    Err(entry.refused(name, &format!("letters, digits, `-`, `_` and `.` are expected, as in `{example}`")))
}

fn clerk(entry: &mut Entry) -> Result<Preset, ConfigError> {
    let preset = Preset::of(vec![base(entry)?]).keys_below(WELL_KNOWN).only(RS256).with_claims(|claims| {
        claims.mfa = vec![Condition { path: ClaimPath::of("fva"), test: Test::NotNegativeAt(1) }];
    });
    let mut uses = never(&["sts"], &["pending"]);
    // A token by a template is made for another service, which must not come here with it. It has no session. Where
    // an audience is written, the template is Guildhall's own.
    if !entry.has("audience") {
        uses.push(Condition { path: ClaimPath::of("sid"), test: Test::Present });
    }
    Ok(Preset {
        audience_hint: "write `authorizedParties` with the origins of your pages",
        uses,
        refused_for_admin: &["o", "org_id", "org_role", "org_slug", "org_permissions"],
        ..preset
    })
}

fn auth0(entry: &mut Entry) -> Result<Preset, ConfigError> {
    let domain = part(entry, "domain", "example.eu.auth0.com")?;
    let preset = Preset::of(vec![format!("https://{domain}/")]).keys_below(WELL_KNOWN).only(RS256);
    let preset = preset.with_claims(|claims| {
        claims.service.push(Condition { path: ClaimPath::of("sub"), test: Test::EndsWith("@clients") });
    });
    let audience_hint = "write the identifier of your API";
    Ok(Preset { audience_hint, refused_for_admin: &["org_id", "org_name"], ..preset })
}

fn cognito(entry: &mut Entry) -> Result<Preset, ConfigError> {
    let pool = part(entry, "userPool", "eu-west-1_AbCdEfGhI")?;
    let Some((region, _)) = pool.split_once('_') else {
        return Err(entry.refused("userPool", "the id of a user pool is expected, as in `eu-west-1_AbCdEfGhI`"));
    };
    let issuer = format!("https://cognito-idp.{region}.amazonaws.com/{pool}");
    let token_use = entry.word("tokenUse", &["access", "id"])?.unwrap_or("access");
    let preset = Preset::of(vec![issuer]).keys_below(WELL_KNOWN).only(RS256).with_claims(|claims| {
        // `otp` alone is a first factor here: a code by mail or text message instead of a password.
        claims.mfa = vec![Condition::is("amr", &["mfa"])];
    });
    let audience_hint = match token_use {
        "access" => "write `clientIds` with your app clients, for an access token has no audience",
        _ => "write the app client, which is the audience of an ID token",
    };
    let uses = vec![Condition::is("token_use", &[token_use])];
    Ok(Preset { audience_hint, uses, refused_for_admin: &["custom:"], ..preset })
}

fn firebase(entry: &mut Entry) -> Result<Preset, ConfigError> {
    let project = part(entry, "project", "my-project")?;
    let uses = known_user(entry, &["firebase", "sign_in_provider"], "anonymous")?;
    let preset = Preset::of(vec![format!("https://securetoken.google.com/{project}")]);
    let keys = "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com";
    let preset = preset.only(RS256).for_audience(&project).with_claims(|claims| {
        let factor = ["firebase", "sign_in_second_factor"].map(str::to_owned).to_vec();
        claims.mfa = ClaimPath::parse(factor).map(|path| Condition { path, test: Test::Present }).into_iter().collect();
    });
    Ok(Preset { keys: Some(KeySource::Url(keys.to_owned())), uses, ..preset })
}

fn supabase(entry: &mut Entry) -> Result<Preset, ConfigError> {
    let issuer = match entry.text("issuer")? {
        Some(issuer) => address(entry, "issuer", &issuer)?,
        None => format!("https://{}.supabase.co/auth/v1", part(entry, "project", "abcdefghijklmnopqrst")?),
    };
    let mut uses = known_user(entry, &["is_anonymous"], "true")?;
    // A token that another application got through Supabase's OAuth server differs by its `client_id` alone.
    let clients = entry.texts("clientIds")?.unwrap_or_default();
    uses.push(Condition { path: ClaimPath::of("client_id"), test: Test::AbsentOr(clients) });
    let preset = Preset::of(vec![issuer]).keys_below(WELL_KNOWN).for_audience("authenticated");
    let preset = preset.only(&[Algorithm::Es256, Algorithm::Rs256, Algorithm::EdDsa]).with_claims(|claims| {
        claims.email_verified = Proof::Never;
        claims.mfa = vec![Condition::is("aal", &["aal2"])];
    });
    Ok(Preset { uses, refused_for_admin: &["role"], ..preset })
}

fn entra(entry: &mut Entry) -> Result<Preset, ConfigError> {
    let tenant = part(entry, "tenant", "72f988bf-86f1-41af-91ab-2d7cd011db47")?.to_ascii_lowercase();
    let is_id = tenant.len() == 36 && is_hex(&tenant.replace('-', ""), 32);
    if !is_id {
        let rule = "the id of one tenant is expected, as in `72f988bf-86f1-41af-91ab-2d7cd011db47`; write an entry for \
                    each tenant";
        return Err(entry.refused("tenant", rule));
    }
    let base = format!("https://login.microsoftonline.com/{tenant}");
    let preset = Preset::of(vec![format!("{base}/v2.0")]).only(RS256).with_claims(|claims| {
        claims.user_id = ClaimPath::of("oid");
        claims.email_verified = Proof::Never;
        let same = Condition { path: ClaimPath::of("sub"), test: Test::SameAs(ClaimPath::of("oid")) };
        claims.service = vec![Condition::is("idtyp", &["app"]), same];
    });
    let keys = Some(KeySource::Url(format!("{base}/discovery/v2.0/keys")));
    Ok(Preset { keys, audience_hint: "write the client id of your API", ..preset })
}

fn keycloak(entry: &mut Entry) -> Result<Preset, ConfigError> {
    let preset = Preset::of(vec![base(entry)?]).keys_below("/protocol/openid-connect/certs").with_claims(|claims| {
        // `client_id` says nothing: mappers put it into the tokens of people, too. These have a session.
        let test = Test::BeginsWithout("service-account-", ClaimPath::of("sid"));
        claims.service = vec![Condition { path: ClaimPath::of("preferred_username"), test }];
    });
    let audience_hint = "add an audience mapper to your client and write its audience, or write `authorizedParties` \
                         with your clients";
    let uses = vec![Condition::is("typ", &["Bearer"])];
    Ok(Preset { audience_hint, uses, refused_for_admin: &["organization", "organizations"], ..preset })
}

fn workos(entry: &mut Entry) -> Result<Preset, ConfigError> {
    let client = part(entry, "clientId", "client_01HXYZ")?;
    let issuers = match entry.text("issuer")? {
        Some(issuer) => vec![address(entry, "issuer", &issuer)?],
        None => vec![
            "https://api.workos.com".to_owned(),
            "https://api.workos.com/".to_owned(),
            format!("https://api.workos.com/user_management/{client}"),
        ],
    };
    let keys = Some(KeySource::Url(format!("https://api.workos.com/sso/jwks/{client}")));
    let refused_for_admin: &[&str] = &["role", "roles", "permissions", "org_id", "entitlements", "feature_flags"];
    Ok(Preset { keys, audience: Some(Audience::ByKeySet), refused_for_admin, ..Preset::of(issuers).only(RS256) })
}

fn better_auth(entry: &mut Entry) -> Result<Preset, ConfigError> {
    let issuer = base(entry)?;
    let algorithms = &[Algorithm::EdDsa, Algorithm::Es256, Algorithm::Rs256, Algorithm::Ps256];
    let preset = Preset::of(vec![issuer.clone()]).keys_below("/api/auth/jwks").only(algorithms).for_audience(&issuer);
    let preset = preset.with_claims(|claims| {
        claims.email_verified = Proof::Claim(ClaimPath::of("emailVerified"));
        claims.mfa = Vec::new();
    });
    let uses = known_user(entry, &["isAnonymous"], "true")?;
    let reason = "the token holds the user record, which users write themselves; use an operator key";
    Ok(Preset { uses, admin_refused: Some(reason), ..preset })
}

fn access(entry: &mut Entry) -> Result<Preset, ConfigError> {
    let issuer = match entry.text("issuer")? {
        Some(issuer) => address(entry, "issuer", &issuer)?,
        None => format!("https://{}.cloudflareaccess.com", part(entry, "team", "my-team")?),
    };
    let preset = Preset::of(vec![issuer]).keys_below("/cdn-cgi/access/certs").only(RS256).with_claims(|claims| {
        claims.service_id = Some(ClaimPath::of("common_name"));
        claims.email_verified = Proof::Always;
    });
    let uses = never(&["type"], &["org"]);
    Ok(Preset { uses, audience_hint: "write the AUD tag of your Access application, 64 hexadecimal digits", ..preset })
}
