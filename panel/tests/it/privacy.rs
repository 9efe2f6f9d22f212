//! «Данные о человеке».

use axum::http::StatusCode;
use opora_testkit::{World, on_both_databases};

use crate::visit::Visitor;

on_both_databases! {
    /// PT-D56
    async fn the_administrator_downloads_everything_about_a_person(world: World) {
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        let mut administrator = Visitor::administrator(&world).await;
        let card = administrator.get(&format!("/citizens/{}", maria.person)).await;
        let links = card.attributes("a.button--quiet", "href");
        let path = links.iter().find(|link| link.ends_with("/personal-data")).expect("the card leads to it");
        let page = administrator.get(path).await;
        assert_eq!(page.text_of("#archive-title"), "Данные о человеке");
        let action = page.attribute("main form", "action").expect("a button");
        let archive = administrator.post(&action, &[]).await;
        let header = |name: &str| archive.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        assert_eq!(header("content-type"), "application/zip");
        assert!(header("content-disposition").starts_with("attachment;"));
        assert!(archive.body.starts_with("PK"), "no archive: {}", archive.body);
        assert_eq!(world.count("audit WHERE action = 'citizen.exported' AND author = 'administrator'").await, 1);
    }

    /// PT-279, PT-286
    async fn curators_have_neither_button_nor_archive(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let mut curator = Visitor::curator(&world, &anna).await;
        let card = curator.get(&format!("/citizens/{}", maria.person)).await;
        assert!(!card.body.contains("personal-data"));
        let refused = curator.post(&format!("/citizens/{}/personal-data/archive", maria.person), &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(world.count("audit WHERE action = 'citizen.exported'").await, 0);
    }
}
