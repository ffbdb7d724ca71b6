//! Where the links of mails lead.
//!
//! Owns the template of the setting `LINK_URL` and its rules. Never mints a token.

use super::catalogue::fill;
use crate::app::config::{host_of, is_loopback};
use std::net::Ipv6Addr;

/// The template of every link in a mail: an address with the gaps `{token}`, `{kind}` and `{organization}`.
///
/// Rule: `{token}` stands in the fragment, because browsers send a fragment to no server and no log keeps it.
///
/// ```
/// use guildhall::app::mail::LinkUrl;
/// let page = LinkUrl::parse("https://app.example/welcome#{kind}={token}").unwrap();
/// assert_eq!(page.leading("invitation", "nirvana", Some("ghi_1")), "https://app.example/welcome#invitation=ghi_1");
/// assert_eq!(page.leading("member_added", "nirvana", None), "https://app.example/welcome#organization=nirvana");
/// assert!(LinkUrl::parse("https://app.example/welcome?token={token}").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkUrl {
    address: String,
    fragment: String,
}

const ADDRESS: &str = "an https address is expected (http on a loopback host only), like \
                       `https://app.example.com/welcome#{kind}={token}`: a host without user or password, \
                       at most 2000 visible ASCII characters";
const TOKEN: &str = "`{token}` is expected once, after `#`: what stands before `#` is sent to servers, which log it";
const GAPS: &str = "the gaps are `{token}`, `{kind}` and `{organization}`, none of them in the host; \
                    other braces are written `%7B` and `%7D`";

/// Characters of a template.
const LONGEST: usize = 2000;

impl LinkUrl {
    /// The console of an origin.
    pub fn console(origin: &str) -> Self {
        LinkUrl { address: format!("{origin}/"), fragment: "{kind}={token}".to_owned() }
    }

    /// Checks a template.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>\\`^|".contains(&byte));
        if text.len() > LONGEST || !visible {
            return Err(ADDRESS);
        }
        let (address, fragment) = text.split_once('#').unwrap_or((text, ""));
        require_address(address)?;
        let (before, after) = (gaps(address).ok_or(GAPS)?, gaps(fragment).ok_or(GAPS)?);
        let tokens = after.iter().filter(|gap| **gap == "token").count();
        if tokens != 1 || before.contains(&"token") || fragment.contains('#') {
            return Err(TOKEN);
        }
        Ok(LinkUrl { address: address.to_owned(), fragment: fragment.to_owned() })
    }

    /// The link of a mail.
    ///
    /// Rule: a mail without a token leads to the same page. Its fragment names the organization, unless the
    /// template does so itself, because a page that learns neither a token nor an organization has nothing to show.
    pub fn leading(&self, kind: &str, organization: &str, token: Option<&str>) -> String {
        let names_organization = [&self.address, &self.fragment].iter().any(|part| part.contains("{organization}"));
        let fragment = match token {
            None if !names_organization => "organization={organization}",
            _ => &self.fragment,
        };
        let values = [("kind", kind), ("organization", organization), ("token", token.unwrap_or_default())];
        format!("{}#{}", fill(&self.address, &values), fill(fragment, &values))
    }
}

/// What stands before `#`: a scheme that keeps the address from others on the way, and a host that no gap changes.
fn require_address(address: &str) -> Result<(), &'static str> {
    let secure = address.strip_prefix("https://");
    let rest = secure.or_else(|| address.strip_prefix("http://")).ok_or(ADDRESS)?;
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    if authority.contains(['{', '}']) {
        return Err(GAPS);
    }
    let host = host_of(authority);
    let plain = authority.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
    let named = if authority.starts_with('[') { host.parse::<Ipv6Addr>().is_ok() } else { is_host(host) };
    let reachable = named && (secure.is_some() || is_loopback(host));
    if plain && reachable && has_port(authority) { Ok(()) } else { Err(ADDRESS) }
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && !host.starts_with('.') && !host.contains(['[', ']'])
}

/// Whether what follows the host is nothing or a port.
fn has_port(authority: &str) -> bool {
    let behind = authority.rsplit_once(']').map_or(authority, |(_, behind)| behind);
    behind.split_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok())
}

/// The names in braces, if each brace belongs to a known gap.
fn gaps(text: &str) -> Option<Vec<&str>> {
    let mut parts = text.split('{');
    let plain = |part: &str| !part.contains('}');
    if !parts.next().is_some_and(plain) {
        return None;
    }
    parts
        .map(|part| part.split_once('}').filter(|(name, rest)| is_gap(name) && plain(rest)).map(|(name, _)| name))
        .collect()
}

