//! `opora check`: everything that is wrong, in one go, each with its mend.

use opora_core::foundation::db::{Db, Tx};
use opora_testkit::{Backend, FakeTelegram, MailTrouble, Opora, Security, SmtpSink, telegram::Trouble};

use crate::{letters, staff};

/// What it says, and whether all is well.
async fn check(opora: &Opora) -> (bool, String) {
    let output = opora.run(&["check"]).await;
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.success(), text.contains("Everything is in order."), "{text}");
    (output.status.success(), text)
}

/// The line about this subject.
fn line<'a>(text: &'a str, subject: &str) -> &'a str {
    let fits = |line: &&str| line.get(7..).is_some_and(|rest| rest.trim_start().starts_with(subject));
    text.lines().find(fits).unwrap_or_else(|| panic!("nothing about {subject}: {text}"))
}

#[track_caller]
fn is_wrong(text: &str, subject: &str, mend: &str) {
    let line = line(text, subject);
    assert!(line.starts_with("WRONG") && line.contains(mend), "{line}");
}

stories! {
    async fn a_good_installation_is_in_order_before_its_first_start_and_while_it_runs(mut opora: Opora) {
        let telegram = FakeTelegram::start().await;
        opora.uses_telegram(&telegram);
        let (is_good, text) = check(&opora).await;
        assert!(is_good && text.contains("the token opens @"), "{text}");
        assert!(!opora.data_dir().join("opora.db").exists() && !opora.data_dir().join("key").exists(), "it changes nothing");
        opora.start().await;
        let (is_good, text) = check(&opora).await;
        assert!(is_good, "{text}");
        assert!(line(&text, "database").contains("can be written; its tables are up to date"), "{text}");
        assert!(line(&text, "mail").starts_with("note"), "{text}");
    }

    async fn a_mail_server_in_trouble_is_told_with_its_mend(mut opora: Opora) {
        let mail = SmtpSink::start(Security::StartTls).await;
        opora.trusts_mail(&mail);
        opora.start().await;
        let mut admin = staff::administrator(&opora).await;
        letters::sets_mail_up(&mut admin, &mail, SmtpSink::PASSWORD).await.says("Сохранено");
        let (is_good, text) = check(&opora).await;
        assert!(is_good && line(&text, "mail").starts_with("ok"), "{text}");
        mail.always_makes_trouble(MailTrouble::LoginRefused);
        let (is_good, text) = check(&opora).await;
        assert!(!is_good);
        is_wrong(&text, "mail", "correct the settings page");
        assert!(!text.contains(SmtpSink::PASSWORD));
    }

    async fn the_tables_of_a_newer_version_are_left_alone(mut opora: Opora) {
        opora.start().await;
        opora.stop().await;
        let embedded = format!("sqlite://{}/opora.db", opora.data_dir().display());
        let db = Db::connect(opora.database_url().unwrap_or(&embedded)).await.unwrap();
        const SQL: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
            SELECT 9999, 'the future', success, checksum, 1 FROM _sqlx_migrations WHERE version = 1";
        let mut tx = db.begin().await.unwrap();
        match &mut tx {
            Tx::Sqlite(c) => sqlx::query(SQL).execute(&mut **c).await.map(drop),
            Tx::Postgres(c) => sqlx::query(SQL).execute(&mut **c).await.map(drop),
        }
        .unwrap();
        tx.commit().await.unwrap();
        db.close().await;
        is_wrong(&check(&opora).await.1, "database", "made by a newer Opora (step 9999");
        let ended = opora.start_and_fail().await;
        assert_eq!(ended.status.code(), Some(1));
        assert!(ended.log.contains("install the newer version"), "{}", ended.log);
        let refused = opora.run(&["backup"]).await;
        assert!(!refused.status.success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_is_wrong_is_told_in_one_go() {
    let telegram = FakeTelegram::start().await;
    let mut opora = staff::installed(Backend::Sqlite).await;
    let doctor = concat!(env!("CARGO_MANIFEST_DIR"), "/locales/terms/doctor.toml");
    let broken = std::fs::read_to_string(doctor).unwrap().replace("gen = \"врача\"\n", "");
    std::fs::write(opora.folder().join("nurse.toml"), broken).unwrap();
    std::fs::write(opora.folder().join("opora.toml"), "[terms]\ncurator = \"nurse.toml\"\n").unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    opora.uses_telegram(&telegram);
    opora.set("OPORA_TELEGRAM_TOKEN", "1:not-the-token");
    telegram.order(Trouble::Unauthorized).for_method("getMe").until_told_otherwise();
    opora.set("OPORA_DATA_DIR", "/dev/null/data");
    opora.set("OPORA_DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing");
    opora.set("OPORA_LISTEN", &taken.local_addr().unwrap().to_string());
    let (_, text) = check(&opora).await;
    is_wrong(&text, "settings", "gen");
    is_wrong(&text, "data_dir", "make it and give it to the user who runs opora");
    is_wrong(&text, "listen", "stop the program that uses it, or set another address");
    is_wrong(&text, "database", "start the server, or correct database_url");
    is_wrong(&text, "telegram", "copy it anew from @BotFather");
    assert!(text.contains(" things are wrong."), "{text}");
    assert!(!text.contains("not-the-token"), "a token is never shown: {text}");

    opora.set("OPORA_HEARTBEAT_URL", "hc.example/ping/secret");
    let (_, text) = check(&opora).await;
    assert!(text.contains("heartbeat_url: give the whole address") && !text.contains("ping/secret"), "{text}");

    opora.set("OPORA_PATRONAGE_ACTIVATION_CODE_HOURS", "many");
    let (_, text) = check(&opora).await;
    assert!(text.contains("activation_code_hours"), "{text}");
    opora.set("OPORA_NO_SUCH_SETTING", "1");
    let (_, text) = check(&opora).await;
    assert!(text.contains("no_such_setting"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_does_not_let_us_in_is_told_as_what_it_is() {
    let mut opora = staff::installed(Backend::Postgres).await;
    let url = opora.database_url().unwrap().to_owned();
    let (server, name) = url.rsplit_once('/').unwrap();
    opora.set("OPORA_DATABASE_URL", &format!("{server}/no_such_database"));
    is_wrong(&check(&opora).await.1, "database", "name of the database");
    let db = Db::connect(&url).await.unwrap();
    let Db::Postgres(pool) = &db else { panic!("asked for PostgreSQL") };
    db.migrate().await.unwrap();
    let read_only = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    sqlx::query(sqlx::AssertSqlSafe(read_only)).execute(pool).await.unwrap();
    db.close().await;
    opora.set("OPORA_DATABASE_URL", &url);
    is_wrong(&check(&opora).await.1, "database", "the database is read-only");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_program_on_an_embedded_database_is_refused_and_named() {
    let mut opora = staff::installed(Backend::Sqlite).await;
    opora.start().await;
    let mut second = opora.another();
    let ended = second.start_and_fail().await;
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.log.contains("serves this database already: stop it first"), "{}", ended.log);
    opora.stop().await;

    let db = Db::connect(&format!("sqlite://{}/opora.db", opora.data_dir().display())).await.unwrap();
    let held = db.begin().await.unwrap();
    is_wrong(&check(&opora).await.1, "database", "another program holds it: stop that program and try again");
    held.rollback().await.unwrap();
    assert!(check(&opora).await.0);
}
