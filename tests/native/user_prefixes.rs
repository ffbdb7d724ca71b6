//! Which prefixes of user ids were ever in force: what `npm run doctor` holds a deployment against.

use crate::support::site::{Site, settings};
use crate::support::sqlite;
use guildhall::app::config::{Config, Settings};
use pollster::block_on;

/// A configuration in which upstreams give ids with these prefixes; without one, the development mode.
fn with_prefixes(prefixes: &[&str]) -> Config {
    if prefixes.is_empty() {
        return Config::read(&settings()).unwrap();
    }
    let upstream = |(place, users): (usize, &&str)| {
        let users = if users.is_empty() { String::new() } else { format!(r#","users":"{users}""#) };
        format!(r#"{{"type":"upstream","name":"up-{place}","keys":["k{place}"]{users}}}"#)
    };
    let upstreams: Vec<String> = prefixes.iter().enumerate().map(upstream).collect();
    let secret = |place: usize| format!(r#""k{place}":"{}""#, "s".repeat(32));
    let secrets: Vec<String> = (0..prefixes.len()).map(secret).collect();
    let given = Settings {
        auth: Some(format!("[{}]", upstreams.join(","))),
        upstream_keys: Some(format!("{{{}}}", secrets.join(","))),
        ..settings()
    };
    Config::read(&given).unwrap()
}

#[test]
fn clock_remembers_each_prefix_that_was_ever_in_force() {
    let mut site = Site::new(sqlite::open());
    for (prefixes, known) in [
        (vec![], "[]"),
        (vec!["up|", ""], r#"["","up|"]"#),
        (vec!["up|"], r#"["","up|"]"#),
        (vec!["o'neil|", "b|"], r#"["","b|","o'neil|","up|"]"#),
    ] {
        site.config = with_prefixes(&prefixes);
        site.advance(60);
        assert!(block_on(site.app().tick(None::<&crate::support::NoMessenger>)).is_empty());
        let connection = site.store.executor().connection.borrow();
        let users: String = connection.query_row("SELECT users FROM ticks", [], |row| row.get(0)).unwrap();
        assert_eq!(users, known);
    }
}
