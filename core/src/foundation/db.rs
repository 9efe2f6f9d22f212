//! One database, two kinds: SQLite (embedded, the default) and PostgreSQL. `DATABASE_URL` decides at run time.
//!
//! # The common dialect
//!
//! One SQL text with `$n` serves both. No `now()`, no `ANY($1)`, no `ILIKE`, no arrays: time, ids and limits are always bound,
//! JSON is read whole. Where the dialects differ, a [`Sql`] constant holds both texts; a test counts them.
//!
//! # Writing a storage function
//!
//! ```ignore
//! /// Gives the district a new name.
//! pub async fn rename(tx: &mut Tx, id: DistrictId, name: &str) -> Result<(), StorageError> {
//!     const SQL: &str = "UPDATE districts SET name = $2 WHERE id = $1";
//!     exactly_one("districts", id, on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(name).execute(c).await?.rows_affected()))
//! }
//! ```
//!
//! Functions take a [`Tx`]; whoever opened it decides whether it stays. SQL stands only in files called `store.rs`.

use std::{
    ops::{Deref, DerefMut},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use sha2::{Digest, Sha256};
use sqlx::{
    Connection, Database, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    error::DatabaseError,
    migrate::{Migrate, MigrateError, Migrator},
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    changes::{Changes, Changing, Mark},
    errors::StorageError,
};

static SQLITE_STEPS: Migrator = sqlx::migrate!("../migrations/sqlite");
static POSTGRES_STEPS: Migrator = sqlx::migrate!("../migrations/postgres");

/// Where sqlx notes the applied migrations.
const STEPS_TABLE: &str = "_sqlx_migrations";
/// How work on the embedded file begins.
const WRITE: &str = "BEGIN IMMEDIATE";
const ACQUIRE_LIMIT: Duration = Duration::from_secs(10);
const SQLITE_READERS: u32 = 4;
/// Rows on their way from SQLite's thread to whoever asked: enough for a batch, so that the two do not wait for each other in turns.
const SQLITE_ROWS: usize = 512;
/// A number that changes for a connection whenever another one has written.
const WRITTEN_ELSEWHERE: &str = "PRAGMA data_version";
/// The journal is brought into the file when it has grown to so many pages of 4 KiB.
const WAL_PAGES: &str = "4000";
/// More statements than the program has: each is read and planned once by a connection.
const SQLITE_STATEMENTS: usize = 512;
const POSTGRES_CONNECTIONS: u32 = 12;

/// The database.
#[derive(Debug, Clone)]
pub enum Db {
    /// An embedded file: one connection writes, several read.
    Sqlite {
        /// The only connection that writes; its transactions are `BEGIN IMMEDIATE`.
        writer: SqlitePool,
        /// Read-only connections: a forgotten write fails at once.
        reader: SqlitePool,
        /// One more of these for who looks ahead ([`Db::look_ahead`]).
        scout: SqlitePool,
        /// Whether anything changes.
        changes: Arc<Changes>,
    },
    /// A PostgreSQL server.
    Postgres(PgPool),
}

/// An open transaction of either kind; dropped without [`Tx::commit`] it leaves no trace.
#[derive(Debug)]
pub enum Tx {
    /// On the embedded file.
    Sqlite(Held<Sqlite>),
    /// On the server.
    Postgres(Held<Postgres>),
}

/// The connection that statements run on.
#[derive(Debug)]
pub enum Held<DB: Database> {
    /// Inside of a transaction; with a note for those who look ahead if it may change what they see.
    Whole(Transaction<'static, DB>, Option<Changing>),
    /// Outside of any: see [`Db::glance`].
    Glance(PoolConnection<DB>),
}

impl<DB: Database> Deref for Held<DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        match self {
            Self::Whole(transaction, _) => transaction,
            Self::Glance(connection) => connection,
        }
    }
}

impl<DB: Database> DerefMut for Held<DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        match self {
            Self::Whole(transaction, _) => transaction,
            Self::Glance(connection) => connection,
        }
    }
}

