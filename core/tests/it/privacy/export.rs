//! The archive of one person.

use std::io::Read;

use opora_core::{
    foundation::errors::Failure,
    patronage::privacy::export::{self, Archive},
};
use opora_testkit::{World, on_both_databases};
use zip::ZipArchive;

use super::kit::{TRACES, maria};

fn text(zip: &mut ZipArchive<std::fs::File>, name: &str) -> String {
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

on_both_databases! {
    /// PT-D56: everything that the erasure would remove is in the archive, which opens without us.
    async fn the_archive_holds_everything_and_leaves_nothing_on_the_disk(world: World) {
        let maria = maria(&world).await;
        let administrator = world_administrator(&world).await;
        let Archive { name, size, content } =
            export::export(&world.app, administrator, maria.person, "ru").await.unwrap();
        assert_eq!(name, "Данные — Петрова Мария Ивановна — 10.03.2026.zip");
        assert_eq!(size, content.metadata().unwrap().len());
        let mut zip = ZipArchive::new(content).unwrap();
        let (page, data) = (text(&mut zip, "index.html"), text(&mut zip, "data.json"));
        let sought = TRACES.iter().filter(|word| word.chars().next().is_some_and(|c| !c.is_lowercase() && **word != "555-01-27"));
        for word in sought.filter(|word| **word != "Справка о доходах") {
            assert!(data.contains(word), "data.json lacks {word}");
        }
        for word in ["Петрова", "22.11.1954", "Любит звонки", "Сломался лифт", "Лифт починят", "Примите таблетку", "Тайное слово"] {
            assert!(page.contains(word), "index.html lacks {word}");
        }
        assert!(page.contains("files/001-%D0%9C"), "the page leads to the file");
        assert_eq!(text(&mut zip, "files/001-Моя справка.txt"), "Справка о доходах");
        serde_json::from_str::<serde_json::Value>(&data).unwrap();
        assert_eq!(std::fs::read_dir(world.app.config.data_dir.join("archives")).unwrap().count(), 0);
        assert_eq!(world.count("audit WHERE action = 'citizen.exported'").await, 1);
    }

    /// PT-279
    async fn curators_get_no_archive(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let boris = world.citizen("Борисов Борис").of(&anna).await;
        let refused = export::export(&world.app, anna.actor(), boris.person, "ru").await;
        assert!(matches!(refused, Err(Failure::Forbidden)), "{refused:?}");
        assert_eq!(world.count("audit").await, 0);
    }
}

/// The administrator whom the story has made already.
async fn world_administrator(world: &World) -> opora_core::people::access::Actor {
    use opora_core::{foundation::ids::AccountId, on_backend, people::access::Actor};
    const SQL: &str = "SELECT id FROM accounts WHERE role = 'administrator'";
    let mut tx = world.tx().await;
    let account: AccountId = on_backend!(&mut tx, |c| sqlx::query_scalar(SQL).fetch_one(c).await.unwrap());
    Actor::Administrator { account, address: "192.0.2.1".into() }
}
