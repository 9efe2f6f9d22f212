//! «Файлы пользователя».

use opora_core::{
    files::fetcher::{Fetched, OnFetched},
    foundation::{
        config::BotMode,
        errors::Failure,
        ids::{FileId, FileTypeId, PersonId},
    },
    messaging::{message::IncomingFile, messenger::Messenger},
    patronage::{
        file_types,
        files::{self, Announced, Arrivals, Attachment, FileRow, State, TypeFilter},
    },
    people::access::Actor,
};
use opora_testkit::{Citizen, World, on_both_databases};

fn incoming(name: &str, size: Option<u64>) -> IncomingFile {
    IncomingFile {
        source: format!("source of {name}"),
        name: Some(name.to_owned()),
        media_type: None,
        size,
        caption: Some(" от врача ".to_owned()),
        album: None,
    }
}

async fn announce(world: &World, citizen: &Citizen, file: &IncomingFile) -> Announced {
    let mut work = world.begin(citizen.actor()).await;
    let announced = files::announce(&mut work, citizen.person, Messenger::Telegram, "1001", file).await;
    work.commit().await.expect("it stays");
    world.clock.advance_seconds(1);
    announced.expect("it can be announced")
}

async fn list(world: &World, reader: &Actor, person: PersonId, filter: TypeFilter) -> Vec<FileRow> {
    let mut work = world.look(reader.clone()).await;
    files::list(&mut work, person, filter, None).await.expect("the files can be listed").items
}

fn attachment(name: &str) -> Attachment {
    Attachment {
        name: name.to_owned(),
        media_type: Some("application/pdf".to_owned()),
        size: 5,
        storage_key: format!("key-of-{name}"),
        sha256: [7; 32],
    }
}

/// A world without bots, where curators attach files (PT-D18).
async fn attached(world: &mut World, editor: &Actor, person: PersonId, name: &str) -> FileId {
    world.configure(|config| config.bot_mode = BotMode::Off);
    let mut work = world.begin(editor.clone()).await;
    let id = files::attach(&mut work, person, &attachment(name)).await.expect("it can be attached");
    work.commit().await.expect("it stays");
    world.clock.advance_seconds(1);
    id
}

async fn new_type(world: &World, name: &str) -> FileTypeId {
    let administrator = world.administrator().await;
    let mut work = world.begin(administrator).await;
    let id = file_types::create(&mut work, name).await.expect("a type can be made");
    work.commit().await.expect("it stays");
    id
}

on_both_databases! {
    /// PT-094, PT-125
    async fn announced_files_are_listed_newest_first(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        announce(&world, &maria, &incoming("../справка.pdf", Some(100))).await;
        announce(&world, &maria, &incoming("фото.jpg", None)).await;
        let limit = world.app.config.file_limit();
        let refused = announce(&world, &maria, &incoming("фильм.mp4", Some(limit + 1))).await;
        assert_eq!(refused, Announced::TooLarge { limit });
        let rows = list(&world, &anna.actor(), maria.person, TypeFilter::All).await;
        let seen: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.media_type.as_str(), row.state)).collect();
        assert_eq!(seen, [("фото.jpg", "image/jpeg", State::Receiving), ("справка.pdf", "application/pdf", State::Receiving)]);
        assert_eq!(rows[0].caption.as_deref(), Some("от врача"));
    }

    /// PT-127: one record for each file, however often its arrival is told.
    async fn a_stored_file_makes_one_record(world: World) {
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        let Announced::Receiving(file) = announce(&world, &maria, &incoming("справка.pdf", Some(1))).await else {
            panic!("it is not too large")
        };
        let fetched = Fetched { file, person: maria.person, album: None, name: "справка.pdf".to_owned() };
        for _ in 0..2 {
            let mut work = world.begin(Actor::System).await;
            Arrivals.stored(&mut work, &fetched).await.expect("it is noted");
            work.commit().await.expect("it stays");
        }
        assert_eq!(world.count("activity WHERE kind = 'file'").await, 1);
    }

    /// PT-032: one letter to the curator and one copy to the administrator for each file, once however often it is told.
    async fn a_stored_file_is_mailed_to_the_curator_with_a_copy(world: World) {
        world.mail_is_set("admin@opora.test").await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let Announced::Receiving(file) = announce(&world, &maria, &incoming("справка.pdf", Some(1))).await else {
            panic!("it is not too large")
        };
        let fetched = Fetched { file, person: maria.person, album: None, name: "справка.pdf".to_owned() };
        for _ in 0..2 {
            let mut work = world.begin(Actor::System).await;
            Arrivals.stored(&mut work, &fetched).await.expect("it is noted");
            work.commit().await.expect("it stays");
        }
        assert_eq!(world.count("outbox WHERE channel = 'email'").await, 2);
    }

    /// PT-097
    async fn a_type_is_kept_and_found_by_the_filter(mut world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).await;
        let kind = new_type(&world, "Справка").await;
        let first = attached(&mut world, &anna.actor(), maria.person, "первая.pdf").await;
        let second = attached(&mut world, &anna.actor(), maria.person, "вторая.pdf").await;
        let mut work = world.begin(anna.actor()).await;
        files::classify(&mut work, first, Some(kind)).await.expect("it can be classified");
        work.commit().await.expect("it stays");
        for (filter, expected) in [
            (TypeFilter::Of(kind), vec![first]),
            (TypeFilter::Untyped, vec![second]),
            (TypeFilter::All, vec![second, first]),
        ] {
            let rows = list(&world, &anna.actor(), maria.person, filter).await;
            assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), expected, "{filter:?}");
        }
        let rows = list(&world, &anna.actor(), maria.person, TypeFilter::Of(kind)).await;
        assert_eq!(rows[0].type_name.as_deref(), Some("Справка"));
    }

    /// PT-D18
    async fn curators_attach_files_only_while_no_bot_brings_them(mut world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).await;
        let mut work = world.begin(anna.actor()).await;
        let refused = files::attach(&mut work, maria.person, &attachment("а.pdf")).await;
        assert!(matches!(refused, Err(Failure::Refused(_))), "{refused:?}");
        drop(work);
        let id = attached(&mut world, &anna.actor(), maria.person, "а.pdf").await;
        let mut work = world.look(anna.actor()).await;
        let file = files::open(&mut work, id).await.expect("it can be opened");
        assert_eq!((file.name.as_str(), file.size, file.may_be_shown()), ("а.pdf", 5, true));
    }

    /// PT-281
    async fn foreign_files_are_not_found(mut world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let olga = world.curator("Смирнова Ольга Игоревна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).await;
        let id = attached(&mut world, &anna.actor(), maria.person, "а.pdf").await;
        let mut work = world.begin(olga.actor()).await;
        let opened = files::open(&mut work, id).await.map(drop);
        let listed = files::list(&mut work, maria.person, TypeFilter::All, None).await.map(drop);
        let classified = files::classify(&mut work, id, None).await.map(drop);
        for refused in [opened, listed, classified] {
            assert!(matches!(refused, Err(Failure::NotFound)), "{refused:?}");
        }
    }
}