impl<DB: Database> Held<DB> {
    async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Whole(transaction, None) => transaction.commit().await,
            // In a task of its own: whoever waits may go away at any moment, and what he changed must not count as done before it is.
            Self::Whole(transaction, Some(changing)) => {
                let committed = tokio::spawn(async move {
                    let outcome = transaction.commit().await;
                    drop(changing);
                    outcome
                });
                committed.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
            }
            Self::Glance(_) => Ok(()),
        }
    }

    async fn rollback(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Whole(transaction, _changing) => transaction.rollback().await,
            Self::Glance(_) => Ok(()),
        }
    }
}

/// One statement in both dialects, for the few places where they differ.
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    /// SQLite's text.
    pub sqlite: &'static str,
    /// PostgreSQL's text.
    pub postgres: &'static str,
}

impl Sql {
    /// The text for the kind of `tx`.
    pub fn of(&self, tx: &Tx) -> &'static str {
        match tx {
            Tx::Sqlite(_) => self.sqlite,
            Tx::Postgres(_) => self.postgres,
        }
    }
}

/// Runs one body on the connection of either kind: `on_backend!(tx, |conn| sqlx::query(SQL).execute(conn).await?)`.
#[macro_export]
macro_rules! on_backend {
    ($tx:expr, |$conn:ident| $body:expr) => {
        match $tx {
            $crate::foundation::db::Tx::Sqlite(inner) => {
                let $conn = &mut **inner;
                $body
            }
            $crate::foundation::db::Tx::Postgres(inner) => {
                let $conn = &mut **inner;
                $body
            }
        }
    };
}

/// Checks that a statement met exactly the row it was meant for.
pub fn exactly_one(table: &'static str, id: impl ToString, rows: u64) -> Result<(), StorageError> {
    if rows == 1 { Ok(()) } else { Err(StorageError::Inconsistent { table, column: "id", id: id.to_string() }) }
}

