//! What other requests get while one asks for newer keys.

use super::super::super::keyring::GRACE;
use super::*;

#[test]
fn tokens_of_known_keys_do_not_wait_while_another_request_asks() {
    let mut world = World::new(url(), |_, _| document(set(&["a"]), 600));
    let remembered = token("a", "kurt", 9000);
    world.user(&remembered);
    world.at(580).user(&remembered);
    let mut asker = world.at(600).begin(&token("a", "pat", 9000));
    let Step::Ask(hanging) = world.step(&mut asker) else { panic!("the first one asks") };
    for seconds in [600, 602, 605] {
        assert_eq!(world.at(seconds).user(&token("a", &format!("{seconds}"), 9000)), format!("{seconds}"));
        let verified = world.verified;
        assert_eq!((world.user(&remembered), world.verified), ("kurt".to_owned(), verified), "it is remembered");
        let mut unknown = world.begin(&token("b", "krist", 9000));
        assert!(matches!(world.step(&mut unknown), Step::Wait(_)), "its key may be in the answer");
    }
    assert_eq!(world.seconds_asked(), [0], "one request asks");
    let now = world.now();
    assert!(world.memory.answered(&world.auth, &hanging, Err(FetchFault::TooSlow), now).is_err());
    assert!(matches!(world.step(&mut asker), Step::Verify(_)), "the asker has waited once");
}

#[test]
fn tokens_of_keys_beyond_the_hour_wait_while_another_request_asks() {
    let mut world = World::new(url(), |_, _| document(set(&["a"]), 600));
    world.user(&token("a", "kurt", 9000));
    let mut asker = world.at(600 + GRACE).begin(&token("a", "pat", 9000));
    assert!(matches!(world.step(&mut asker), Step::Ask(_)));
    let mut other = world.begin(&token("a", "dave", 9000));
    assert!(matches!(world.step(&mut other), Step::Wait(_)));
}
