//! Requests that count against a limit, and the answer to one too many.
//!
//! Owns which requests count, under which key, and the headers that tell of it
//! (draft-ietf-httpapi-ratelimit-headers). Never counts: the edge asks the platform.

use super::gateway::needs_caller;
use super::security::Asked;
use super::{Handled, Request, is_for_anyone, problem, request_id};
use crate::app::authentication::{Authenticated, Caller};
use crate::app::config::{Config, Rate, RateLimit};
use crate::app::execute::App;
use crate::app::ports::Entropy;
use crate::domain::denial::{self, Denial, Reason};
use http::{HeaderMap, HeaderName, HeaderValue};
use std::net::{IpAddr, Ipv6Addr};

/// The header in which the platform names the network address of a request. A client cannot set it: the platform
/// writes over what was sent.
const ADDRESS: &str = "cf-connecting-ip";

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// A request that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The limit that it counts against.
    pub limit: RateLimit,
    /// Whose requests are counted together.
    pub key: String,
    rate: Rate,
}

/// How a request for one of Guildhall's own paths counts; `None` for one that does not. Rule: what is the same for every
/// caller does not count, nor does what the operator's own programs send.
pub fn counted(config: &Config, request: &Request, authenticated: &Authenticated) -> Option<Counted> {
    if is_for_anyone(request) { None } else { of_caller(config, request.headers(), authenticated) }
}

/// How a request for a path of the application behind the gateway counts; `None` for one that does not. Rule: what
/// goes there without a look at its caller does not count.
pub fn counted_at_gateway(config: &Config, request: &Request, authenticated: &Authenticated) -> Option<Counted> {
    if needs_caller(config, request) { of_caller(config, request.headers(), authenticated) } else { None }
}

fn of_caller(config: &Config, headers: &HeaderMap, authenticated: &Authenticated) -> Option<Counted> {
    let caller = authenticated.as_ref().ok().and_then(Option::as_ref);
    if caller.is_some_and(|caller| caller.operator.is_some()) {
        return None;
    }
    // An internal user id is refused later, whoever vouches for it.
    let user = caller.map(|caller: &Caller| &caller.principal.user_id).filter(|user| !user.is_internal());
    let (limit, key) = match user {
        Some(user) => (RateLimit::SignedIn, format!("user {}", user.as_str())),
        None => (RateLimit::Anonymous, format!("address {}", network(headers))),
    };
    config.rate_limits.rate(limit).map(|rate| Counted { limit, key, rate })
}

/// The network address that the platform names.
pub(super) fn address(headers: &HeaderMap) -> Option<IpAddr> {
    let mut sent = headers.get_all(ADDRESS).iter();
    let address = sent.next()?.to_str().ok()?.parse().ok()?;
    sent.next().is_none().then_some(address)
}

/// The network of a request: an IPv4 address, or the first 64 bits of an IPv6 address, because one customer of a
/// provider has at least as many of those. Requests whose address is not told count together.
fn network(headers: &HeaderMap) -> String {
    match address(headers) {
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => network_of_v6(address),
        None => "unknown".to_owned(),
    }
}

fn network_of_v6(address: Ipv6Addr) -> String {
    if let Some(address) = address.to_ipv4_mapped() {
        return address.to_string();
    }
    let [a, b, c, d, ..] = address.segments();
    format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
}

impl Counted {
    /// What was counted, for the headers of its answer.
    pub fn mark(&self, headers: &mut HeaderMap) {
        let Rate { requests, seconds } = self.rate;
        append(headers, POLICY, &format!("\"{}\";q={requests};w={seconds}", self.limit.name()));
    }

    /// The answer to a request that was one too many.
    pub fn refused<S, C, E: Entropy>(&self, app: &App<'_, S, C, E>, request: &Request) -> Handled {
        let Rate { requests, seconds } = self.rate;
        let whose = match self.limit {
            RateLimit::Anonymous => "from this network address without a valid credential",
            RateLimit::SignedIn => "of this user",
        };
        let detail = format!(
            "more than {} in {} came {whose}",
            denial::counted(requests, "request"),
            denial::counted(seconds, "second")
        );
        let mut denial = Denial::because(Reason::RateLimited, detail);
        denial.retry_after = Some(seconds);
        let request_id = request_id(request, app.entropy);
        let answer = problem::denied(&denial, &request_id);
        let mut response = answer.respond(&request_id, &Asked::of(&app.config.allowed_origins, request));
        append(response.headers_mut(), STATE, &format!("\"{}\";r=0;t={seconds}", self.limit.name()));
        self.mark(response.headers_mut());
        Handled { response, fault: None, messages_waiting: false }
    }
}

