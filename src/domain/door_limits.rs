//! Limits of the doors besides invitations: links for many, join requests, registrations.

/// Limits of invitation links, join requests and registrations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoorLimits {
    /// How many invitation links an organization has at once; at most 100.
    pub links: u32,
    /// How many requests of one user wait at once, over all organizations.
    pub join_requests: u32,
    /// How long somebody who was denied waits before asking the same organization again, in seconds.
    pub join_request_cooldown: i64,
    /// How long a registration can be activated, in seconds.
    pub registration_lifetime: i64,
    /// How many registrations of one address wait at once.
    pub registrations_per_address: u32,
    /// How many registrations the installation takes within an hour.
    pub registrations_per_hour: u32,
}

impl Default for DoorLimits {
    fn default() -> Self {
        DoorLimits {
            links: 20,
            join_requests: 20,
            join_request_cooldown: 7 * 24 * 60 * 60,
            registration_lifetime: 3 * 24 * 60 * 60,
            registrations_per_address: 3,
            registrations_per_hour: 100,
        }
    }
}