impl Db {
    /// Opens the database at `url` and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self, StorageError> {
        let db = Self::connect(url).await?;
        db.migrate().await?;
        Ok(db)
    }

    /// Opens the database at `url` (`sqlite://path` or `postgres://…`) and leaves its tables alone.
    pub async fn connect(url: &str) -> Result<Self, StorageError> {
        if url.starts_with("postgres") {
            // The server takes longer to compile our longest statements than to run them.
            let options = PgConnectOptions::from_str(url)?.application_name("opora").options([("jit", "off")]);
            let pool = PgPoolOptions::new()
                .max_connections(POSTGRES_CONNECTIONS)
                .acquire_timeout(ACQUIRE_LIMIT)
                .connect_with(options)
                .await?;
            return Ok(Self::Postgres(pool));
        }
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5))
            .row_buffer_size(SQLITE_ROWS)
            .statement_cache_capacity(SQLITE_STATEMENTS)
            // Pages that are changed again and again, as in a burst, are brought into the file more rarely.
            .pragma("wal_autocheckpoint", WAL_PAGES)
            // What is erased is overwritten in the file, not only forgotten.
            .pragma("secure_delete", "ON")
            // A connection is replaced every half hour, so what is known of the tables' sizes stays fresh.
            .optimize_on_close(true, None);
        // A connection to a file does not break by itself; asking it before each use would cost as much as a statement.
        let pool = || SqlitePoolOptions::new().acquire_timeout(ACQUIRE_LIMIT).test_before_acquire(false);
        let writer = pool().max_connections(1).connect_with(options.clone()).await?;
        // Not `query_only`: opened read-only by the file system, so that nothing can be written by mistake.
        let options = options.read_only(true);
        let scout = pool().max_connections(1).connect_lazy_with(options.clone());
        let reader = pool().max_connections(SQLITE_READERS).connect_with(options).await?;
        let elsewhere = sqlx::query_scalar(WRITTEN_ELSEWHERE).fetch_one(&writer).await?;
        Ok(Self::Sqlite { writer, reader, scout, changes: Arc::new(Changes::since(elsewhere)) })
    }

    /// Applies the migrations that are missing.
    pub async fn migrate(&self) -> Result<(), StorageError> {
        self.migrate_to(Self::known_step()).await
    }

    /// Applies the migrations that are missing up to this number: a backup is brought back into the tables it was taken from.
    pub async fn migrate_to(&self, step: i64) -> Result<(), StorageError> {
        let outcome = match self {
            Self::Sqlite { writer, .. } => SQLITE_STEPS.run_to(step, writer).await,
            Self::Postgres(pool) => POSTGRES_STEPS.run_to(step, pool).await,
        };
        outcome.map_err(|error| match error {
            MigrateError::VersionMissing(found) => StorageError::Newer { found, known: Self::known_step() },
            MigrateError::Execute(inner) | MigrateError::ExecuteMigration(inner, _) => inner.into(),
            other => StorageError::Other(other.into()),
        })
    }

    /// The number of the last migration this binary knows.
    pub fn known_step() -> i64 {
        SQLITE_STEPS.iter().map(|step| step.version).max().unwrap_or_default()
    }

    /// A short text that differs whenever a migration differs.
    pub fn fingerprint() -> String {
        let mut hash = Sha256::new();
        for step in SQLITE_STEPS.iter().chain(POSTGRES_STEPS.iter()) {
            hash.update(&step.checksum);
        }
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The number of the last migration applied to this database; 0 when there are no tables yet.
    pub async fn applied_step(&self) -> Result<i64, StorageError> {
        let applied = match self {
            Self::Sqlite { reader, .. } => reader.acquire().await?.list_applied_migrations(STEPS_TABLE).await,
            Self::Postgres(pool) => pool.acquire().await?.list_applied_migrations(STEPS_TABLE).await,
        };
        match applied {
            Ok(applied) => Ok(applied.iter().map(|step| step.version).max().unwrap_or_default()),
            Err(MigrateError::Execute(sqlx::Error::Database(error))) if is_missing_table(&*error) => Ok(0),
            Err(MigrateError::Execute(error)) => Err(error.into()),
            Err(other) => Err(StorageError::Other(other.into())),
        }
    }

    /// Opens a transaction that may write. On SQLite it is the only one at a time.
    pub async fn begin(&self) -> Result<Tx, StorageError> {
        Ok(match self {
            Self::Sqlite { writer, changes, .. } => {
                let begun = begin_alone(writer).await?;
                Tx::Sqlite(Held::Whole(begun, Some(changes.begin())))
            }
            Self::Postgres(pool) => Tx::Postgres(Held::Whole(begin_whole(pool, "BEGIN").await?, None)),
        })
    }

    /// The same for work that writes only what [`Db::look_ahead`] never reads: it invalidates nothing.
    pub async fn begin_aside(&self) -> Result<Tx, StorageError> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Tx::Sqlite(Held::Whole(begin_alone(writer).await?, None)),
            Self::Postgres(_) => self.begin().await?,
        })
    }

    /// Opens a transaction that only reads, for work that will write what follows from it: what was read holds if that work
    /// [is the first](Tx::is_first_since) to change anything since the mark. `None` when it cannot be known: when something is
    /// being changed just now, and on a server, where others write, too.
    pub async fn look_ahead(&self) -> Result<Option<(Mark, Tx)>, StorageError> {
        let Self::Sqlite { scout, changes, .. } = self else { return Ok(None) };
        let Some(mark) = changes.mark() else { return Ok(None) };
        Ok(Some((mark, Tx::Sqlite(Held::Whole(scout.begin().await?, None)))))
    }

    /// Opens a transaction that only reads and sees one consistent moment.
    pub async fn read(&self) -> Result<Tx, StorageError> {
        Ok(match self {
            Self::Sqlite { reader, .. } => Tx::Sqlite(Held::Whole(reader.begin().await?, None)),
            Self::Postgres(pool) => {
                let begun = begin_whole(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
                Tx::Postgres(Held::Whole(begun, None))
            }
        })
    }

    /// For statements that only read and need not agree with each other: each sees the moment at which it runs. Without a transaction
    /// the database is asked once instead of three times. The embedded kind refuses a forgotten write here.
    pub async fn glance(&self) -> Result<Tx, StorageError> {
        Ok(match self {
            Self::Sqlite { reader, .. } => Tx::Sqlite(Held::Glance(reader.acquire().await?)),
            Self::Postgres(pool) => Tx::Postgres(Held::Glance(pool.acquire().await?)),
        })
    }

    /// Whether this is the embedded kind, which only one process may use.
    pub fn is_embedded(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite { reader, .. } => reader.acquire().await?.ping().await?,
            Self::Postgres(pool) => pool.acquire().await?.ping().await?,
        }
        Ok(())
    }

    /// Brings everything into the database's file and empties the journal beside it, where erased content would stay for a
    /// while. While others read, the next time must do. PostgreSQL sees to its own journal.
    pub async fn settle(&self) -> Result<(), StorageError> {
        if let Self::Sqlite { writer, .. } = self {
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(writer).await?;
        }
        Ok(())
    }

    /// Closes all connections after their current work.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, reader, scout, .. } => {
                scout.close().await;
                reader.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// When there is no room left, SQLite takes a transaction back by itself; the driver does not notice, and would refuse to begin
