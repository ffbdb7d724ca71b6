//! A naive model beside the real thing: who is a member and who owns it, as one would write it down
//! on paper. Whatever the model forbids must be refused, whatever it allows must happen.

use crate::support::random::person;
use crate::support::site::{Site, request, settings};
use guildhall::app::config::Settings;
use guildhall::store::memory::MemoryStore;
use pollster::block_on;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const USERS: [&str; 4] = ["dave", "krist", "kurt", "pat"];

#[derive(Debug, Clone)]
enum Step {
    Add(usize, usize, bool),
    Remove(usize, usize),
    Leave(usize),
    Promote(usize, usize, bool),
    Transfer(usize, usize),
    Invite(usize, usize, bool),
    Accept(usize),
}

/// Pencil and paper: kurt founded it.
#[derive(Debug, Clone)]
struct Paper {
    owner: usize,
    admins: BTreeSet<usize>,
    members: BTreeSet<usize>,
    /// Invited user -> (inviter, as admin).
    invited: BTreeMap<usize, (usize, bool)>,
    /// Members whose address is known: those who proved it, coming in or doing something.
    known: BTreeSet<usize>,
}

impl Paper {
    /// Nobody touches a peer or a superior; the owner has neither.
    fn outranks(&self, by: usize, user: usize) -> bool {
        self.rules(by) && user != self.owner && (by == self.owner || !self.admins.contains(&user))
    }

    fn rules(&self, user: usize) -> bool {
        self.members.contains(&user) && (self.owner == user || self.admins.contains(&user))
    }

    /// Carries a step out if it is allowed; says whether it was.
    fn step(&mut self, step: &Step) -> bool {
        match *step {
            Step::Add(by, user, admin) => {
                let allowed = self.rules(by) && !self.members.contains(&user);
                if allowed {
                    self.join(user, admin);
                    self.recognise(by);
                }
                allowed
            }
            Step::Remove(by, user) if by == user => self.step(&Step::Leave(by)),
            Step::Remove(by, user) => {
                let allowed = self.outranks(by, user) && self.part(user);
                if allowed {
                    self.recognise(by);
                }
                allowed
            }
            Step::Leave(user) => self.part(user),
            Step::Promote(by, user, admin) => {
                let above = self.outranks(by, user) || (by == user && self.rules(by) && user != self.owner);
                let allowed = above && self.members.contains(&user);
                if allowed && self.admins.contains(&user) != admin {
                    self.recognise(by);
                }
                if allowed {
                    self.join(user, admin);
                }
                allowed
            }
            Step::Transfer(by, to) => self.transfer(by, to),
            Step::Invite(by, user, admin) => {
                let allowed = self.rules(by) && !self.known.contains(&user) && by != user;
                if allowed {
                    self.recognise(by);
                    self.invited.insert(user, (by, admin));
                }
                allowed
            }
            Step::Accept(user) => self.accept(user),
        }
    }

    /// Who acts proves an address, and an invitation of it is over.
    fn recognise(&mut self, user: usize) {
        self.known.insert(user);
        self.invited.remove(&user);
    }

    fn join(&mut self, user: usize, admin: bool) {
        self.members.insert(user);
        if admin {
            self.admins.insert(user)
        } else {
            self.admins.remove(&user)
        };
    }

    fn part(&mut self, user: usize) -> bool {
        let parted = user != self.owner && self.members.remove(&user);
        if parted {
            self.known.remove(&user);
        }
        parted
    }

    fn transfer(&mut self, by: usize, to: usize) -> bool {
        let allowed = by == self.owner && self.members.contains(&to);
        if allowed && by != to {
            self.admins.insert(by);
            self.owner = to;
            self.recognise(by);
        }
        allowed
    }

    fn accept(&mut self, user: usize) -> bool {
        let Some((by, admin)) = self.invited.get(&user).copied() else { return false };
        let allowed = self.rules(by) && !self.members.contains(&user);
        if allowed {
            self.invited.remove(&user);
            self.known.insert(user);
            self.join(user, admin);
        }
        allowed
    }

    fn roles(&self) -> BTreeMap<String, String> {
        let role = |user: &usize| match user {
            user if *user == self.owner => "owner",
            user if self.admins.contains(user) => "admin",
            _ => "member",
        };
        self.members.iter().map(|user| (USERS[*user].to_owned(), role(user).to_owned())).collect()
    }
}

struct Real {
    site: Site<MemoryStore>,
    tokens: Vec<String>,
    /// The latest invitation of each user.
    invitations: BTreeMap<usize, String>,
}

