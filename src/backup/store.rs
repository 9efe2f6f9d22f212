//! SQL of backups.

use std::{collections::BTreeSet, path::Path};

use futures::TryStreamExt;
use opora_core::foundation::{db::Tx, errors::StorageError};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection, SqlitePool, sqlite::SqliteConnectOptions};

use super::manifest::Table;

/// Copies the embedded database as of one moment into an empty or new file. Whoever writes meanwhile is not disturbed.
pub async fn copy(reader: &SqlitePool, into: &Path) -> Result<(), StorageError> {
    const SQL: &str = "VACUUM INTO $1";
    let mut connection = reader.acquire().await?;
    sqlx::query(SQL).bind(into.to_string_lossy().into_owned()).execute(&mut *connection).await?;
    Ok(())
}

/// What is wrong with a file of SQLite; nothing when its pages and its references are whole.
pub async fn faults(file: &mut SqliteConnection) -> Result<Vec<String>, StorageError> {
    let mut faults: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut *file).await?;
    faults.retain(|line| line != "ok");
    let loose: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT \"table\" FROM pragma_foreign_key_check").fetch_all(&mut *file).await?;
    faults.extend(loose.into_iter().map(|table| format!("rows of {table} refer to what is not there")));
    Ok(faults)
}

/// Opens a file of SQLite that nobody else uses, for reading.
pub async fn open_file(file: &Path) -> Result<SqliteConnection, StorageError> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
    Ok(SqliteConnection::connect_with(&options).await?)
}

/// The tables of a file of SQLite and how many rows they have.
pub async fn tables_of_file(file: &mut SqliteConnection) -> Result<Vec<Table>, StorageError> {
    const SQL: &str = "SELECT name FROM pragma_table_list
        WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
            AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'
        ORDER BY name";
    let names: Vec<String> = sqlx::query_scalar(SQL).fetch_all(&mut *file).await?;
    let mut tables = Vec::new();
    for name in names {
        let count = AssertSqlSafe(format!("SELECT count(*) FROM {}", quoted(&name)));
        let rows: i64 = sqlx::query_scalar(count).fetch_one(&mut *file).await?;
        tables.push(Table { name, columns: Vec::new(), rows: u64::try_from(rows).unwrap_or_default() });
    }
    Ok(tables)
}

const UPLOADS: &str = "SELECT storage_key FROM files WHERE storage_key IS NOT NULL";

/// The uploads that a file of SQLite speaks of.
pub async fn uploads_of_file(file: &mut SqliteConnection) -> Result<BTreeSet<String>, StorageError> {
    let keys: Vec<String> = sqlx::query_scalar(UPLOADS).fetch_all(file).await?;
    Ok(keys.into_iter().collect())
}

/// The uploads that the server's database speaks of.
pub async fn uploads_of_server(server: &mut PgConnection) -> Result<BTreeSet<String>, StorageError> {
    let keys: Vec<String> = sqlx::query_scalar(UPLOADS).fetch_all(server).await?;
    Ok(keys.into_iter().collect())
}

/// The tables on the server with their columns, without counting rows.
pub async fn tables_of_server(server: &mut PgConnection) -> Result<Vec<Table>, StorageError> {
    const SQL: &str = "SELECT t.table_name::text, array_agg(c.column_name::text ORDER BY c.ordinal_position)
        FROM information_schema.tables t
        JOIN information_schema.columns c ON c.table_schema = t.table_schema AND c.table_name = t.table_name
        WHERE t.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
            AND left(t.table_name, 5) <> '_sqlx'
        GROUP BY t.table_name ORDER BY t.table_name";
    let tables: Vec<(String, Vec<String>)> = sqlx::query_as(SQL).fetch_all(server).await?;
    Ok(tables.into_iter().map(|(name, columns)| Table { name, columns, rows: 0 }).collect())
}

