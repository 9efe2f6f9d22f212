//! Files: fetched, kept whole, answered.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use opora_core::{
    Work,
    files::{
        Store, StoreError,
        fetcher::{self, Fetched, OnFetched},
    },
    foundation::{errors::Failure, ids::FileId},
    messaging::sender::Adapter,
    on_backend,
};
use opora_testkit::{Citizen, World, on_both_databases};
use tokio::io::AsyncWriteExt;

use crate::messenger::FakeMessenger;

#[derive(Default)]
struct Arrivals(Mutex<Vec<Fetched>>);

#[async_trait]
impl OnFetched for Arrivals {
    async fn stored(&self, _: &mut Work, fetched: &Fetched) -> Result<(), Failure> {
        self.0.lock().unwrap().push(fetched.clone());
        Ok(())
    }

    async fn disk_is_full(&self, _: &mut Work) -> Result<(), Failure> {
        panic!("the disk of the tests is not full")
    }
}

async fn announce(world: &World, citizen: &Citizen, source: &str) -> FileId {
    const SQL: &str = "INSERT INTO files (id, person_id, messenger, chat, source, name, media_type, received_at, state,
            attempts, next_attempt_at)
        VALUES ($1, $2, 'telegram', '1001', $3, 'x.pdf', 'application/pdf', $4, 'receiving', 0, $4)";
    let now = world.app.clock.now();
    let id = FileId::draw(now, &*world.app.chance);
    let mut tx = world.tx().await;
    on_backend!(&mut tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(citizen.person)
        .bind(source)
        .bind(now)
        .execute(c)
        .await
        .map(drop))
    .unwrap();
    tx.commit().await.unwrap();
    id
}

async fn fetch(world: &World, messenger: &Arc<FakeMessenger>, arrivals: &Arrivals) {
    let adapters: [Arc<dyn Adapter>; 1] = [messenger.clone()];
    fetcher::fetch_waiting(&world.app, &adapters, arrivals).await.unwrap();
}

async fn says(world: &World, text: &str) -> bool {
    let mut tx = world.app.db.read().await.unwrap();
    let payloads: Vec<String> =
        on_backend!(&mut tx, |c| sqlx::query_scalar("SELECT CAST(payload AS TEXT) FROM outbox")
            .fetch_all(c)
            .await
            .unwrap());
    payloads.iter().any(|payload| payload.contains(text))
}

on_both_databases! {
    /// PT-123
    async fn a_fetched_file_lies_on_the_disk_and_is_answered(world: World) {
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        let (messenger, arrivals) = (FakeMessenger::of(&world), Arrivals::default());
        messenger.files.lock().unwrap().insert("f1".to_owned(), b"content".to_vec());
        let id = announce(&world, &maria, "f1").await;
        fetch(&world, &messenger, &arrivals).await;
        assert_eq!(world.count("files WHERE state = 'stored' AND size = 7 AND source IS NULL").await, 1);
        assert!(says(&world, "Файл загружен").await);
        assert_eq!(arrivals.0.lock().unwrap().iter().map(|it| it.file).collect::<Vec<_>>(), [id]);
        let mut tx = world.app.db.read().await.unwrap();
        let key: String =
            on_backend!(&mut tx, |c| sqlx::query_scalar("SELECT storage_key FROM files").fetch_one(c).await.unwrap());
        let path = Store::under(&world.app.config.data_dir).path(&key);
        assert_eq!(std::fs::read(path).unwrap(), b"content");
    }

    /// PT-126
    async fn fetching_is_tried_for_ten_minutes_and_then_given_up(world: World) {
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        let (messenger, arrivals) = (FakeMessenger::of(&world), Arrivals::default());
        announce(&world, &maria, "gone").await;
        let began = world.app.clock.now();
        while world.count("files WHERE state = 'receiving'").await > 0 {
            fetch(&world, &messenger, &arrivals).await;
            world.clock.advance_seconds(1);
        }
        let took = world.app.clock.now() - began;
        assert!(took > TimeDelta::minutes(9) && took <= TimeDelta::minutes(10), "{took}");
        assert_eq!(world.count("files WHERE state = 'failed' AND attempts > 5").await, 1);
        assert!(says(&world, "Не удалось загрузить файл. Отправьте его еще раз").await);
    }

    async fn a_file_that_fails_first_is_fetched_later(world: World) {
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        let (messenger, arrivals) = (FakeMessenger::of(&world), Arrivals::default());
        announce(&world, &maria, "f1").await;
        fetch(&world, &messenger, &arrivals).await;
        messenger.files.lock().unwrap().insert("f1".to_owned(), b"content".to_vec());
        fetch(&world, &messenger, &arrivals).await;
        assert_eq!(world.count("files WHERE state = 'stored'").await, 0, "not before its time");
        world.clock.advance_seconds(2);
        fetch(&world, &messenger, &arrivals).await;
        assert_eq!(world.count("files WHERE state = 'stored'").await, 1);
    }

    /// PT-125
    async fn a_file_of_unknown_size_is_cut_off_at_the_limit(mut world: World) {
        world.configure(|config| config.patronage.file_limit_megabytes = 1);
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        let (messenger, arrivals) = (FakeMessenger::of(&world), Arrivals::default());
        messenger.files.lock().unwrap().insert("fits".to_owned(), vec![7; 1024 * 1024]);
        messenger.files.lock().unwrap().insert("huge".to_owned(), vec![7; 1024 * 1024 + 1]);
        announce(&world, &maria, "fits").await;
        announce(&world, &maria, "huge").await;
        fetch(&world, &messenger, &arrivals).await;
        assert_eq!(world.count("files WHERE state = 'stored' AND size = 1048576").await, 1);
        assert_eq!(world.count("files WHERE state = 'rejected'").await, 1);
        assert!(says(&world, "Файл слишком большой. Максимальный размер — 1 МБ").await);
        let left = std::fs::read_dir(world.app.config.data_dir.join("uploads/incoming")).unwrap().count();
        assert_eq!(left, 0, "the beginning of the huge file is thrown away");
    }
}

#[tokio::test]
async fn the_store_keeps_a_file_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::under(folder.path());
    let id = FileId(uuid::Uuid::from_u128(0xab));
    let mut upload = store.begin(id, 5).await.unwrap();
    upload.write_all(b"12345").await.unwrap();
    assert!(!store.path("ab/000000000000000000000000000000ab").exists());
    let stored = upload.finish().await.unwrap();
    assert_eq!((stored.key.as_str(), stored.size), ("ab/000000000000000000000000000000ab", 5));
    assert_eq!(std::fs::read(store.path(&stored.key)).unwrap(), b"12345");
    let mut upload = store.begin(id, 5).await.unwrap();
    upload.write_all(b"123456").await.unwrap_err();
    assert!(matches!(upload.finish().await, Err(StoreError::TooLarge)));
    assert_eq!(std::fs::read(store.path(&stored.key)).unwrap(), b"12345", "the old one stays");
}
