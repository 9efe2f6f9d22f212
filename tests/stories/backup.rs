//! Everything in one file, and back again; and the way back from an upgrade.

use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    process::Output,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use opora_core::foundation::db::{Db, Tx};
use opora_testkit::{Backend, FakeTelegram, Opora, Visitor};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::staff;

const PAPER: &[u8] = b"%PDF-1.4 a certificate of somebody";

fn told(output: &Output) -> String {
    [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).join("\n")
}

/// A command that must do what it is told.
async fn does(opora: &Opora, arguments: &[&str]) -> String {
    let output = opora.run(arguments).await;
    assert!(output.status.success(), "opora {arguments:?}: {}", told(&output));
    told(&output)
}

/// A command that must refuse, with these words.
async fn refuses(opora: &Opora, arguments: &[&str], words: &str) {
    let output = opora.run(arguments).await;
    assert_eq!(output.status.code(), Some(1), "opora {arguments:?}: {}", told(&output));
    assert!(told(&output).contains(words), "opora {arguments:?} does not say «{words}»: {}", told(&output));
}

/// The line that says what is in a backup.
fn contents(told: &str) -> &str {
    told.lines().find(|line| line.starts_with("Tables of step")).unwrap_or_else(|| panic!("no contents: {told}"))
}

fn names(backup: &Path) -> Vec<String> {
    let zip = ZipArchive::new(File::open(backup).unwrap()).unwrap();
    zip.file_names().map(|name| name.unwrap().into_owned()).collect()
}

/// A small installation that ran once, and its backup with the key.
async fn backed_up() -> (Opora, PathBuf) {
    let mut opora = staff::installed(Backend::Sqlite).await;
    opora.start().await;
    let mut admin = staff::administrator(&opora).await;
    staff::citizen(&mut admin, "Петрова", "8 913 123-45-67").await;
    let file = opora.folder().join("backup.zip");
    does(&opora, &["backup", "--with-key", file.to_str().unwrap()]).await;
    (opora, file)
}

