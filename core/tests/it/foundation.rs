//! The database, the unit of work, ids and secrets.

use chrono::TimeDelta;
use futures::FutureExt;
use opora_core::{
    foundation::{
        chance::{self, Chance},
        changes::Changes,
        clock::{Clock, Timestamp, sleep_by},
        db::{Db, Tx, exactly_one},
        errors::StorageError,
        ids::{self, AccountId, DistrictId, PersonId},
        secrets::{SealError, Sealer, Secret},
    },
    on_backend,
    people::access::Actor,
    schedule::lease::{self, Lease},
};
use opora_testkit::{Backend, FakeClock, SeededChance, TestDatabase, World, on_both_databases};
use sqlx::Connection;

async fn add_district(tx: &mut Tx, id: DistrictId, name: &str, at: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO districts (id, name, name_key, created_at) VALUES ($1, $2, $2, $3)";
    on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(name).bind(at).execute(c).await.map(drop)?);
    Ok(())
}

async fn districts(db: &Db) -> Vec<(DistrictId, String, Timestamp)> {
    const SQL: &str = "SELECT id, name, created_at FROM districts ORDER BY name_key";
    let mut tx = db.read().await.unwrap();
    on_backend!(&mut tx, |c| sqlx::query_as(SQL).fetch_all(c).await.unwrap())
}

fn north(world: &World) -> DistrictId {
    DistrictId::draw(world.clock.now(), &*world.app.chance)
}

