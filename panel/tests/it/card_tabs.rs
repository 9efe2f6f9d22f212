//! «Файлы», «История взаимодействия» and «Отклонения» in the card.

use axum::http::StatusCode;
use opora_core::patronage::{
    activation, contacts,
    files::{self, Attachment},
};
use opora_testkit::{Citizen, World, on_both_databases};

use crate::visit::Visitor;

async fn request(world: &World, citizen: &Citizen, comment: &str) {
    let mut work = world.begin(citizen.actor()).await;
    contacts::request(&mut work, citizen.person, Some(comment)).await.expect("it can be requested");
    work.commit().await.expect("it stays");
}

on_both_databases! {
    /// PT-089
    async fn before_the_activation_the_tabs_are_closed(world: World) {
        let maria = world.citizen("Петрова Мария").await;
        activation::issue_missing(&world.app).await.expect("a code is issued");
        let mut administrator = Visitor::administrator(&world).await;
        for tab in ["files", "history", "deviations"] {
            let page = administrator.get(&format!("/citizens/{}/{tab}", maria.person)).await;
            assert_eq!(page.text_of(".empty__title"), "Доступно после активации бота", "{tab}");
            assert!(!page.has("main form"), "{tab}");
        }
        let history = format!("/citizens/{}/history", maria.person);
        let refused = administrator.post(&history, &[("result", "Тайком")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert_eq!(world.count("contacts").await, 0);
    }

    /// PT-098, PT-099, PT-100, PT-101, PT-102
    async fn a_result_is_written_by_a_click_and_stamped(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        request(&world, &maria, "Сломался лифт").await;
        let mut curator = Visitor::curator(&world, &anna).await;
        let path = format!("/citizens/{}/history", maria.person);
        let page = curator.get(&path).await;
        assert_eq!(page.text_of(".contact__comment"), "Сломался лифт");
        assert!(!page.has(".contact__stamp"));
        let edit = page.attribute(".contact__result", "href").expect("a click edits");
        let form = curator.get(edit.split('#').next().expect("a path")).await;
        let action = form.attribute(".contact form", "action").expect("the form");
        let version = form.attribute("[name=version]", "value").expect("the version");
        let saved = curator.post(&action, &[("result", "Лифт починят"), ("version", &version)]).await;
        assert_eq!(saved.location(), path);
        let page = curator.get(&path).await;
        assert_eq!(page.text_of(".contact__stamp"), "Отредактировано: Иванова Анна Петровна, 10.03.2026, 09:00");
        assert_eq!(page.text_of(".contact__result"), "Лифт починят");
        let stale = curator.post(&action, &[("result", "Другое"), ("version", &version)]).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.body.contains("Другое"), "nothing typed is lost");
    }

    /// PT-103
    async fn an_own_contact_is_added(world: World) {
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        let mut administrator = Visitor::administrator(&world).await;
        let path = format!("/citizens/{}/history", maria.person);
        administrator.get(&format!("{path}?add=1")).await;
        let empty = administrator.post(&path, &[("result", " ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        administrator.post(&path, &[("result", "Позвонила сама")]).await;
        let page = administrator.get(&path).await;
        assert_eq!(page.text_of(".contact__head strong"), "Контакт по инициативе соц. куратора");
        assert_eq!(page.text_of(".contact__stamp"), "Отредактировано: администратор, 10.03.2026, 09:00");
    }

    /// PT-095, PT-096
    async fn pictures_are_shown_and_pages_only_download_under_their_own_name(mut world: World) {
        let maria = world.citizen("Петрова Мария").await;
        world.configure(|config| config.bot_mode = opora_core::foundation::config::BotMode::Off);
        let author = world.administrator().await;
        let mut ids = Vec::new();
        let kinds = [
            ("Справка.jpg", "image/jpeg"),
            ("Страница.html", "text/html"),
            ("Заявление.pdf", "application/pdf"),
            ("Письмо.txt", "text/plain"),
            ("Рисунок.svg", "image/svg+xml"),
        ];
        for (name, media_type) in kinds {
            let folder = world.app.config.data_dir.join("uploads");
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(folder.join(name), b"bytes").expect("a file");
            let attachment = Attachment {
                name: name.to_owned(), media_type: Some(media_type.to_owned()), size: 5,
                storage_key: name.to_owned(), sha256: [0; 32],
            };
            let mut work = world.begin(author.clone()).await;
            ids.push(files::attach(&mut work, maria.person, &attachment).await.expect("it can be attached"));
            work.commit().await.expect("it stays");
        }
        let mut administrator = Visitor::administrator(&world).await;
        let header = |page: &crate::visit::Page, name: &str| {
            page.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        for (id, kind, how) in [
            (ids[0], "image/jpeg", "inline;"),
            (ids[1], "application/octet-stream", "attachment;"),
            (ids[2], "application/pdf", "inline;"),
            (ids[3], "text/plain; charset=utf-8", "inline;"),
            (ids[4], "application/octet-stream", "attachment;"),
        ] {
            let page = administrator.get(&format!("/files/{id}")).await;
            assert_eq!((page.body.as_str(), header(&page, "content-type").as_str()), ("bytes", kind));
            assert!(header(&page, "content-disposition").starts_with(how));
            assert_eq!(header(&page, "x-content-type-options"), "nosniff");
            let policy = header(&page, "content-security-policy");
            assert!(policy.starts_with("default-src 'none'; ") && policy.contains("frame-ancestors 'none'"), "{policy}");
            assert!(!policy.contains("script-src"), "{policy}");
            // Older browsers show no PDF in a sandbox; their viewer is one by itself, and nosniff keeps other bytes from becoming a page.
            assert_eq!(policy.ends_with("; sandbox"), kind != "application/pdf", "{policy}");
        }
        let pdf = administrator.get(&format!("/files/{}/download", ids[2])).await;
        assert_eq!(header(&pdf, "content-type"), "application/octet-stream");
        assert!(header(&pdf, "content-security-policy").ends_with("; sandbox"));
        let download = administrator.get(&format!("/files/{}/download", ids[0])).await;
        assert!(header(&download, "content-disposition").ends_with("filename*=UTF-8''%D0%A1%D0%BF%D1%80%D0%B0%D0%B2%D0%BA%D0%B0.jpg"));
        let olga = world.curator("Смирнова Ольга Игоревна").await;
        let foreign = Visitor::curator(&world, &olga).await.get(&format!("/files/{}", ids[0])).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    }
}