/// another one on that connection for ever. So that connection is thrown away.
async fn begin_alone(writer: &SqlitePool) -> Result<Transaction<'static, Sqlite>, StorageError> {
    match writer.begin_with(WRITE).await {
        Err(sqlx::Error::InvalidSavePointStatement) => {}
        begun => return Ok(begun?),
    }
    // Its error would only say that it did not end in good order.
    drop(writer.acquire().await?.close().await);
    Ok(writer.begin_with(WRITE).await?)
}

/// Begins in a task of its own, which always comes to its end. Whoever waits may go away at any moment (a browser does); a driver
/// that is broken off between "BEGIN" and its answer hands the connection back inside of the transaction, and the next one to get it
/// would work there. SQLite's driver sees to this itself.
async fn begin_whole(pool: &PgPool, statement: &'static str) -> Result<Transaction<'static, Postgres>, StorageError> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with(statement).await }).await;
    Ok(begun.map_err(|fault| StorageError::Unreachable(fault.to_string()))??)
}

fn is_missing_table(error: &dyn DatabaseError) -> bool {
    // PostgreSQL's undefined_table; SQLite knows only a general code.
    error.code().as_deref() == Some("42P01") || error.message().starts_with("no such table")
}

impl Tx {
    /// Whether nobody else has changed anything since the mark of [`Db::look_ahead`], an operator's command in another process included.
    pub async fn is_first_since(&mut self, mark: Mark) -> Result<bool, StorageError> {
        let Self::Sqlite(Held::Whole(transaction, Some(changing))) = self else { return Ok(false) };
        let elsewhere = sqlx::query_scalar(WRITTEN_ELSEWHERE).fetch_one(&mut **transaction).await?;
        Ok(changing.is_first_since(mark, elsewhere))
    }

    /// Marks a point to which [`Tx::back_to_savepoint`] can return. One at a time.
    pub async fn savepoint(&mut self) -> Result<(), StorageError> {
        self.execute("SAVEPOINT point").await
    }

    /// Forgets the point; what was done since belongs to the transaction.
    pub async fn release_savepoint(&mut self) -> Result<(), StorageError> {
        self.execute("RELEASE SAVEPOINT point").await
    }

    /// Takes back what was done since the point and forgets it, also after a failed statement.
    pub async fn back_to_savepoint(&mut self) -> Result<(), StorageError> {
        self.execute("ROLLBACK TO SAVEPOINT point").await?;
        self.release_savepoint().await
    }

    async fn execute(&mut self, sql: &'static str) -> Result<(), StorageError> {
        on_backend!(self, |c| sqlx::query(sql).execute(c).await?.rows_affected());
        Ok(())
    }

    /// Tells `text` to whoever listens to `channel` on the server, once the transaction lasts; nobody listens to a file.
    pub async fn notify(&mut self, channel: &str, text: &str) -> Result<(), StorageError> {
        const SQL: &str = "SELECT pg_notify($1, $2)";
        if let Self::Postgres(inner) = self {
            sqlx::query(SQL).bind(channel).bind(text).execute(&mut **inner).await?;
        }
        Ok(())
    }

    /// Makes the transaction's changes last.
    pub async fn commit(self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(inner) => inner.commit().await?,
            Self::Postgres(inner) => inner.commit().await?,
        }
        Ok(())
    }

    /// Takes the transaction's changes back.
    pub async fn rollback(self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(inner) => inner.rollback().await?,
            Self::Postgres(inner) => inner.rollback().await?,
        }
        Ok(())
    }
}
