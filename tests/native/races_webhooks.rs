//! The shared store of the races, for webhooks and across organizations: each call goes through as it is.

use crate::races::Shared;
use guildhall::app::ports::*;
use guildhall::domain::email::Email;
use guildhall::domain::id::{OrganizationId, UserId, WebhookId};
use guildhall::domain::time::Timestamp;
use guildhall::domain::webhook::Webhook;

impl<S: WebhookStore> WebhookStore for Shared<S> {
    async fn webhooks(&self, reach: &Reach, filter: &WebhookFilter) -> Result<Tenant<Vec<Webhook>>, Unavailable> {
        self.store.webhooks(reach, filter).await
    }
    async fn webhook(&self, reach: &Reach, id: WebhookId) -> Result<Tenant<Option<Webhook>>, Unavailable> {
        self.store.webhook(reach, id).await
    }
    async fn deliveries(
        &self,
        reach: &Reach,
        filter: &DeliveryFilter,
    ) -> Result<Tenant<Option<Vec<Delivery>>>, Unavailable> {
        self.store.deliveries(reach, filter).await
    }
    async fn claim_deliveries(&self, claim: Claim) -> Result<Vec<DueDelivery>, Unavailable> {
        self.store.claim_deliveries(claim).await
    }
    async fn settle_deliveries(&self, settled: &[Settlement], now: Timestamp) -> Result<Vec<Sick>, Unavailable> {
        self.store.settle_deliveries(settled, now).await
    }
    async fn forget_deliveries(&self, before: Timestamp) -> Result<(), Unavailable> {
        self.store.forget_deliveries(before).await
    }
    async fn newest_deliveries(&self, limit: u32) -> Result<Vec<DueDelivery>, Unavailable> {
        self.store.newest_deliveries(limit).await
    }
}

impl<S: InstallationStore> InstallationStore for Shared<S> {
    async fn all_organizations(&self, filter: &InstallationFilter) -> Result<Vec<PlacedOrganization>, Unavailable> {
        self.store.all_organizations(filter).await
    }
    async fn users_of_address(
        &self,
        email: &Email,
        from: Option<&UserId>,
        limit: u32,
    ) -> Result<Vec<UserId>, Unavailable> {
        self.store.users_of_address(email, from, limit).await
    }
    async fn memberships_of(
        &self,
        users: &[(UserId, Option<OrganizationId>)],
        limit: u32,
    ) -> Result<Vec<Enlisted>, Unavailable> {
        self.store.memberships_of(users, limit).await
    }
    async fn feed(&self, after: u64, limit: u32) -> Result<Feed, Unavailable> {
        self.store.feed(after, limit).await
    }
    async fn operations(&self) -> Result<Operations, Unavailable> {
        self.store.operations().await
    }
}