impl Real {
    fn found() -> Self {
        let often = Some("1000".to_owned());
        let settings = Settings { invitations_per_recipient_and_day: often, ..settings() };
        let site = Site::with(MemoryStore::default(), &settings);
        let signed = |name: &&str| block_on(site.sign_in(&json!({ "userId": name, "email": person(name)["email"] })));
        let tokens = USERS.iter().map(signed).collect();
        let real = Real { site, tokens, invitations: BTreeMap::new() };
        assert_eq!(real.ask(2, "POST", "", json!({ "name": "Nirvana" })).0, 201);
        real
    }

    fn ask(&self, who: usize, method: &str, path: &str, body: Value) -> (u16, Value) {
        let path = if path.starts_with("/v1") { path.to_owned() } else { format!("/v1/organizations{path}") };
        let body = Some(&body).filter(|body| !body.is_null());
        let reply = block_on(self.site.send(request(method, &path, Some(&self.tokens[who]), body)));
        (reply.status, reply.body)
    }

    fn step(&mut self, step: &Step) -> bool {
        let role = |admin: bool| json!([if admin { "admin" } else { "member" }]);
        let member = |user: usize| format!("/nirvana/members/{}", USERS[user]);
        let (status, body) = match *step {
            Step::Add(by, user, admin) => {
                self.ask(by, "POST", "/nirvana/members", json!({ "userId": USERS[user], "roles": role(admin) }))
            }
            Step::Remove(by, user) => self.ask(by, "DELETE", &member(user), Value::Null),
            Step::Leave(user) => self.ask(user, "DELETE", "/nirvana/members/me", Value::Null),
            Step::Promote(by, user, admin) => self.ask(by, "PATCH", &member(user), json!({ "roles": role(admin) })),
            Step::Transfer(by, to) => self.ask(by, "POST", "/nirvana/transfer", json!({ "userId": USERS[to] })),
            Step::Invite(by, user, admin) => {
                let email = person(USERS[user])["email"].clone();
                self.ask(by, "POST", "/nirvana/invitations", json!({ "email": email, "roles": role(admin) }))
            }
            Step::Accept(user) => {
                let id = self.invitations.get(&user).cloned().unwrap_or("inv_none".to_owned());
                self.ask(user, "POST", "/v1/invitations/accept", json!({ "invitationId": id }))
            }
        };
        if let (Step::Invite(_, user, _), Some(id)) = (step, body["id"].as_str()) {
            self.invitations.insert(*user, id.to_owned());
        }
        if let (Step::Accept(user), 200) = (step, status) {
            self.invitations.remove(user);
        }
        status < 300
    }

    fn roles(&self) -> BTreeMap<String, String> {
        let dump = self.site.store.dump();
        let owner = &dump["organizations"][0]["owner"];
        let role = |member: &Value| match &member["user"] {
            user if user == owner => "owner".to_owned(),
            _ => member["roles"][0].as_str().unwrap().to_owned(),
        };
        let members = dump["members"].as_array().unwrap();
        members.iter().map(|member| (member["user"].as_str().unwrap().to_owned(), role(member))).collect()
    }
}

fn step() -> impl Strategy<Value = Step> {
    let user = || 0..USERS.len();
    prop_oneof![
        (user(), user(), any::<bool>()).prop_map(|(by, user, admin)| Step::Add(by, user, admin)),
        (user(), user()).prop_map(|(by, user)| Step::Remove(by, user)),
        user().prop_map(Step::Leave),
        (user(), user(), any::<bool>()).prop_map(|(by, user, admin)| Step::Promote(by, user, admin)),
        (user(), user()).prop_map(|(by, to)| Step::Transfer(by, to)),
        (user(), user(), any::<bool>()).prop_map(|(by, user, admin)| Step::Invite(by, user, admin)),
        user().prop_map(Step::Accept),
    ]
}

proptest! {
    #[test]
    fn the_real_thing_does_what_paper_says(steps in prop::collection::vec(step(), 1..40)) {
        let mut paper = Paper { owner: 2, admins: [].into(), members: [2].into(), invited: BTreeMap::new(), known: [2].into() };
        let mut real = Real::found();
        for step in &steps {
            let before = paper.clone();
            prop_assert_eq!(paper.step(step), real.step(step), "{:?} on {:?}", step, before);
            prop_assert_eq!(paper.roles(), real.roles(), "{:?} on {:?}", step, before);
        }
    }
}