fn is_gap(name: &str) -> bool {
    matches!(name, "token" | "kind" | "organization")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(template: &str, token: Option<&str>) -> String {
        LinkUrl::parse(template).unwrap().leading("invitation", "nirvana", token)
    }

    #[test]
    fn a_template_is_filled_for_mails_with_and_without_a_token() {
        for (template, with, without) in [
            (
                "https://app.example/join#{token}",
                "https://app.example/join#t",
                "https://app.example/join#organization=nirvana",
            ),
            ("https://app.example#t={token}", "https://app.example#t=t", "https://app.example#organization=nirvana"),
            (
                "https://app.example:8443/{kind}?x=1#{token}",
                "https://app.example:8443/invitation?x=1#t",
                "https://app.example:8443/invitation?x=1#organization=nirvana",
            ),
            (
                "https://app.example/o/{organization}#{kind}={token}",
                "https://app.example/o/nirvana#invitation=t",
                "https://app.example/o/nirvana#invitation=",
            ),
            (
                "http://localhost:3000/#/welcome/{organization}/{token}",
                "http://localhost:3000/#/welcome/nirvana/t",
                "http://localhost:3000/#/welcome/nirvana/",
            ),
            ("http://[::1]:3000/#{token}", "http://[::1]:3000/#t", "http://[::1]:3000/#organization=nirvana"),
        ] {
            assert_eq!((leads(template, Some("t")), leads(template, None)), (with.to_owned(), without.to_owned()));
        }
        let console = LinkUrl::console("https://guildhall.example");
        assert_eq!(console.leading("registration", "x", Some("t")), "https://guildhall.example/#registration=t");
        assert_eq!(console.leading("member_added", "nirvana", None), "https://guildhall.example/#organization=nirvana");
    }

    #[test]
    fn a_template_that_breaks_a_rule_is_refused_with_that_rule() {
        for (rule, template) in [
            (TOKEN, "https://app.example/{token}"),
            (TOKEN, "https://app.example/?token={token}"),
            (TOKEN, "https://app.example/{token}#{token}"),
            (TOKEN, "https://app.example/#{token}&again={token}"),
            (TOKEN, "https://app.example/#invitation"),
            (TOKEN, "https://app.example/"),
            (TOKEN, "https://app.example/#a#{token}"),
            (GAPS, "https://{token}.example/"),
            (GAPS, "https://{organization}.app.example/#{token}"),
            (GAPS, "https://app.example/#{token}{"),
            (GAPS, "https://app.example/}#{token}"),
            (GAPS, "https://app.example/#{{token}}"),
            (GAPS, "https://app.example/{slug}#{token}"),
            (GAPS, "https://app.example/#{Token}"),
            (ADDRESS, "http://app.example/#{token}"),
            (ADDRESS, "http://localhost.evil.example/#{token}"),
            (ADDRESS, "/welcome#{token}"),
            (ADDRESS, "app.example/#{token}"),
            (ADDRESS, "javascript:alert(1)#{token}"),
            (ADDRESS, "https://#{token}"),
            (ADDRESS, "https:///welcome#{token}"),
            (ADDRESS, "https://:443/#{token}"),
            (ADDRESS, "https://app.example:x/#{token}"),
            (ADDRESS, "https://app.example:/#{token}"),
            (ADDRESS, "https://app.example:99999/#{token}"),
            (ADDRESS, "https://[::1/#{token}"),
            (ADDRESS, "https://[app]/#{token}"),
            (ADDRESS, "https://app]/#{token}"),
            (ADDRESS, "https://user:secret@app.example/#{token}"),
            (ADDRESS, "https://app.example\\evil/#{token}"),
            (ADDRESS, "https://app.example/a b#{token}"),
            (ADDRESS, "https://app.example/\"onclick=#{token}"),
            (ADDRESS, "https://münchen.example/#{token}"),
            (ADDRESS, "https://app.example/\n#{token}"),
        ] {
            assert_eq!(LinkUrl::parse(template).err(), Some(rule), "{template}");
        }
        let long = format!("https://app.example/{}#{{token}}", "x".repeat(LONGEST));
        assert_eq!(LinkUrl::parse(&long).err(), Some(ADDRESS));
    }
}