on_both_databases! {
    async fn what_is_committed_comes_back_as_it_was(world: World) {
        let (id, at) = (north(&world), world.clock.now() + TimeDelta::microseconds(123_456));
        let mut tx = world.tx().await;
        add_district(&mut tx, id, "Северный", at).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(districts(&world.app.db).await, [(id, "Северный".to_owned(), at)]);
    }

    async fn what_is_rolled_back_or_dropped_leaves_no_trace(world: World) {
        let mut tx = world.tx().await;
        add_district(&mut tx, north(&world), "Северный", world.clock.now()).await.unwrap();
        tx.rollback().await.unwrap();
        let mut tx = world.tx().await;
        add_district(&mut tx, north(&world), "Южный", world.clock.now()).await.unwrap();
        drop(tx);
        assert_eq!(districts(&world.app.db).await, []);
    }

    /// A browser goes away, and what was begun for it is broken off at any point.
    async fn a_beginning_that_is_broken_off_leaves_the_connection_clean(world: World) {
        let db = &world.app.db;
        for patience in 0..40 {
            let mut looking = Box::pin(db.read());
            for _ in 0..patience {
                if futures::poll!(looking.as_mut()).is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
            drop(looking);
            let mut tx = db.begin().await.unwrap();
            add_district(&mut tx, north(&world), &format!("Район {patience}"), world.clock.now()).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(districts(db).await.len(), patience + 1);
        }
    }

    async fn a_broken_unique_rule_is_a_conflict_with_a_name(world: World) {
        let mut tx = world.tx().await;
        add_district(&mut tx, north(&world), "Северный", world.clock.now()).await.unwrap();
        let error = add_district(&mut tx, north(&world), "Северный", world.clock.now()).await.unwrap_err();
        assert!(matches!(error, StorageError::Conflict(_)), "{error:?}");
        assert!(error.is_conflict_on(&["districts_name_key_key", "districts.name_key"]), "{error:?}");
        assert!(!error.is_conflict_on(&["districts_pkey", "districts.id"]), "{error:?}");
        assert!(!error.is_passing());
    }

    async fn who_only_looks_cannot_write(world: World) {
        let mut tx = world.app.db.read().await.unwrap();
        let error = add_district(&mut tx, north(&world), "Северный", world.clock.now()).await.unwrap_err();
        assert!(matches!(error, StorageError::ReadOnly), "{error:?}");
    }

    async fn who_looks_sees_one_moment(world: World) {
        const SQL: &str = "SELECT count(*) FROM districts";
        let mut look = world.app.db.read().await.unwrap();
        let before: i64 = on_backend!(&mut look, |c| sqlx::query_scalar(SQL).fetch_one(c).await.unwrap());
        let mut tx = world.tx().await;
        add_district(&mut tx, north(&world), "Северный", world.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let after: i64 = on_backend!(&mut look, |c| sqlx::query_scalar(SQL).fetch_one(c).await.unwrap());
        assert_eq!((before, after), (0, 0));
        assert_eq!(districts(&world.app.db).await.len(), 1);
    }

    /// What is read beforehand may be relied on only while it can be known that it still holds.
    async fn what_was_looked_at_beforehand_holds_until_somebody_else_changes_something(world: World) {
        let db = &world.app.db;
        let Some((mark, seen)) = db.look_ahead().await.unwrap() else {
            assert_eq!(world.backend(), Backend::Postgres, "others write there, too");
            let mark = Changes::since(0).mark().expect("nothing is being changed");
            assert!(!db.begin().await.unwrap().is_first_since(mark).await.unwrap());
            return;
        };
        drop(seen);
        db.begin_aside().await.unwrap().commit().await.unwrap();
        let mut first = db.begin().await.unwrap();
        assert!(first.is_first_since(mark).await.unwrap());
        add_district(&mut first, north(&world), "Северный", world.clock.now()).await.unwrap();
        assert!(db.look_ahead().await.unwrap().is_none(), "something is being changed");
        first.commit().await.unwrap();
        assert!(!db.begin().await.unwrap().is_first_since(mark).await.unwrap());
        let (mark, seen) = db.look_ahead().await.unwrap().expect("nothing is being changed");
        drop(seen);
        assert!(db.begin().await.unwrap().is_first_since(mark).await.unwrap());
        let (mark, seen) = db.look_ahead().await.unwrap().expect("nothing is being changed");
        drop(seen);
        let operator = Db::connect(world.database.url()).await.unwrap();
        let mut command = operator.begin().await.unwrap();
        add_district(&mut command, DistrictId::draw(world.clock.now(), &*world.app.chance), "Южный", world.clock.now())
            .await
            .unwrap();
        command.commit().await.unwrap();
        assert!(!db.begin().await.unwrap().is_first_since(mark).await.unwrap(), "an operator's command has");
    }

    async fn a_database_of_a_newer_version_is_refused_with_the_way_out(world: World) {
        const SQL: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
            VALUES (9000, 'from the future', $1, $2, 0)";
        let mut tx = world.tx().await;
        on_backend!(&mut tx, |c| sqlx::query(SQL).bind(true).bind(vec![0_u8]).execute(c).await.map(drop)).unwrap();
        tx.commit().await.unwrap();
        let error = world.app.db.migrate().await.unwrap_err();
        let known = Db::known_step();
        assert_eq!(
            error.to_string(),
            format!(
                "the database was made by a newer Opora (step 9000, this one knows up to {known}): install the newer version"
            )
        );
    }

    async fn migrating_twice_changes_nothing(world: World) {
        world.app.db.migrate().await.unwrap();
        assert_eq!(world.count("settings").await, 1);
        world.app.db.ping().await.unwrap();
    }

    async fn work_signals_only_after_its_commit(world: World) {
        let mut ear = world.app.wake.outbox.listen();
        let mut work = world.begin(Actor::System).await;
        work.signal(opora_core::Signal::Outbox);
        assert!(ear.heard().now_or_never().is_none());
        work.commit().await.unwrap();
        assert!(ear.heard().now_or_never().is_some());
    }

    async fn a_closed_database_gives_no_sign_of_life(world: World) {
        world.app.db.close().await;
        world.app.db.ping().await.unwrap_err();
    }
}

/// A browser goes away while what it asked for is made to last: it lasts, and does not count as done before it does.
#[tokio::test]
async fn a_commit_that_nobody_waits_for_comes_to_its_end() {
    let world = World::on(Backend::Sqlite).await;
    let db = &world.app.db;
    let mut ear = world.app.wake.outbox.listen();
    let mut work = world.app.begin(Actor::System).await.unwrap();
    work.signal(opora_core::Signal::Outbox);
    add_district(&mut work.tx, north(&world), "Северный", world.clock.now()).await.unwrap();
    let mut committing = Box::pin(work.commit());
    assert!(committing.as_mut().now_or_never().is_none());
    drop(committing);
    assert!(db.look_ahead().await.unwrap().is_none(), "it is going on");
    tokio::time::timeout(opora_testkit::PATIENCE, ear.heard()).await.expect("who waits for it hears of it");
    drop(db.begin().await.unwrap());
    assert_eq!(districts(db).await.len(), 1);
}

#[tokio::test]
async fn a_second_program_finds_the_embedded_database_busy_as_soon_as_work_begins() {
    let world = World::on(Backend::Sqlite).await;
    let work = world.begin(Actor::System).await;
    let mut other = sqlx::SqliteConnection::connect(world.database.url()).await.unwrap();
    sqlx::query("PRAGMA busy_timeout = 0").execute(&mut other).await.unwrap();
    let error: StorageError = sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap_err().into();
    assert!(matches!(error, StorageError::Busy), "{error:?}");
    assert!(error.is_passing());
    drop(work);
}

#[tokio::test]
async fn many_who_read_and_then_write_the_embedded_database_all_succeed() {
    const READ: &str = "SELECT version FROM settings";
    const WRITE: &str = "UPDATE settings SET version = $1";
    let world = World::on(Backend::Sqlite).await;
    let increments = (0..40).map(|_| async {
        let mut tx = world.tx().await;
        let version: i64 = on_backend!(&mut tx, |c| sqlx::query_scalar(READ).fetch_one(c).await.unwrap());
        on_backend!(&mut tx, |c| sqlx::query(WRITE).bind(version + 1).execute(c).await.map(drop).unwrap());
        tx.commit().await.unwrap();
    });
    futures::future::join_all(increments).await;
    assert_eq!(world.count("settings WHERE version = 41").await, 1);
}

on_both_databases! {
    async fn a_full_disk_is_told_apart_and_passes(world: World) {
        let db = &world.app.db;
        let mut tx = world.tx().await;
        add_district(&mut tx, north(&world), "Северный", world.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        // As if nothing more could be kept. SQLite takes the transaction back by itself, and its driver does not notice.
        match db {
            Db::Sqlite { writer, .. } => execute(writer, "PRAGMA max_page_count = 1").await,
            Db::Postgres(pool) => execute(pool, NO_ROOM).await,
        }
        let mut tx = world.tx().await;
        let error = fill(&mut tx, &world).await;
        assert!(matches!(error, StorageError::Full), "{error:?}");
        assert!(error.is_passing());
        drop(tx);
        match db {
            Db::Sqlite { writer, .. } => execute(writer, "PRAGMA max_page_count = 4294967294").await,
            Db::Postgres(pool) => execute(pool, "DROP TRIGGER no_room ON districts").await,
        }
        for name in ["Южный", "Западный"] {
            let mut tx = world.tx().await;
            add_district(&mut tx, north(&world), name, world.clock.now()).await.unwrap();
            tx.commit().await.unwrap();
        }
        let names: Vec<_> = districts(db).await.into_iter().map(|it| it.1).collect();
        assert_eq!(names, ["Западный", "Северный", "Южный"]);
    }

    async fn whoever_cannot_write_says_so_until_something_is_written(world: World) {
        let writing = &world.app.wake.writing;
        assert!(!writing.is_refused());
        writing.failed(&StorageError::Busy);
        assert!(!writing.is_refused(), "another trouble");
        writing.failed(&StorageError::Full);
        world.begin(Actor::System).await.commit().await.unwrap();
        assert!(writing.is_refused(), "a transaction that changes nothing proves nothing");
        lease::try_to_write(&world.app).await.unwrap();
        assert!(!writing.is_refused());
        writing.failed(&StorageError::Full);
        let lease = Lease::take(&world.app, "timer").await.unwrap().unwrap();
        assert!(lease.renew(&world.app).await.unwrap());
        assert!(!writing.is_refused());
    }
}

const NO_ROOM: &str = "CREATE FUNCTION refuse() RETURNS trigger AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$ LANGUAGE plpgsql;
    CREATE TRIGGER no_room BEFORE INSERT ON districts EXECUTE FUNCTION refuse()";

async fn execute<DB: sqlx::Database>(pool: &sqlx::Pool<DB>, sql: &'static str)
where
    for<'c> &'c sqlx::Pool<DB>: sqlx::Executor<'c, Database = DB>,
{
    sqlx::raw_sql(sql).execute(pool).await.unwrap();
}

/// Adds rows until there is no room for another.
async fn fill(tx: &mut Tx, world: &World) -> StorageError {
    for number in 0..100_000 {
        if let Err(error) = add_district(tx, north(world), &format!("Район {number}"), world.clock.now()).await {
            return error;
        }
    }
    panic!("there is room for everything")
}

/// A sleeper by a clock that is turned meanwhile, and when it wakes.
async fn wakes(turn: TimeDelta, at: TimeDelta) -> TimeDelta {
    let clock = FakeClock::at("2026-03-10T06:00:00Z");
    let began = clock.now();
    let sleep = sleep_by(|| clock.now(), began + at, std::time::Duration::from_millis(5));
    let turning = async {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        clock.set(began + turn);
    };
    let (slept, ()) = tokio::join!(tokio::time::timeout(opora_testkit::PATIENCE, sleep), turning);
    slept.expect("it sleeps too long");
    clock.now() - began
}

#[tokio::test]
async fn whoever_sleeps_wakes_when_the_clock_is_set_forwards_or_back() {
    assert_eq!(wakes(TimeDelta::hours(2), TimeDelta::hours(1)).await, TimeDelta::hours(2));
    assert_eq!(wakes(TimeDelta::hours(-2), TimeDelta::hours(1)).await, TimeDelta::hours(-2));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_answer_is_unreachable() {
    let error = Db::connect("postgres://postgres@127.0.0.1:1/none").await.unwrap_err();
    assert!(matches!(error, StorageError::Unreachable(_)), "{error:?}");
    assert!(error.is_passing());
}

#[tokio::test]
async fn an_empty_database_becomes_usable_when_opened() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let database = TestDatabase::empty(backend).await;
        let db = Db::open(database.url()).await.unwrap();
        assert_eq!(districts(&db).await, []);
        db.close().await;
    }
}

#[test]
fn exactly_one_row_is_demanded() {
    let id = PersonId(ids::parse("0198a000-0000-7000-8000-000000000001").unwrap());
    exactly_one("persons", id, 1).unwrap();
    for rows in [0, 2] {
        let error = exactly_one("persons", id, rows).unwrap_err();
        assert_eq!(error.to_string(), format!("persons {id}: id makes no sense"));
    }
}

#[test]
fn ids_sort_by_the_moment_of_their_making_and_survive_both_spellings() {
    let (clock, chance) = (FakeClock::at("2026-03-10T06:00:00Z"), SeededChance::new(7));
    let mut drawn = Vec::new();
    for _ in 0..50 {
        clock.advance(TimeDelta::milliseconds(1));
        drawn.push(AccountId::draw(clock.now(), &chance));
    }
    assert!(drawn.is_sorted());
    for id in drawn {
        assert_eq!(id.to_string().len(), 22);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.0.to_string().parse(), Ok(id));
    }
    for text in ["", "short", "not-an-id-not-an-id-!!", "0198a000-0000-7000-8000-00000000000"] {
        assert!(text.parse::<AccountId>().is_err(), "{text:?}");
    }
}

#[test]
fn seeded_chance_repeats_itself_and_spreads_evenly() {
    let draw = |seed| chance::bytes::<16>(&SeededChance::new(seed));
    assert_eq!(draw(5), draw(5));
    assert_ne!(draw(5), draw(6));
    let source = SeededChance::new(1);
    let mut seen = [0_u32; 6];
    for _ in 0..6000 {
        seen[usize::try_from(chance::below(&source, 6)).unwrap()] += 1;
    }
    assert!(seen.iter().all(|count| (800..1200).contains(count)), "{seen:?}");
    assert_eq!(chance::secret_text(&source).len(), 43);
}

#[test]
fn a_sealed_secret_opens_only_with_its_key_and_purpose() {
    let chance = SeededChance::new(1);
    let (sealer, other) = (Sealer::with_key([1; 32]), Sealer::with_key([2; 32]));
    let secret = Secret::new("пароль");
    let sealed = sealer.seal("smtp", &secret, &chance);
    assert_ne!(sealed, sealer.seal("smtp", &secret, &chance), "the same secret never looks the same");
    assert_eq!(sealer.unseal("smtp", &sealed).unwrap(), secret);
    let mut damaged = sealed.clone();
    damaged[30] ^= 1;
    for failed in [
        sealer.unseal("bot", &sealed),
        other.unseal("smtp", &sealed),
        sealer.unseal("smtp", &damaged),
        sealer.unseal("smtp", b"short"),
    ] {
        assert!(matches!(failed, Err(SealError::Unreadable)), "{failed:?}");
    }
}

#[test]
fn secrets_hide_from_logs() {
    assert_eq!(format!("{:?}", Secret::new("1234")), "Secret(…)");
    assert_eq!(format!("{:?}", Sealer::with_key([0; 32])), "Sealer(…)");
}

#[test]
fn the_key_file_is_made_once_and_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new").join("key");
    let chance = SeededChance::new(1);
    let sealed = Sealer::open(&path, &chance).unwrap().seal("smtp", &Secret::new("x"), &chance);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(Sealer::open(&path, &chance).unwrap().unseal("smtp", &sealed).unwrap(), Secret::new("x"));
    std::fs::write(&path, b"too short").unwrap();
    assert!(matches!(Sealer::open(&path, &chance), Err(SealError::DamagedKey(_))));
    let mut bytes = [0; 32];
    chance.fill(&mut bytes);
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, bytes).unwrap();
    assert!(matches!(Sealer::open(&path, &chance).unwrap().unseal("smtp", &sealed), Err(SealError::Unreadable)));
}

#[tokio::test]
async fn the_fake_clock_wakes_a_sleeper_when_its_moment_has_come() {
    let clock = FakeClock::at("2026-03-10T06:00:00Z");
    let alarm = clock.now() + TimeDelta::seconds(60);
    let sleeper = {
        let clock = clock.clone();
        tokio::spawn(async move {
            clock.sleep_until(alarm).await;
            clock.now()
        })
    };
    clock.someone_sleeps_until(alarm).await;
    clock.advance_seconds(59);
    tokio::task::yield_now().await;
    assert!(!sleeper.is_finished());
    clock.advance_seconds(1);
    assert_eq!(sleeper.await.unwrap(), alarm);
    assert!(clock.alarms().is_empty());
}