stories! {
    /// The drill: what a running installation wrote into a file is a working installation elsewhere.
    async fn a_backup_made_while_people_work_comes_back_whole_elsewhere(mut opora: Opora) {
        let telegram = FakeTelegram::start().await;
        does(&opora, &["seed", "--citizens", "200", "--series", "100", "--due-at", "2026-05-01T09:00:00Z"]).await;
        opora.uses_telegram(&telegram);
        opora.start().await;
        let mut admin = staff::administrator(&opora).await;
        let maria = staff::citizen(&mut admin, "Петрова", "8 913 123-45-67").await;
        staff::connects(&telegram, 1001, &maria).await;
        staff::plans(&mut admin, &maria, "Примите лекарство", "2026-03-10", "09:00").await;
        telegram.chat(1001).sends_file("справка.pdf", PAPER);
        telegram.chat(1001).sees("Файл загружен").await;

        let enough = Arc::new(AtomicBool::new(false));
        let mut clerk = Visitor::of(&opora.url());
        staff::sign_in(&mut clerk, "admin", staff::OWN_PASSWORD).await;
        let at_work = tokio::spawn({
            let enough = enough.clone();
            async move {
                let mut saved = 0;
                while !enough.load(Ordering::Relaxed) || saved == 0 {
                    staff::citizen(&mut clerk, &format!("Сидоров{saved}"), &format!("8 914 000-{saved:04}")).await;
                    saved += 1;
                }
                saved
            }
        });
        let file = opora.folder().join("backup.zip");
        let written = does(&opora, &["backup", file.to_str().unwrap()]).await;
        enough.store(true, Ordering::Relaxed);
        assert!(at_work.await.unwrap() > 0, "somebody wrote meanwhile");
        assert!(written.contains("The key is not part of it") && !names(&file).contains(&"key".to_owned()), "{written}");

        let mut elsewhere = staff::installed(if opora.database_url().is_some() { Backend::Postgres } else { Backend::Sqlite }).await;
        let restored = does(&elsewhere, &["restore", file.to_str().unwrap()]).await;
        assert_eq!(contents(&restored), contents(&written));
        assert!(contents(&restored).contains("100 plans of reminders") || contents(&restored).contains("101 plans"), "{restored}");
        assert!(restored.contains("There is no key"), "{restored}");
        elsewhere.start().await;
        let mut chief = Visitor::of(&elsewhere.url());
        staff::sign_in(&mut chief, "admin", staff::OWN_PASSWORD).await.says("Пользователи");
        chief.get(&maria.path).await.says("Петрова Мария");
        assert_eq!(staff::dots(&mut chief, &maria, "2026-03-10").await, ["Ожидает отправки"]);
        let files = chief.get(&format!("{}/files", maria.path)).await;
        let download = files.attributes("a[href$='/download']", "href");
        assert_eq!(chief.download(&download[0]).await, PAPER);
        // The counters go on behind the rows that came back.
        staff::citizen(&mut chief, "Новикова", "8 915 123-45-67").await;
        assert!(elsewhere.stop().await.status.success(), "{}", elsewhere.log());
        refuses(&elsewhere, &["restore", file.to_str().unwrap()], "holds an installation already").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_puts_the_old_aside_only_when_told_so_and_never_while_it_runs() {
    let (mut opora, file) = backed_up().await;
    let file = file.to_str().unwrap();
    assert!(names(Path::new(file)).contains(&"key".to_owned()));
    refuses(&opora, &["backup", file], "is there already").await;
    refuses(&opora, &["restore", "--replace", file], "serves this database already").await;
    let mut admin = Visitor::of(&opora.url());
    staff::sign_in(&mut admin, "admin", staff::OWN_PASSWORD).await;
    staff::citizen(&mut admin, "Сидоров", "8 913 765-43-21").await;
    opora.stop().await;
    let key = std::fs::read(opora.data_dir().join("key")).unwrap();
    refuses(&opora, &["restore", file], "--replace").await;
    let told = does(&opora, &["restore", "--replace", file]).await;
    assert!(told.contains("opora.db is put aside as"), "{told}");
    assert_eq!(std::fs::read(opora.data_dir().join("key")).unwrap(), key);
    let aside: Vec<_> = std::fs::read_dir(opora.data_dir()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(aside.iter().any(|name| name.to_string_lossy().starts_with("opora.db.replaced-")), "{aside:?}");
    opora.start().await;
    let mut admin = Visitor::of(&opora.url());
    staff::sign_in(&mut admin, "admin", staff::OWN_PASSWORD).await;
    let list = admin.get("/citizens").await;
    list.says("Петрова");
    assert!(!list.text().contains("Сидоров"), "who came after the backup is not there any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_is_damaged_too_new_or_of_the_other_kind_is_refused_and_nothing_is_touched() {
    let (opora, file) = backed_up().await;
    let empty = staff::installed(Backend::Sqlite).await;
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle] ^= 0xff;
    let damaged = opora.folder().join("damaged.zip");
    std::fs::write(&damaged, &bytes).unwrap();
    refuses(&empty, &["restore", damaged.to_str().unwrap()], "damaged").await;

    let half = opora.folder().join("half.zip");
    std::fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    refuses(&empty, &["restore", half.to_str().unwrap()], "is no backup of Opora, or only a part of one").await;

    let newer = opora.folder().join("newer.zip");
    let mut zip = ZipWriter::new(File::create(&newer).unwrap());
    zip.start_file("manifest.json", SimpleFileOptions::default()).unwrap();
    let manifest = r#"{"format":1,"program":"9.9.9","database":"sqlite","step":9999,
        "made_at":"2036-03-10T06:00:00Z","tables":[],"entries":[]}"#;
    zip.write_all(manifest.as_bytes()).unwrap();
    zip.finish().unwrap();
    refuses(&empty, &["restore", newer.to_str().unwrap()], "made by Opora 9.9.9").await;

    let other = staff::installed(Backend::Postgres).await;
    refuses(&other, &["restore", file.to_str().unwrap()], "of SQLite, but database_url names one of the other kind")
        .await;
    assert!(!empty.data_dir().join("opora.db").exists(), "nothing was written");
    refuses(&empty, &["backup"], "nothing to back up").await;
}

/// The last step before the newest, but not before the first release's.
fn old_step() -> i64 {
    4.min(Db::known_step() - 1)
}

/// An installation of the old version with one row in it.
async fn made_by_the_old_version(url: &str) {
    const SQL: &str = "INSERT INTO districts (id, name, name_key, created_at) VALUES ($1, 'Старый', 'старый', $2)";
    let db = Db::connect(url).await.unwrap();
    db.migrate_to(old_step()).await.unwrap();
    let (id, now) = (uuid::Uuid::from_u128(7), chrono::DateTime::UNIX_EPOCH);
    let mut tx = db.begin().await.unwrap();
    match &mut tx {
        Tx::Sqlite(c) => sqlx::query(SQL).bind(id).bind(now).execute(&mut **c).await.map(drop),
        Tx::Postgres(c) => sqlx::query(SQL).bind(id).bind(now).execute(&mut **c).await.map(drop),
    }
    .unwrap();
    tx.commit().await.unwrap();
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_leaves_a_copy_of_the_database_as_it_was() {
    let mut opora = staff::installed(Backend::Sqlite).await;
    std::fs::create_dir_all(opora.data_dir()).unwrap();
    let url = format!("sqlite://{}/opora.db", opora.data_dir().display());
    made_by_the_old_version(&url).await;
    opora.start().await;
    let copy = opora.data_dir().join(format!("opora-before-{:04}.db", old_step() + 1));
    opora.says(&copy.display().to_string()).await;
    let old = Db::connect(&format!("sqlite://{}", copy.display())).await.unwrap();
    assert_eq!(old.applied_step().await.unwrap(), old_step());
    old.close().await;
    assert!(told(&opora.run(&["admin", "districts", "list"]).await).contains("Старый"), "nothing was lost on the way");
    opora.stop().await;
    opora.start().await;
    let files = std::fs::read_dir(opora.data_dir()).unwrap().map(|file| file.unwrap().file_name());
    // Journals beside the copy are of those who looked into it.
    let is_copy = |name: &std::ffi::OsString| {
        name.to_string_lossy().contains("before") && name.to_string_lossy().ends_with(".db")
    };
    let copies = files.filter(is_copy).count();
    assert_eq!(copies, 1, "a copy only when something changes");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_on_a_server_reminds_of_the_backup() {
    let mut opora = staff::installed(Backend::Postgres).await;
    made_by_the_old_version(opora.database_url().unwrap()).await;
    opora.start().await;
    opora.says("The way back is your last backup").await;
    let mut fresh = staff::installed(Backend::Postgres).await;
    fresh.start().await;
    assert!(!fresh.log().contains("your last backup"), "an empty database has nothing to lose");
}