fn append(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.append(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::config::Settings;
    use crate::domain::id::UserId;
    use crate::domain::operator::{OperatorGrant, OperatorName, OperatorScopes, Vouches};
    use crate::domain::principal::{Principal, PrincipalKind};

    fn config(limits: &str) -> Config {
        let settings = Settings {
            public_origin: Some("http://127.0.0.1:8787".to_owned()),
            auth: Some(r#"{"type":"dev"}"#.to_owned()),
            secret_key: Some("s".repeat(32)),
            skip_paths: Some("/assets/*".to_owned()),
            allowed_origins: Some("https://app.example".to_owned()),
            rate_limits: Some(limits.to_owned()),
            ..Settings::default()
        };
        Config::read(&settings).unwrap()
    }

    const BOTH: &str = "anonymous=60/60 signed-in=600/10";

    fn asked(line: &str, headers: &[(&str, &str)]) -> Request {
        let (method, path) = line.split_once(' ').unwrap();
        let mut request = http::Request::builder().method(method).uri(format!("https://g.example{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Vec::new()).unwrap()
    }

    fn caller(user: &str) -> Caller {
        Caller::explicit(Principal::new(UserId::parse(user).unwrap(), PrincipalKind::User))
    }

    fn key(authenticated: &Authenticated, addresses: &[&str]) -> (RateLimit, String) {
        let headers: Vec<(&str, &str)> = addresses.iter().map(|address| (ADDRESS, *address)).collect();
        let counted = counted(&config(BOTH), &asked("GET /v1/me", &headers), authenticated).unwrap();
        (counted.limit, counted.key)
    }

    #[test]
    fn anonymous_requests_count_by_network() {
        for (addresses, network) in [
            (&["203.0.113.7"][..], "203.0.113.7"),
            (&["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
            (&["2001:0DB8:0001:0002::ffff"], "2001:db8:1:2::/64"),
            (&["2001:db8:1::1"], "2001:db8:1::/64"),
            (&["::1"], "::/64"),
            (&["::ffff:203.0.113.7"], "203.0.113.7"),
            (&["::ffff:cb00:7107"], "203.0.113.7"),
            (&[], "unknown"),
            (&[""], "unknown"),
            (&["203.0.113.7, 203.0.113.8"], "unknown"),
            (&["203.0.113.7", "203.0.113.7"], "unknown"),
            (&["203.0.113.07"], "unknown"),
            (&["fe80::1%eth0"], "unknown"),
            (&["[2001:db8::1]"], "unknown"),
        ] {
            let expected = (RateLimit::Anonymous, format!("address {network}"));
            assert_eq!(key(&Ok(None), addresses), expected, "{addresses:?}");
        }
    }

    #[test]
    fn a_user_counts_by_id_and_a_refused_credential_by_network() {
        let user = Ok(Some(caller("203.0.113.7")));
        assert_eq!(key(&user, &["203.0.113.7"]), (RateLimit::SignedIn, "user 203.0.113.7".to_owned()));
        let refused = Err(Reason::Unauthenticated.into());
        assert_eq!(key(&refused, &["203.0.113.7"]), (RateLimit::Anonymous, "address 203.0.113.7".to_owned()));
        let internal = format!("{}anonymous", UserId::INSTALLATION);
        assert_eq!(key(&Ok(Some(caller(&internal))), &["203.0.113.7"]).0, RateLimit::Anonymous);
    }

    #[test]
    fn operator_keys_and_what_is_for_every_caller_do_not_count() {
        let grant = OperatorGrant {
            name: OperatorName::parse("billing").unwrap(),
            scopes: OperatorScopes::default(),
            vouches: Vouches::default(),
            acts_for_user: false,
        };
        let operator = Ok(Some(Caller { operator: Some(grant), ..caller("ada") }));
        let config = config(BOTH);
        assert_eq!(counted(&config, &asked("GET /v1/me", &[]), &operator), None);
        assert_eq!(counted_at_gateway(&config, &asked("GET /page", &[]), &operator), None);
        for line in ["GET /healthz", "GET /readyz", "GET /openapi.json", "GET /nothing", "OPTIONS /v1/me"] {
            assert_eq!(counted(&config, &asked(line, &[]), &Ok(None)), None, "{line}");
        }
        for line in ["GET /v1/me", "GET /o/acme/v1/resolve", "POST /v1/registrations", "PUT /v1/me"] {
            assert!(counted(&config, &asked(line, &[]), &Ok(None)).is_some(), "{line}");
        }
    }

    #[test]
    fn at_the_gateway_what_is_passed_on_unseen_does_not_count() {
        let config = config(BOTH);
        let at = |line, headers: &[(&str, &str)]| counted_at_gateway(&config, &asked(line, headers), &Ok(None));
        let method = ("access-control-request-method", "GET");
        assert_eq!(at("GET /assets/main.css", &[]), None);
        assert_eq!(at("OPTIONS /page", &[("origin", "https://app.example"), method]), None);
        assert!(at("OPTIONS /page", &[("origin", "https://evil.example"), method]).is_some());
        assert!(at("OPTIONS /page", &[]).is_some());
        assert!(at("GET /page", &[]).is_some());
    }

    #[test]
    fn a_limit_that_is_absent_counts_nothing() {
        let request = asked("GET /v1/me", &[]);
        let anonymous = config("anonymous=1/10");
        assert!(counted(&anonymous, &request, &Ok(None)).is_some());
        assert_eq!(counted(&anonymous, &request, &Ok(Some(caller("ada")))), None);
        assert_eq!(counted(&config(""), &request, &Ok(None)), None);
    }

    #[test]
    fn the_policy_is_told_beside_what_an_application_tells() {
        let counted = counted(&config(BOTH), &asked("GET /v1/me", &[]), &Ok(Some(caller("ada")))).unwrap();
        let mut headers = HeaderMap::new();
        headers.append(POLICY, HeaderValue::from_static("\"theirs\";q=1;w=1"));
        counted.mark(&mut headers);
        let told: Vec<&HeaderValue> = headers.get_all(POLICY).iter().collect();
        assert_eq!(told, ["\"theirs\";q=1;w=1", "\"signed-in\";q=600;w=10"]);
    }
}
