//! The machine beside a scripted issuer: a clock that tests move, answers that they choose, signatures that are right
//! unless they say otherwise.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::type_complexity,
    reason = "the clock of a test counts small numbers"
)]

use super::super::fetched::{Document, FetchFault, Fetched};
use super::super::remembered::MOST;
use super::*;
use crate::app::config::Authenticator;
use crate::domain::encoding::base64url;
use crate::domain::token::{Audience, ClaimRules, KeySet, KeySource, Leeway, UserPrefixes};
use serde_json::json;

mod asking;

const START: i64 = 1_800_000_000;
const ISSUER: &str = "https://id.example";
const KEYS: &str = "https://id.example/keys";

/// An issuer whose keys come from somewhere.
fn issuer(keys: KeySource) -> Issuer {
    Issuer {
        name: "id".to_owned(),
        issuers: vec![ISSUER.to_owned()],
        keys,
        algorithms: Algorithm::ALL.to_vec(),
        audience: Audience::OneOf(vec!["guildhall".to_owned()]),
        authorized_parties: Vec::new(),
        client_ids: Vec::new(),
        uses: Vec::new(),
        leeway: Leeway::default(),
        users: UserPrefixes::default(),
        claims: ClaimRules::default(),
    }
}

/// A key set with these keys; the first letter of a name makes its coordinates.
fn set(names: &[&str]) -> String {
    let keys = names.iter().map(|name| {
        let point = base64url(&[name.as_bytes()[0]; 32]);
        json!({ "kty": "EC", "crv": "P-256", "x": point, "y": point, "kid": name, "alg": "ES256", "use": "sig" })
    });
    json!({ "keys": keys.collect::<Vec<_>>() }).to_string()
}

fn token(kid: &str, user: &str, lifetime: i64) -> String {
    let header = json!({ "alg": "ES256", "kid": kid });
    let claims = json!({ "iss": ISSUER, "aud": "guildhall", "sub": user, "exp": START + lifetime });
    format!("{}.{}.c2lnbmVk", base64url(header.to_string().as_bytes()), base64url(claims.to_string().as_bytes()))
}

fn document(body: String, max_age: i64) -> Fetched {
    let cache_control = Some(format!("max-age={max_age}"));
    Ok(Document { body: body.into_bytes(), cache_control, age: None })
}

struct World {
    auth: AuthSettings,
    memory: Memory,
    millis: i64,
    /// What the issuer's addresses answer.
    answer: Box<dyn Fn(&str, i64) -> Fetched>,
    /// When each address was asked, in seconds since the start.
    asked: Vec<(i64, String)>,
    verified: usize,
    signatures_are_right: bool,
}

impl World {
    fn new(keys: KeySource, answer: impl Fn(&str, i64) -> Fetched + 'static) -> Self {
        let auth = AuthSettings::new(vec![Authenticator::Token(Channel::Authorization, Box::new(issuer(keys)))]);
        let memory = Memory::new(&auth);
        let (asked, answer) = (Vec::new(), Box::new(answer));
        World { auth, memory, millis: START * 1000, answer, asked, verified: 0, signatures_are_right: true }
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.millis)
    }

    /// Moves the clock to so many seconds after the start.
    fn at(&mut self, seconds: i64) -> &mut Self {
        self.millis = (START + seconds) * 1000;
        self
    }

    fn answered(&mut self, question: &Question) -> Option<Question> {
        let second = self.millis / 1000 - START;
        self.asked.push((second, question.url.clone()));
        let fetched = (self.answer)(&question.url, second);
        let now = self.now();
        self.memory.answered(&self.auth, question, fetched, now).unwrap_or_default()
    }

    fn begin(&self, token: &str) -> Inquiry {
        Inquiry::new(token, Channel::Authorization, self.now())
    }

    fn step(&mut self, inquiry: &mut Inquiry) -> Step {
        let now = self.now();
        inquiry.step(&self.auth, &mut self.memory, now)
    }

    /// Carries all steps out.
    fn ask(&mut self, token: &str) -> Authenticated {
        let mut inquiry = self.begin(token);
        loop {
            match self.step(&mut inquiry) {
                Step::Done(outcome) => return outcome,
                Step::Ask(question) => {
                    let mut next = Some(question);
                    while let Some(question) = next {
                        next = self.answered(&question);
                    }
                }
                Step::Verify(_) => {
                    self.verified += 1;
                    inquiry.verified(self.signatures_are_right);
                }
                Step::Wait(milliseconds) => self.millis += i64::from(milliseconds),
            }
        }
    }

    fn user(&mut self, token: &str) -> String {
        self.ask(token).unwrap().unwrap().principal.user_id.as_str().to_owned()
    }

    fn refused(&mut self, token: &str) -> (Reason, String) {
        let denial = self.ask(token).unwrap_err();
        (denial.reason, denial.detail.to_string())
    }

    fn seconds_asked(&self) -> Vec<i64> {
        self.asked.iter().map(|(second, _)| *second).collect()
    }
}

