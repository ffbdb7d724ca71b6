//! The order of all events, as a snapshot keeps it.
//!
//! Owns what must agree in it. A snapshot of before there was an order has none: its entries are put in the order of
//! their times, as the migration of the SQL store does.

use super::snapshot::{Broken, broken};
use super::{Logged, State};
use crate::app::ports::Positioned;
use crate::domain::id::OrganizationId;
use crate::domain::order::sort_by_key;

/// Integers of JavaScript and of D1 go so far.
const GREATEST: u64 = 9_007_199_254_740_991;

/// An entry with where it is to stand, if that is known.
struct Place {
    organization: OrganizationId,
    seq: u64,
    position: Option<u64>,
}

/// What a snapshot says of the order.
#[derive(Debug, Default)]
pub(super) struct KeptOrder {
    /// The positions of each organization's entries, in the order of its log.
    pub positions: Vec<(OrganizationId, Vec<u64>)>,
    /// What is to be said of purged organizations.
    pub purges: Vec<Positioned>,
    /// The greatest position that was given.
    pub last_position: u64,
}

impl State {
    /// Puts the entries where they stood.
    pub(super) fn restore_order(&mut self, kept: KeptOrder) -> Result<(), Broken> {
        let known = kept.positions.iter().any(|(_, positions)| !positions.is_empty());
        let mut places = Vec::new();
        for (organization, positions) in &kept.positions {
            let count = self.entries(*organization, 0).count();
            if positions.len() != count && known {
                return Err(misplaced(*organization));
            }
            let seqs = self.entries(*organization, 0).map(|logged| logged.entry.seq);
            places.extend(seqs.enumerate().map(|(index, seq)| Place {
                organization: *organization,
                seq,
                position: positions.get(index).copied(),
            }));
        }
        if known {
            self.check_places(&mut places)?
        } else {
            self.place_by_time(&mut places)
        }
        for place in places {
            self.put(&place);
        }
        self.restore_purges(kept.purges)?;
        let greatest = self.order.keys().chain(self.purges.keys()).max().copied().unwrap_or_default();
        self.last_position = kept.last_position.max(greatest);
        let fits = self.last_position <= GREATEST;
        if fits { Ok(()) } else { Err(broken("lastPosition".to_owned(), "it is greater than any position")) }
    }

    fn logged(&self, place: &Place) -> Option<&Logged> {
        self.commits.get(&(place.organization, place.seq))
    }

    /// How many events an entry has.
    fn event_count(&self, place: &Place) -> u64 {
        self.logged(place).and_then(|logged| u64::try_from(logged.events.len()).ok()).unwrap_or_default()
    }

    /// Rule: no two events have one position, and an organization's log is in order.
    fn check_places(&self, places: &mut [Place]) -> Result<(), Broken> {
        let in_log = |pair: &[Place]| match pair {
            [one, other] => one.organization != other.organization || one.position < other.position,
            _ => true,
        };
        if let Some([_, wrong]) = places.windows(2).find(|pair| !in_log(pair)) {
            return Err(misplaced(wrong.organization));
        }
        sort_by_key(places, |place| place.position);
        let mut before = 0u64;
        for place in places.iter() {
            let position = place.position.unwrap_or_default();
            if position < before.saturating_add(self.event_count(place)) {
                return Err(misplaced(place.organization));
            }
            before = position;
        }
        Ok(())
    }

    fn place_by_time(&self, places: &mut [Place]) {
        let at = |place: &Place| self.logged(place).map(|logged| logged.entry.at);
        sort_by_key(places, |place| (at(place), place.organization, place.seq));
        let mut last = 0u64;
        for place in places {
            last = last.saturating_add(self.event_count(place));
            place.position = Some(last);
        }
    }

    fn put(&mut self, place: &Place) {
        let key = (place.organization, place.seq);
        if let (Some(position), Some(logged)) = (place.position, self.commits.get_mut(&key)) {
            logged.position = position;
        }
    }

    fn restore_purges(&mut self, purges: Vec<Positioned>) -> Result<(), Broken> {
        let places = self.commits.iter().map(|(key, logged)| (logged.position, *key));
        self.order = places.collect();
        for purge in purges {
            let id = purge.recorded.organization;
            let free = purge.position >= 1 && !self.is_taken(purge.position);
            if !free || !self.tombstones.contains_key(&id) || self.purges.insert(purge.position, purge).is_some() {
                return Err(broken(
                    ["purges.", &id.to_string()].concat(),
                    "its position is taken, or it is not purged",
                ));
            }
        }
        Ok(())
    }

    /// Whether an event that is still there has this position.
    fn is_taken(&self, position: u64) -> bool {
        let next = self.order.since(&position).next().and_then(|(last, key)| Some((*last, self.commits.get(key)?)));
        next.is_some_and(|(last, logged)| {
            let count = u64::try_from(logged.events.len()).unwrap_or(u64::MAX);
            last.saturating_sub(count) < position
        })
    }
}

fn misplaced(organization: OrganizationId) -> Broken {
    let place = ["organizations.", &organization.to_string(), ".positions"].concat();
    broken(place, "its entries do not stand in the order of all events")
}
