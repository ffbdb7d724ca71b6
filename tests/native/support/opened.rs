//! Tokens that have been taken apart and believed, for as long as a test lives.

use guildhall::domain::pass::{Expectations, KeySet, Kind, Listener, PassFault, Row, Stated, Unverified, Vouched};
use guildhall::domain::permission::PermissionSet;
use std::collections::BTreeMap;

/// All that a token says.
pub struct Opened {
    pub vouched: Vouched<'static>,
    pub stated: Stated<'static>,
    pub members: Vec<Row<'static>>,
    pub teams: BTreeMap<&'static str, PermissionSet>,
}

#[derive(Default)]
struct Everything(Vec<Row<'static>>, BTreeMap<&'static str, PermissionSet>);

impl Listener<'static> for Everything {
    fn row(&mut self, row: &Row<'static>) {
        self.0.push(*row);
    }

    fn team(&mut self, team: &'static str, allowed: PermissionSet) {
        self.1.insert(team, allowed);
    }
}

/// Checks the signature and believes; what is read where it stands stays there until the test is over.
pub fn believed(token: &str, kind: Kind, keys: &KeySet, expected: &Expectations<'_>) -> Result<Opened, PassFault> {
    let (token, room) = (token.to_owned().leak(), kind.room().leak());
    let vouched = Unverified::open(token, kind, room)?.verify(keys)?;
    let mut listener = Everything::default();
    let stated = vouched.believe(expected, &mut listener)?;
    Ok(Opened { vouched, stated, members: listener.0, teams: listener.1 })
}