fn url() -> KeySource {
    KeySource::Url(KEYS.to_owned())
}

#[test]
fn keys_are_fetched_once_and_the_same_token_is_verified_once() {
    let mut world = World::new(url(), |_, _| document(set(&["a"]), 600));
    let (first, second) = (token("a", "kurt", 900), token("a", "dave", 900));
    for seconds in [0, 1, 200] {
        assert_eq!((world.at(seconds).user(&first), world.user(&second)), ("kurt".to_owned(), "dave".to_owned()));
    }
    assert_eq!((world.seconds_asked(), world.verified), (vec![0], 2));
    let caller = world.ask(&first).unwrap().unwrap();
    assert!(!caller.ambient && caller.principal.issuer.unwrap().as_str() == "id");
}

#[test]
fn token_is_remembered_for_five_minutes_and_not_beyond_its_end() {
    let mut world = World::new(url(), |_, _| document(set(&["a"]), 86400));
    let (long, short) = (token("a", "kurt", 9000), token("a", "dave", 60));
    assert_eq!((world.user(&long), world.user(&short), world.verified), ("kurt".to_owned(), "dave".to_owned(), 2));
    world.at(59).user(&short);
    assert_eq!(world.verified, 2);
    world.at(60).user(&short);
    assert_eq!(world.verified, 3, "within the leeway it is judged each time");
    assert_eq!(world.at(90).refused(&short), (Reason::Unauthenticated, "expired 30 s ago".to_owned()));
    world.at(299).user(&long);
    assert_eq!(world.verified, 4);
    world.at(300).user(&long);
    assert_eq!(world.verified, 5);
}

#[test]
fn number_of_remembered_tokens_is_bounded() {
    let mut world = World::new(url(), |_, _| document(set(&["a"]), 86400));
    for number in 0..MOST + 10 {
        world.user(&token("a", &format!("user-{number}"), 900));
    }
    assert_eq!(world.memory.remembered(), MOST);
    world.user(&token("a", "user-0", 900));
    world.user(&token("a", &format!("user-{}", MOST + 9), 900));
    assert_eq!(world.verified, MOST + 11, "the oldest had made room, the newest had not");
}

#[test]
fn wrong_signature_is_refused_and_never_remembered() {
    let mut world = World::new(url(), |_, _| document(set(&["a"]), 600));
    world.signatures_are_right = false;
    for _ in 0..2 {
        let refused = world.refused(&token("a", "kurt", 900));
        assert_eq!(refused, (Reason::Unauthenticated, "the signature of the token is wrong".to_owned()));
    }
    assert_eq!((world.memory.remembered(), world.verified), (0, 2));
}

#[test]
fn flood_of_unknown_keys_asks_once_in_thirty_seconds() {
    let mut world = World::new(url(), |_, _| document(set(&["a"]), 86400));
    world.user(&token("a", "kurt", 90_000));
    for number in 0..600 {
        world.at(100).millis += number * 100;
        let unknown = world.refused(&token(&format!("unknown-{number}"), "eve", 90_000));
        assert!(matches!(unknown.0, Reason::Unauthenticated | Reason::IssuerUnavailable), "{unknown:?}");
        assert_eq!(world.user(&token("a", "kurt", 90_000)), "kurt");
    }
    assert_eq!(world.seconds_asked(), [0, 100, 130]);
}

#[test]
fn unknown_key_is_401_after_a_question_of_its_own_and_503_while_none_is_asked() {
    let mut world = World::new(url(), |_, _| document(set(&["a"]), 86400));
    assert_eq!(world.refused(&token("z", "eve", 900)).0, Reason::Unauthenticated);
    let denial = world.at(12).ask(&token("z", "eve", 900)).unwrap_err();
    assert_eq!((denial.reason, denial.retry_after), (Reason::IssuerUnavailable, Some(18)));
    assert_eq!(world.at(30).refused(&token("z", "eve", 900)).0, Reason::Unauthenticated);
    assert_eq!(world.seconds_asked(), [0, 30]);
}

