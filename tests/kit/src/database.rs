//! A fresh database for every test, copied from one that was migrated once.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
};

use opora_core::foundation::db::Db;
use sqlx::{
    AssertSqlSafe, Connection, PgConnection, SqliteConnection, postgres::PgConnectOptions, sqlite::SqliteConnectOptions,
};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A temporary file.
    Sqlite,
    /// A database on the server that `TEST_PG_URL` names.
    Postgres,
}

/// A database that goes away when this is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    home: Home,
}

#[derive(Debug)]
enum Home {
    Folder { _folder: TempDir },
    Server { name: String },
}

/// Any number known to all test processes; while one migrates the template the others wait.
const TEMPLATE_LOCK: i64 = 0x0b0e_a7e5;

impl TestDatabase {
    /// Makes a migrated database without content.
    pub async fn migrated(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => Self::copied_file().await,
            Backend::Postgres => Self::created(Some(template().await)).await,
        }
    }

    /// Makes a database without tables.
    pub async fn empty(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => Self::file(),
            Backend::Postgres => Self::created(None).await,
        }
    }

    /// Where it is, for `Db::connect` or `OPORA_DATABASE_URL`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// For everybody but the tests' own connection the server seems to be stopped: connections end and new ones are refused.
    pub async fn goes_down(&self) {
        let Home::Server { name } = &self.home else { panic!("only a server can go down") };
        let mut server = server().await;
        run(&mut server, format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).await;
        let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        run(&mut server, end).await;
    }

    /// The server answers again.
    pub async fn comes_back(&self) {
        let Home::Server { name } = &self.home else { panic!("only a server can come back") };
        run(&mut server().await, format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).await;
    }

    fn file() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let url = format!("sqlite://{}", folder.path().join("opora.db").display());
        Self { url, home: Home::Folder { _folder: folder } }
    }

    async fn copied_file() -> Self {
        let database = Self::file();
        let path = database.url.trim_start_matches("sqlite://");
        std::fs::copy(migrated_file().await, path).expect("the migrated file can be copied");
        database
    }

    async fn created(template: Option<&str>) -> Self {
        let name = format!("opora_test_{}", unique());
        let from = template.map(|template| format!("TEMPLATE {template}")).unwrap_or_default();
        let mut server = server().await;
        run(&mut server, format!("CREATE DATABASE {name} {from}")).await;
        Self { url: server_url_with(&name), home: Home::Server { name } }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Home::Server { name } = &self.home else { return };
        let statement = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        // A thread with a runtime of its own: this also runs while a failed test unwinds inside another runtime.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime can be made").block_on(async { run(&mut server().await, statement).await });
        });
        // A second panic while a test unwinds would abort and hide the first.
        let is_dropped = dropped.join().is_ok();
        assert!(is_dropped || std::thread::panicking(), "the database {name} could not be dropped");
    }
}

/// The SQLite file, migrated once for all processes that know the same migrations, that every test copies.
async fn migrated_file() -> &'static PathBuf {
    static FILE: OnceCell<PathBuf> = OnceCell::const_new();
    FILE.get_or_init(|| async {
        let path = std::env::temp_dir().join(format!("opora-template-{}.db", Db::fingerprint()));
        if !path.exists() {
            let draft = path.with_extension(unique());
            let db = Db::open(&format!("sqlite://{}", draft.display())).await.expect("a new file can be migrated");
            db.close().await;
            gather(&draft).await;
            // Only a finished template gets its name, so one whose making was interrupted is never used.
            std::fs::rename(&draft, &path).expect("the migrated file can be renamed");
        }
        path
    })
    .await
}

/// Brings everything into the one file that is copied: a reader that was just being opened may have kept the last close from doing so.
async fn gather(file: &Path) {
    let options = SqliteConnectOptions::new().filename(file);
    let mut connection = SqliteConnection::connect_with(&options).await.expect("the migrated file can be opened");
    let is_busy: i64 = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)")
        .fetch_one(&mut connection)
        .await
        .expect("the journal can be gathered");
    assert_eq!(is_busy, 0, "somebody holds the journal of the migrated file");
    connection.close().await.expect("the migrated file can be closed");
}

/// The PostgreSQL template, migrated once for all processes that know the same migrations.
async fn template() -> &'static str {
    static NAME: OnceCell<String> = OnceCell::const_new();
    NAME.get_or_init(|| async {
        let name = format!("opora_template_{}", Db::fingerprint());
        let mut server = server().await;
        run(&mut server, format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await;
        let known: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
            .bind(&name)
            .fetch_optional(&mut server)
            .await
            .expect("the list of databases can be read");
        if known.is_none() {
            make_template(&mut server, &name).await;
        }
        run(&mut server, format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).await;
        name
    })
    .await
}

/// Only a finished template gets its name, so one whose making was interrupted is never used.
async fn make_template(server: &mut PgConnection, name: &str) {
    let draft = format!("opora_draft_{}", unique());
    run(server, format!("CREATE DATABASE {draft}")).await;
    let db = Db::open(&server_url_with(&draft)).await.expect("an empty PostgreSQL database can be migrated");
    db.close().await;
    run(server, format!("ALTER DATABASE {draft} RENAME TO {name}")).await;
}

async fn run(server: &mut PgConnection, statement: String) {
    let outcome = sqlx::query(AssertSqlSafe(statement.clone())).execute(server).await;
    outcome.unwrap_or_else(|error| panic!("{statement}: {error}"));
}

async fn server() -> PgConnection {
    let options = PgConnectOptions::from_str(&server_url()).expect("TEST_PG_URL is an address of PostgreSQL");
    PgConnection::connect_with(&options).await.expect("the PostgreSQL server of TEST_PG_URL answers")
}

#[expect(clippy::disallowed_methods, reason = "the one place where tests learn where PostgreSQL is")]
fn server_url() -> String {
    std::env::var("TEST_PG_URL").expect(
        "this test needs PostgreSQL: set TEST_PG_URL=postgres://user@host:port/postgres, or run scripts/check, which starts one",
    )
}

/// The server's address with another database.
fn server_url_with(database: &str) -> String {
    let url = server_url();
    let (address, query) = url.split_once('?').map_or((url.as_str(), None), |(address, query)| (address, Some(query)));
    let (server, _) = address.rsplit_once('/').expect("TEST_PG_URL ends in /database");
    match query {
        Some(query) => format!("{server}/{database}?{query}"),
        None => format!("{server}/{database}"),
    }
}

#[expect(clippy::disallowed_methods, reason = "names of test databases must differ between runs")]
fn unique() -> String {
    Uuid::now_v7().simple().to_string()
}