/// Hands over the rows of a table as `COPY` writes them, and counts them.
pub async fn copy_out<E: From<sqlx::Error>>(
    server: &mut PgConnection,
    table: &Table,
    mut take: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<u64, E> {
    let statement = format!("COPY {} ({}) TO STDOUT", quoted(&table.name), listed(&table.columns));
    let mut rows = 0;
    let mut pieces = server.copy_out_raw(&statement).await?;
    while let Some(piece) = pieces.try_next().await? {
        // A line break inside of a value is written as two signs, so every one ends a row.
        rows += piece.split(|byte| *byte == b'\n').count() - 1;
        take(&piece)?;
    }
    Ok(u64::try_from(rows).unwrap_or(u64::MAX))
}

/// Fills a table with rows as `COPY` wrote them, and counts them. `next` hands over piece by piece.
pub async fn copy_in<E: From<sqlx::Error>>(
    server: &mut PgConnection,
    table: &Table,
    mut next: impl FnMut() -> Result<Option<Vec<u8>>, E>,
) -> Result<u64, E> {
    let statement = format!("COPY {} ({}) FROM STDIN", quoted(&table.name), listed(&table.columns));
    let mut sink = server.copy_in_raw(&statement).await?;
    while let Some(piece) = next()? {
        sink.send(piece).await?;
    }
    Ok(sink.finish().await?)
}

/// A reference between tables, taken away while they are filled.
#[derive(Debug, sqlx::FromRow)]
pub struct Reference {
    of: String,
    name: String,
    rule: String,
}

/// Empties the tables and takes their references away, so that they can be filled in any order.
pub async fn open_tables(server: &mut PgConnection, tables: &[Table]) -> Result<Vec<Reference>, StorageError> {
    const SQL: &str = "SELECT conrelid::regclass::text AS of, conname::text AS name, pg_get_constraintdef(oid) AS rule
        FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace";
    let references: Vec<Reference> = sqlx::query_as(SQL).fetch_all(&mut *server).await?;
    for it in &references {
        run(server, format!("ALTER TABLE {} DROP CONSTRAINT {}", it.of, quoted(&it.name))).await?;
    }
    let names: Vec<String> = tables.iter().map(|table| quoted(&table.name)).collect();
    run(server, format!("TRUNCATE {}", names.join(", "))).await?;
    Ok(references)
}

/// Puts the references back, which looks at every row, and lets the counters go on behind the highest number in use.
pub async fn close_tables(server: &mut PgConnection, references: &[Reference]) -> Result<(), StorageError> {
    const COUNTERS: &str = "SELECT table_name::text, column_name::text FROM information_schema.columns
        WHERE table_schema = current_schema() AND is_identity = 'YES'";
    for it in references {
        run(server, format!("ALTER TABLE {} ADD CONSTRAINT {} {}", it.of, quoted(&it.name), it.rule)).await?;
    }
    let counters: Vec<(String, String)> = sqlx::query_as(COUNTERS).fetch_all(&mut *server).await?;
    for (table, column) in counters {
        let (table, counted) = (quoted(&table), quoted(&column));
        let statement = format!(
            "SELECT setval(pg_get_serial_sequence('{}', '{}'), coalesce(max({counted}), 1), max({counted}) IS NOT NULL)
            FROM {table}",
            table.replace('\'', "''"),
            column.replace('\'', "''"),
        );
        run(server, statement).await?;
    }
    Ok(())
}

/// How many people and accounts there are: an installation in use has some.
pub async fn people(tx: &mut Tx) -> Result<i64, StorageError> {
    const SQL: &str = "SELECT (SELECT count(*) FROM accounts) + (SELECT count(*) FROM persons)";
    Ok(opora_core::on_backend!(tx, |c| sqlx::query_scalar(SQL).fetch_one(c).await?))
}

async fn run(server: &mut PgConnection, statement: String) -> Result<(), StorageError> {
    sqlx::query(AssertSqlSafe(statement)).execute(server).await?;
    Ok(())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}
