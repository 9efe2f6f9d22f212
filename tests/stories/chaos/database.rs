//! The two databases: where they are, how they are taken away, and how one looks into them while they come and go.

use std::{fmt, time::Duration};

use opora_core::{foundation::db::Db, on_backend};
use opora_testkit::{Opora, PostgresServer, Stop};
use sqlx::{AssertSqlSafe, FromRow, postgres::PgRow, sqlite::SqliteRow};

use crate::staff;

/// Where the installation keeps its data.
pub enum Place {
    /// In a file.
    File,
    /// On a server of its own, which is stopped and started.
    Server(PostgresServer),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if matches!(self, Self::File) { "SQLite" } else { "PostgreSQL" })
    }
}

impl Place {
    pub fn file() -> Self {
        Self::File
    }

    pub async fn server() -> Self {
        Self::Server(PostgresServer::start().await)
    }

    /// An installation there, its clock in the morning.
    pub fn installation(&self) -> Opora {
        let binary = env!("CARGO_BIN_EXE_opora");
        let opora = match self {
            Self::File => Opora::installed_in_a_file(binary),
            Self::Server(server) => Opora::installed_at(binary, &server.url()),
        };
        opora.turn_to(staff::MORNING);
        opora
    }

    /// Takes the database away from the processes, or only its room, for so long. Tells what that is called.
    pub async fn fails(&self, processes: &[Opora], db: &Db, how: Failing, pause: Duration) {
        match (self, how) {
            (Self::Server(server), Failing::Stopped(stop)) => {
                server.stops(stop).await;
                tokio::time::sleep(pause).await;
                server.comes_back().await;
            }
            (Self::Server(_), Failing::Full) => {
                for table in TABLES {
                    run(
                        db,
                        &format!(
                            "CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION no_room()"
                        ),
                    )
                    .await;
                }
                is_told(processes, false).await;
                tokio::time::sleep(pause).await;
                for table in TABLES {
                    run(db, &format!("DROP TRIGGER no_room ON {table}")).await;
                }
            }
            (Self::File, _) => {
                processes.iter().for_each(Opora::quota_is_used_up);
                is_told(processes, false).await;
                tokio::time::sleep(pause).await;
                processes.iter().for_each(Opora::quota_is_raised);
            }
        }
        is_told(processes, true).await;
    }

    /// Prepares what stands for a full disk on a server: it refuses every change in its own words.
    pub async fn prepare(&self, db: &Db) {
        if matches!(self, Self::Server(_)) {
            let full = "could not extend file: No space left on device";
            let body = format!("BEGIN RAISE EXCEPTION '{full}' USING ERRCODE = 'disk_full'; END");
            run(db, &format!("CREATE FUNCTION no_room() RETURNS trigger AS $$ {body} $$ LANGUAGE plpgsql")).await;
        }
    }
}

/// Tables that work writes to.
const TABLES: [&str; 4] = ["outbox", "inbox", "occurrences", "leases"];

/// How a database fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    /// The server is stopped and started again.
    Stopped(Stop),
    /// There is no room for changes.
    Full,
}

/// Waits until every process says to whoever watches it that it can work, or until one says that there is no room; those that write
/// nothing just then cannot know.
async fn is_told(processes: &[Opora], is_well: bool) {
    let search = async {
        loop {
            let mut well = 0;
            for process in processes {
                let answer = reqwest::get(format!("{}/readyz", process.url())).await.unwrap();
                let is_ready = answer.status().is_success();
                well += usize::from(is_ready);
                if !is_well && !is_ready && answer.text().await.unwrap().contains("its disk is full") {
                    return;
                }
            }
            if is_well && well == processes.len() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let came = tokio::time::timeout(Duration::from_mins(1), search).await;
    assert!(came.is_ok(), "/readyz does not tell (well: {is_well}):\n{}", processes[0].log());
}

/// Counts rows, and waits for a database that is just coming back.
pub async fn count(db: &Db, what: &str) -> i64 {
    let counted: Vec<(i64,)> = rows(db, &format!("SELECT count(*) FROM {what}")).await;
    counted[0].0
}

/// Reads rows, and waits for a database that is just coming back.
pub async fn rows<R>(db: &Db, sql: &str) -> Vec<R>
where
    R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    for _ in 0..100 {
        if let Ok(mut tx) = db.read().await {
            let sql = AssertSqlSafe(sql.to_owned());
            let read = on_backend!(&mut tx, |c| sqlx::query_as(sql).fetch_all(c).await);
            if let Ok(read) = read {
                return read;
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the database does not answer: {sql}");
}

async fn run(db: &Db, sql: &str) {
    let Db::Postgres(pool) = db else { panic!("a file cannot be told so") };
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(pool).await.unwrap();
}
