//! The two sets of migrations are twins: same files, same tables, same columns.

use std::collections::{BTreeMap, BTreeSet};

use opora_core::{
    foundation::db::{Db, Tx},
    on_backend,
};
use opora_testkit::{Backend, TestDatabase, World};
use sqlx::types::{Json, Uuid};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations");

/// The search table is SQLite's own kind of table there, whose `seq` is its row id.
const SEARCH: &str = "citizen_search";

/// Table → column → (type in words of both, whether it may be empty).
type Tables = BTreeMap<String, BTreeMap<String, (String, bool)>>;

fn names(folder: &str) -> BTreeSet<String> {
    let files = std::fs::read_dir(format!("{ROOT}/{folder}")).unwrap();
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

fn tables(rows: Vec<(String, String, String, bool)>) -> Tables {
    let mut tables = Tables::new();
    for (table, column, kind, optional) in rows {
        if table != SEARCH && !table.starts_with("_sqlx") {
            tables.entry(table).or_default().insert(column, (kind, optional));
        }
    }
    tables
}

async fn sqlite_tables() -> Tables {
    const SQL: &str =
        "SELECT t.name, c.name, c.type, c.\"notnull\" = 0 FROM pragma_table_list t, pragma_table_info(t.name) c
        WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'";
    let world = World::on(Backend::Sqlite).await;
    let mut tx = world.tx().await;
    let Tx::Sqlite(inner) = &mut tx else { panic!("asked for SQLite") };
    tables(sqlx::query_as(SQL).fetch_all(&mut **inner).await.unwrap())
}

async fn postgres_tables() -> Tables {
    const SQL: &str = "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'YES'
        FROM information_schema.columns WHERE table_schema = 'public'";
    let world = World::on(Backend::Postgres).await;
    let mut tx = world.tx().await;
    let Tx::Postgres(inner) = &mut tx else { panic!("asked for PostgreSQL") };
    let rows: Vec<(String, String, String, bool)> = sqlx::query_as(SQL).fetch_all(&mut **inner).await.unwrap();
    tables(rows.into_iter().map(|(t, c, kind, optional)| (t, c, in_sqlite(&kind).to_owned(), optional)).collect())
}

/// How SQLite keeps what PostgreSQL calls so.
fn in_sqlite(kind: &str) -> &'static str {
    match kind {
        "uuid" | "bytea" => "BLOB",
        "bigint" | "boolean" => "INTEGER",
        "double precision" => "REAL",
        "text" | "date" | "time without time zone" | "timestamp with time zone" | "jsonb" => "TEXT",
        other => panic!("{other} has no twin on SQLite: whole numbers are BIGINT, moments TIMESTAMPTZ"),
    }
}

#[test]
fn every_migration_has_its_twin() {
    assert_eq!(names("sqlite"), names("postgres"));
}

#[tokio::test]
async fn both_databases_have_the_same_tables_and_columns() {
    let (sqlite, postgres) = (sqlite_tables().await, postgres_tables().await);
    assert!(sqlite.len() > 20, "only {} tables found", sqlite.len());
    assert_eq!(sqlite.keys().collect::<Vec<_>>(), postgres.keys().collect::<Vec<_>>());
    for (table, columns) in &sqlite {
        assert_eq!(columns, &postgres[table], "{table} (SQLite left, PostgreSQL right)");
    }
}

#[tokio::test]
async fn both_databases_have_the_same_indexes() {
    const SQLITE: &str = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";
    const POSTGRES: &str = "SELECT i.relname::text FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        JOIN pg_namespace n ON n.oid = i.relnamespace
        WHERE n.nspname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid)";
    let (sqlite, postgres) = (World::on(Backend::Sqlite).await, World::on(Backend::Postgres).await);
    let (mut on_sqlite, mut on_postgres) = (sqlite.tx().await, postgres.tx().await);
    let (Tx::Sqlite(left), Tx::Postgres(right)) = (&mut on_sqlite, &mut on_postgres) else { panic!("one of each") };
    let left: Vec<String> = sqlx::query_scalar(SQLITE).fetch_all(&mut **left).await.unwrap();
    let right: Vec<String> = sqlx::query_scalar(POSTGRES).fetch_all(&mut **right).await.unwrap();
    let named = |all: Vec<String>| all.into_iter().filter(|name| !name.starts_with(SEARCH)).collect::<BTreeSet<_>>();
    assert_eq!(named(left), named(right));
}

/// PT-D42: what was marked as taken in the row itself counts as in doubt after the upgrade to the list of flights, too.
#[tokio::test]
async fn what_was_under_way_before_the_list_of_flights_stands_on_it() {
    const BEFORE: i64 = 15;
    const OLD: &str =
        "INSERT INTO outbox (id, channel, recipient, occurrence_id, cause, priority, payload, state, due_at,
            attempt, epoch, is_repeat, created_at)
        VALUES ($1, 'telegram', $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, $7)";
    const FLIGHTS: &str = "SELECT epoch, under_way FROM flights WHERE channel = 'telegram'";
    const NOW: &str = "SELECT state, attempt, cause FROM outbox ORDER BY id";
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let database = TestDatabase::empty(backend).await;
        let db = Db::connect(database.url()).await.unwrap();
        db.migrate_to(BEFORE).await.unwrap();
        let [taken, queued] = [1, 2].map(Uuid::from_u128);
        let reminder = Some(Uuid::from_u128(3));
        let mut tx = db.begin().await.unwrap();
        on_backend!(&mut tx, |c| {
            let rows = [
                (taken, "1", reminder, "reminder:3:telegram", "sending", 2_i64, Some(7_i64)),
                (queued, "2", None, "answered:1", "queued", 0, None),
            ];
            for (id, chat, occurrence, cause, state, attempt, epoch) in rows {
                sqlx::query(OLD)
                    .bind(id)
                    .bind(chat)
                    .bind(occurrence)
                    .bind(cause)
                    .bind(Json("x"))
                    .bind(state)
                    .bind(chrono::DateTime::UNIX_EPOCH)
                    .bind(attempt)
                    .bind(epoch)
                    .bind(false)
                    .execute(&mut *c)
                    .await
                    .map(drop)
                    .unwrap();
            }
        });
        tx.commit().await.unwrap();
        db.migrate().await.unwrap();
        let mut tx = db.read().await.unwrap();
        let (flights, rows): ((i64, Json<Vec<Uuid>>), Vec<(String, i64, Option<String>)>) = on_backend!(&mut tx, |c| (
            sqlx::query_as(FLIGHTS).fetch_one(&mut *c).await.unwrap(),
            sqlx::query_as(NOW).fetch_all(c).await.unwrap()
        ));
        assert_eq!((flights.0, flights.1.0), (7, vec![taken]), "{backend:?}");
        let expected = [("queued".to_owned(), 1, None), ("queued".to_owned(), 0, Some("answered:1".to_owned()))];
        assert_eq!(rows, expected, "{backend:?}");
        tx.rollback().await.unwrap();
        db.close().await;
    }
}
