//! «Доставка»: what the administrator sees, sends again, and is warned of.

mod lists;
mod resend;
mod standstill;

use std::sync::Arc;

use opora_core::{
    foundation::{ids::OutboxId, secrets::Secret},
    messaging::{
        delivery::faults::{self, Failed, FaultFilter},
        sender::{self},
    },
    patronage::duties::Patronage,
    people::access::Actor,
};
use opora_testkit::World;

use crate::messenger::FakeMessenger;

/// A world that uses Telegram, with its messenger and its administrator.
struct Desk {
    telegram: Arc<FakeMessenger>,
    admin: Actor,
}

impl Desk {
    async fn of(world: &mut World) -> Self {
        world.configure(|config| config.telegram.token = Secret::new("1:token"));
        Self { telegram: FakeMessenger::of(world), admin: world.administrator().await }
    }

    /// Sends what may go now.
    async fn sends(&self, world: &World) {
        let done = sender::send_waiting(&world.app, self.telegram.clone(), Arc::new(Patronage)).await;
        assert!(done.expect("it can be sent"), "another sender holds the lease");
    }

    /// The first page of what failed.
    async fn failed(&self, world: &World, filter: FaultFilter) -> Vec<Failed> {
        let mut work = world.look(self.admin.clone()).await;
        faults::list(&mut work, filter, None).await.expect("it can be listed").items
    }

    /// All ids of the first page.
    async fn ids(&self, world: &World) -> Vec<OutboxId> {
        self.failed(world, FaultFilter::default()).await.iter().map(|failed| failed.id).collect()
    }
}