/// The new key is in the set from second 1000 on; its first token comes at 1060.
fn rotate(has_flood: bool, fault: Option<Fetched>) -> Vec<i64> {
    let mut world = World::new(url(), move |_, second| match &fault {
        Some(fault) if (1000..1028).contains(&second) => fault.clone(),
        _ => document(set(if second < 1000 { &["old"] } else { &["old", "new"] }), 300),
    });
    for second in 940..1200 {
        world.at(second);
        assert_eq!(world.user(&token("old", &format!("old-{second}"), 9000)), format!("old-{second}"));
        if second >= 1060 {
            assert_eq!(world.user(&token("new", &format!("new-{second}"), 9000)), format!("new-{second}"));
        }
        for number in 0..if has_flood { 5 } else { 0 } {
            assert!(world.ask(&token(&format!("{second}-{number}"), "eve", 9000)).is_err());
        }
    }
    world.seconds_asked()
}

#[test]
fn key_that_was_published_a_minute_before_its_first_token_is_known() {
    let faults = [
        None,
        Some(Err(FetchFault::Answered(500))),
        Some(Err(FetchFault::Redirected)),
        Some(Err(FetchFault::TooSlow)),
        Some(Err(FetchFault::TooLong)),
        Some(Err(FetchFault::Unreachable)),
        Some(document("<html>".to_owned(), 600)),
        Some(document(r#"{"keys":7}"#.to_owned(), 600)),
    ];
    for fault in faults {
        for has_flood in [false, true] {
            let asked = rotate(has_flood, fault.clone());
            assert!(asked.windows(2).all(|pair| pair[1] - pair[0] >= 30), "{has_flood} {fault:?}: {asked:?}");
        }
    }
}

#[test]
fn withdrawn_key_is_refused_after_the_next_answer_with_the_tokens_that_it_signed() {
    let mut world = World::new(url(), |_, second| document(set(if second < 50 { &["a", "b"] } else { &["b"] }), 60));
    let remembered = token("a", "kurt", 900);
    world.user(&remembered);
    assert_eq!(world.at(59).user(&remembered), "kurt", "the set counts for a minute");
    let gone = (Reason::Unauthenticated, "no key of the issuer is called `a`".to_owned());
    assert_eq!(world.at(60).refused(&remembered), gone);
    assert_eq!(world.at(61).refused(&token("a", "dave", 900)), gone, "it is no key to wait for");
    assert_eq!((world.user(&token("b", "pat", 900)), world.memory.remembered()), ("pat".to_owned(), 1));
}

#[test]
fn key_that_leaves_while_its_signature_is_checked_vouches_for_nothing() {
    let mut world = World::new(url(), |_, second| document(set(if second < 50 { &["a"] } else { &["b"] }), 60));
    world.user(&token("a", "kurt", 900));
    let mut late = world.at(59).begin(&token("a", "dave", 900));
    assert!(matches!(world.step(&mut late), Step::Verify(_)));
    world.at(61).user(&token("b", "pat", 900));
    late.verified(true);
    assert!(matches!(world.step(&mut late), Step::Done(Err(_))));
}

#[test]
fn one_request_asks_and_the_others_wait_until_it_has_an_answer_or_has_gone_away() {
    let mut world = World::new(url(), |_, _| document(set(&["a"]), 600));
    let (mut first, mut second) = (world.begin(&token("a", "kurt", 900)), world.begin(&token("a", "dave", 900)));
    let Step::Ask(lost) = world.step(&mut first) else { panic!("the first one asks") };
    for seconds in [0, 2, 5] {
        assert!(matches!(world.at(seconds).step(&mut second), Step::Wait(_)), "{seconds}");
    }
    let Step::Ask(question) = world.at(6).step(&mut second) else { panic!("the first one has gone away") };
    assert_eq!(world.answered(&lost), None);
    assert!(matches!(world.step(&mut first), Step::Wait(_)), "an answer that comes too late counts for nothing");
    world.answered(&question);
    for inquiry in [&mut first, &mut second] {
        assert!(matches!(world.step(inquiry), Step::Verify(_)));
    }
}

#[test]
fn request_does_not_wait_for_keys_for_ever() {
    let mut world = World::new(url(), |_, _| document(set(&["a"]), 600));
    let mut inquiry = world.begin(&token("a", "kurt", 900));
    for seconds in [0, 6] {
        assert!(matches!(world.at(seconds).step(&mut inquiry), Step::Ask(_)), "each asker goes away");
    }
    let Step::Done(Err(denial)) = world.at(12).step(&mut inquiry) else { panic!("it is answered") };
    assert_eq!((denial.reason, denial.retry_after), (Reason::IssuerUnavailable, Some(1)));
}

#[test]
fn known_keys_hold_for_an_hour_while_the_address_fails() {
    let mut world = World::new(url(), |_, second| match second {
        0 => document(set(&["a"]), 600),
        _ => Err(FetchFault::Answered(500)),
    });
    for seconds in [0, 600, 601, 2000, 600 + 3599] {
        assert_eq!(world.at(seconds).user(&token("a", &format!("{seconds}"), 9000)), format!("{seconds}"));
    }
    let warnings = world.memory.warnings(&world.auth, world.now());
    assert_eq!((warnings[0].code, warnings[0].issuer.as_str()), ("issuer_unavailable", "id"));
    assert!(warnings[0].detail.contains("status 500; known keys hold"), "{}", warnings[0].detail);
    assert_eq!(world.at(600 + 3600).refused(&token("a", "kurt", 9000)).0, Reason::IssuerUnavailable);
    assert_eq!(world.refused(&token("a", "2000", 9000)).0, Reason::IssuerUnavailable, "what was remembered, too");
}

#[test]
fn address_that_has_never_answered_is_asked_again_after_five_seconds() {
    let mut world = World::new(url(), |_, second| match second {
        0..=4 => Err(FetchFault::Unreachable),
        _ => document(set(&["a"]), 600),
    });
    for seconds in 0..=4 {
        let denial = world.at(seconds).ask(&token("a", "kurt", 900)).unwrap_err();
        assert_eq!(denial.retry_after, Some(u32::try_from(5 - seconds).unwrap()).filter(|_| seconds > 0).or(Some(5)));
    }
    assert_eq!(world.at(5).user(&token("a", "kurt", 900)), "kurt");
    assert_eq!(world.seconds_asked(), [0, 5]);
    assert_eq!(world.memory.warnings(&world.auth, world.now()), []);
}

#[test]
fn openid_configuration_names_the_address_once_a_day_and_only_for_its_own_issuer() {
    let configuration = |issuer: &str| json!({ "issuer": issuer, "jwks_uri": KEYS }).to_string();
    let serve = move |url: &str, issuer: &str| match url {
        KEYS => document(set(&["a"]), 600),
        _ => document(configuration(issuer), 600),
    };
    let source = || KeySource::Discovery(ISSUER.to_owned());
    let mut world = World::new(source(), move |url, _| serve(url, ISSUER));
    world.user(&token("a", "kurt", 90_000));
    world.at(700).user(&token("a", "kurt", 90_000));
    let discovery = format!("{ISSUER}/.well-known/openid-configuration");
    let urls: Vec<&str> = world.asked.iter().map(|(_, url)| url.as_str()).collect();
    assert_eq!(urls, [discovery.as_str(), KEYS, KEYS]);
    let mut other = World::new(source(), move |url, _| serve(url, "https://id.example/"));
    assert_eq!(other.refused(&token("a", "kurt", 900)).0, Reason::IssuerUnavailable);
    assert!(other.memory.warnings(&other.auth, other.now())[0].detail.contains("is of the issuer"));
}

#[test]
fn inline_keys_are_never_fetched() {
    let keys = KeySource::Inline(KeySet::parse(&set(&["a"])).unwrap());
    let mut world = World::new(keys, |_, _| Err(FetchFault::Unreachable));
    let known = token("a", "kurt", 900);
    assert_eq!((world.user(&known), world.user(&known), world.verified), ("kurt".to_owned(), "kurt".to_owned(), 1));
    assert_eq!(world.refused(&token("z", "eve", 900)).0, Reason::Unauthenticated);
    assert!(world.asked.is_empty());
}

#[test]
fn token_counts_in_the_header_of_its_issuer_alone() {
    let keys = KeySource::Inline(KeySet::parse(&set(&["a"])).unwrap());
    let auth = AuthSettings::new(vec![Authenticator::Token(Channel::Access, Box::new(issuer(keys)))]);
    let mut memory = Memory::new(&auth);
    let now = Timestamp::from_millis(START * 1000);
    let mut access = Inquiry::new(&token("a", "kurt", 900), Channel::Access, now);
    assert!(matches!(access.step(&auth, &mut memory, now), Step::Verify(_)));
    access.verified(true);
    let Step::Done(Ok(Some(caller))) = access.step(&auth, &mut memory, now) else { panic!("it is right") };
    assert!(caller.ambient);
    let mut bearer = Inquiry::new(&token("a", "kurt", 900), Channel::Authorization, now);
    let Step::Done(Err(denial)) = bearer.step(&auth, &mut memory, now) else { panic!("it was accepted") };
    assert!(denial.detail.contains("no issuer `https://id.example` is configured"), "{}", denial.detail);
}

#[test]
fn clock_that_is_set_back_stops_nothing() {
    let mut world = World::new(url(), |_, _| document(set(&["a"]), 600));
    world.at(5000).user(&token("a", "kurt", 9000));
    assert_eq!(world.at(0).user(&token("a", "dave", 9000)), "dave");
    assert_eq!(world.seconds_asked(), [5000, 0]);
}
