//! Tables full of rows: made by the databases themselves, which is quick.

use opora_core::{
    foundation::secrets::Secret,
    foundation::{
        db::{Db, Tx},
        ids::{AccountId, DistrictId, FileId, GroupId, OccurrenceId, PersonId},
    },
    people::{
        access::Actor,
        accounts,
        sign_in::{Attempt, sign_in},
    },
};
use opora_testkit::{World, inside};

/// Rows in the large tables.
const ROWS: u32 = 20_000;

/// Ids are scattered like real ones, or a planner would find that all curators stand at the beginning.
const SCATTER: u128 = 2_654_435_761;
const SPAN: u128 = 4_294_967_296;

/// What a test needs to know of the rows.
pub struct Seeded {
    pub administrator: Actor,
    pub curator: Actor,
    pub curator_person: PersonId,
    pub district: DistrictId,
    pub group: GroupId,
    pub citizen: PersonId,
    pub file: FileId,
    pub cookie: String,
    pub login: String,
    pub password: Secret,
}

/// One statement for both databases. `{id:x}` is an id made of the number x; `{ago:x}` a moment x minutes before $1; `{word:x}` a
/// word that few rows have; `n` counts the rows as `i`.
const STATEMENTS: [&str; 31] = [
    "INSERT INTO districts (id, name, name_key, created_at) SELECT {id:i}, 'Район ' || i, 'район ' || i, $1 FROM n WHERE i <= 20",
    "INSERT INTO special_groups (id, name, name_key, created_at) SELECT {id:i}, 'Группа ' || i, 'группа ' || i, $1 FROM n WHERE i <= 10",
    "INSERT INTO persons (id, surname, name, phone, name_key, created_at)
     SELECT {id:i}, {word:i}, {word:(i * 13)}, '+7913' || (1000000 + i), {word:i} || ' ' || {word:(i * 13)}, {ago:i} FROM n",
    "INSERT INTO curators (person_id, created_at) SELECT {id:i}, $1 FROM n WHERE i <= 20",
    "INSERT INTO citizens (person_id, curator_id, district_id, inn, situation, situation_key, inactive, inactive_until, created_by, created_at, name_key)
     SELECT {id:i}, {id:(i % 20 + 1)}, {id:(i % 20 + 1)}, CASE WHEN i % 2 = 0 THEN '5001' || (10000000 + i) END,
            'Диагноз ' || {word:(i * 7)}, 'диагноз ' || {word:(i * 7)}, {no}, CASE WHEN i % 500 = 0 THEN {date} END, 'administrator', {ago:i}, {word:i} || ' ' || {word:(i * 13)}
     FROM n WHERE i > 100 ORDER BY i",
    "{search}",
    "INSERT INTO citizen_groups (person_id, group_id) SELECT {id:i}, {id:(i % 10 + 1)} FROM n WHERE i > 100 AND i % 20 = 0",
    "INSERT INTO activation_codes (id, person_id, code, state, issued_at, valid_until, extensions)
     SELECT {id:i}, {id:i}, CASE WHEN i % 10 = 0 THEN CAST(9000000000 + i AS TEXT) END, CASE WHEN i % 10 = 0 THEN 'issued' ELSE 'used' END, $1, $1, 0 FROM n WHERE i > 100",
    "INSERT INTO links (id, person_id, messenger, account, chat, state, linked_at, changed_at)
     SELECT {id:i}, {id:i}, 'telegram', 'account-' || i, 'account-' || i, CASE WHEN i % 7 = 0 THEN 'unlinked' ELSE 'linked' END, $1, $1 FROM n WHERE i > 100 AND i % 10 <> 0",
    "INSERT INTO accounts (id, role, person_id, login, login_key, password_hash, password_is_temporary, created_at)
     SELECT {id:i}, 'curator', {id:i}, 'login' || i, 'login' || i, '!', {no}, $1 FROM n WHERE i <= 100",
    "INSERT INTO sessions (id, account_id, secret_hash, csrf, address, device, created_at, seen_at)
     SELECT {id:i}, {id:(i % 100 + 1)}, {bytes}, 'x', 'x', 'x', {ago:(i / 100)}, {ago:(i / 100)} FROM n",
    "INSERT INTO throttles (subject, failures, window_began, strikes) SELECT 'login:' || i, 1, {ago:(i / 10)}, 0 FROM n",
    "INSERT INTO audit (id, at, author, action, subject, subject_id, changes) SELECT {id:i}, {ago:i}, 'system', 'x', 'citizen', {id:(i % 5000 + 101)}, '{}' FROM n",
    "INSERT INTO series (id, person_id, kind, text, repetition, every, weekdays, start_date, local_time, advance_minutes, author, created_at, next_ordinal, next_date, next_due_at, last_date, ends_on, ends_on_version)
     SELECT {id:i}, {id:(i % 5000 + 101)}, CASE WHEN i % 50 = 0 THEN 'meeting' ELSE 'information' END, 'x', 'daily', 1, 0, {date}, {time}, 0, 'administrator', $1, 1, {date}, {ago:(5 - i)}, CASE WHEN i % 1000 = 0 THEN {date} ELSE {past} END, {date}, CASE WHEN i % 500 = 0 THEN 0 ELSE 1 END FROM n",
    "INSERT INTO exclusions (series_id, first_date, last_date) SELECT {id:i}, {date}, {date} FROM n WHERE i % 2 = 0",
    "INSERT INTO occurrences (id, series_id, ordinal, person_id, kind, local_date, local_time, due_at, text, state, summary_pending)
     SELECT {id:i}, {id:i}, 0, {id:(i % 5000 + 101)}, CASE WHEN i % 1000 = 0 THEN 'meeting' ELSE 'information' END, {date}, {time}, {ago:i}, 'x', CASE WHEN i % 20 = 0 THEN 'missed' ELSE 'done' END, {no} FROM n",
    "INSERT INTO outbox (id, channel, recipient, priority, payload, state, due_at, attempt, is_repeat, created_at, finished_at, fault)
     SELECT {id:i}, 'telegram', 'account-' || i, 1, {letter}, CASE WHEN i % 50 = 0 THEN 'failed' ELSE 'delivered' END, {ago:i}, 1, {no}, {ago:i}, {ago:i}, CASE WHEN i % 50 = 0 THEN 'refused' END FROM n",
    "INSERT INTO inbox (messenger, update_key, chat, payload, received_at, attempts, processed_at)
     SELECT 'telegram', 'u' || i, 'x', '{}', {ago:i}, 1, {ago:i} FROM n",
    "INSERT INTO files (id, person_id, messenger, chat, name, media_type, received_at, state, attempts)
     SELECT {id:i}, {id:(i % 5000 + 101)}, 'telegram', 'x', 'x', 'x', {ago:i}, 'stored', 1 FROM n",
    "INSERT INTO selections (session_id, person_id) SELECT {id:i}, {id:(i % 5000 + 101)} FROM n",
    "INSERT INTO exports (id, kind, state, in_background, locale, file_name, total, done, created_at)
     SELECT {id:i}, 'citizens', 'ready', {no}, 'ru', 'x', 1, 1, $1 FROM n WHERE i <= 100",
    "INSERT INTO export_rows (export_id, seq) SELECT {id:(i % 100 + 1)}, i FROM n",
    "INSERT INTO consent_texts (version, text, created_at) SELECT 'x', 'x', $1 FROM n WHERE i = 1",
    "INSERT INTO imports (id, file_name, ignored, state, existing, account_id, address, done_to, created_at, changed_at)
     SELECT {id:i}, 'x', '', 'done', 'skip', {id:1}, 'x', 0, $1, $1 FROM n WHERE i <= 100",
    "INSERT INTO import_rows (import_id, number, state, person_id) SELECT {id:(i % 100 + 1)}, i, 'created', {id:(i % 5000 + 101)} FROM n",
    "INSERT INTO known_places (account_id, kind, name, seen_at) SELECT {id:(i % 100 + 1)}, 'address', 'x' || i, {ago:i} FROM n",
    "INSERT INTO pending_sign_ins (id, account_id, secret_hash, created_at) SELECT {id:i}, {id:(i % 100 + 1)}, {bytes}, {ago:(i / 10000)} FROM n",
    "INSERT INTO recovery_codes (account_id, code_hash) SELECT {id:(i % 100 + 1)}, {hash:i} FROM n",
    "INSERT INTO consents (id, person_id, version, messenger, given_at) SELECT {id:i}, {id:(i % 5000 + 101)}, 'x', 'telegram', {ago:i} FROM n",
    "INSERT INTO contacts (id, person_id, initiator, created_at, result) SELECT {id:i}, {id:(i % 5000 + 101)}, 'citizen', {ago:i}, 'x' FROM n",
    "INSERT INTO activity (id, kind, person_id, cause, file_id, created_at, processed_at)
     SELECT {id:i}, 'file', {id:(i % 5000 + 101)}, 'file:' || i, {id:i}, {ago:i}, CASE WHEN i % 100 > 0 THEN {ago:i} END FROM n",
];

/// Fills the tables of a fresh world and lets the database count them.
pub async fn fill(world: &World) -> Seeded {
    for statement in STATEMENTS {
        run(world, statement).await;
    }
    count(&world.app.db).await;
    let first = accounts::ensure_administrator(&world.app).await.unwrap().expect("a fresh world has none");
    let (login, password) = (first.login, first.password);
    let attempt = Attempt {
        login: login.clone(),
        password: password.clone(),
        address: "192.0.2.1".into(),
        device: String::new(),
    };
    let cookie = inside(sign_in(&world.app, attempt).await.unwrap()).cookie;
    let curator_person = PersonId(number(5));
    let (account, address) = (AccountId(number(5)), String::new());
    Seeded {
        administrator: Actor::Administrator { account: AccountId(number(1)), address: String::new() },
        curator: Actor::Curator { account, curator: curator_person, address },
        curator_person,
        district: DistrictId(number(3)),
        group: GroupId(number(4)),
        citizen: PersonId(number(1104)),
        file: FileId(number(1104)),
        cookie: Secret::reveal(&cookie).to_owned(),
        login,
        password,
    }
}

/// The surname of person `i`.
pub fn word(i: u128) -> String {
    format!("{:x}", (i * SCATTER) % SPAN)
}

/// Occurrence `i`.
pub fn occurrence(i: u128) -> OccurrenceId {
    OccurrenceId(number(i))
}

fn number(i: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(((i * SCATTER) % SPAN) << 64 | i)
}

/// Lets the database count its rows; PostgreSQL also puts fresh entries into their place in the trigram indexes.
async fn count(db: &Db) {
    match db {
        Db::Sqlite { writer, .. } => sqlx::query("ANALYZE").execute(writer).await.map(drop),
        Db::Postgres(pool) => sqlx::query("VACUUM ANALYZE").execute(pool).await.map(drop),
    }
    .unwrap();
}

/// Takes away what SQLite knows of its rows: the writer plans without it from now on.
pub async fn forget_measures(world: &World) {
    let Db::Sqlite { writer, .. } = &world.app.db else { panic!("not SQLite") };
    for statement in ["DELETE FROM sqlite_stat1", "ANALYZE sqlite_schema"] {
        sqlx::query(statement).execute(writer).await.unwrap();
    }
}

async fn run(world: &World, statement: &str) {
    let mut tx = world.tx().await;
    let sql = dialect(statement, &tx);
    let now = world.app.clock.now();
    let outcome = match &mut tx {
        Tx::Sqlite(tx) => sqlx::query(sqlx::AssertSqlSafe(sql.clone())).bind(now).execute(&mut **tx).await.map(drop),
        Tx::Postgres(tx) => sqlx::query(sqlx::AssertSqlSafe(sql.clone())).bind(now).execute(&mut **tx).await.map(drop),
    };
    outcome.unwrap_or_else(|error| panic!("{error}: {sql}"));
    tx.commit().await.unwrap();
}

fn dialect(statement: &str, tx: &Tx) -> String {
    let is_sqlite = matches!(tx, Tx::Sqlite(_));
    let pick = |sqlite: &'static str, postgres: &'static str| if is_sqlite { sqlite } else { postgres };
    let search = pick(
        "INSERT INTO citizen_search (rowid, name, situation) SELECT c.seq, p.name_key, c.situation_key FROM citizens c JOIN persons p ON p.id = c.person_id",
        "INSERT INTO citizen_search (seq, name, situation) SELECT c.seq, p.name_key, c.situation_key FROM citizens c JOIN persons p ON p.id = c.person_id",
    );
    let mut sql = statement.replace("{search}", search);
    for (name, value) in [
        ("{no}", pick("0", "FALSE")),
        ("{bytes}", pick("x'00'", "'\\x00'::bytea")),
        ("{date}", pick("'2026-03-20'", "DATE '2026-03-20'")),
        ("{past}", pick("'2020-03-20'", "DATE '2020-03-20'")),
        ("{time}", pick("'09:00:00'", "TIME '09:00'")),
        (
            "{letter}",
            pick(r#"'{"letter":{"subject":"x","text":"x"}}'"#, r#"'{"letter":{"subject":"x","text":"x"}}'::jsonb"#),
        ),
        ("'{}'", pick("'{}'", "'{}'::jsonb")),
    ] {
        sql = sql.replace(name, value);
    }
    sql = expand(&sql, "{id:", |x| {
        if is_sqlite {
            format!("unhex(printf('%016x%016x', (({x}) * {SCATTER}) % {SPAN}, {x}))")
        } else {
            let high = format!("lpad(to_hex((({x})::bigint * {SCATTER}) % {SPAN}), 16, '0')");
            format!("({high} || lpad(to_hex({x}), 16, '0'))::uuid")
        }
    });
    sql = expand(&sql, "{ago:", |x| {
        if is_sqlite {
            format!("strftime('%Y-%m-%dT%H:%M:%S+00:00', $1, (0 - ({x})) || ' minutes')")
        } else {
            format!("$1 - ({x}) * INTERVAL '1 minute'")
        }
    });
    sql = expand(&sql, "{hash:", |x| {
        if is_sqlite { format!("CAST('c' || {x} AS BLOB)") } else { format!("convert_to('c' || {x}, 'UTF8')") }
    });
    sql = expand(&sql, "{word:", |x| {
        let hex = pick("printf('%x', {})", "to_hex({}::bigint)");
        hex.replace("{}", &format!("((({x}) * {SCATTER}) % {SPAN})"))
    });
    // Every text uses $1, so that PostgreSQL knows its type.
    let used = pick(", moment(x) AS (SELECT $1)", ", moment(x) AS (SELECT $1::timestamptz)");
    let rows = format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}){used}");
    match sql.split_once("SELECT") {
        Some((insert, select)) => {
            format!("{insert} {rows} SELECT{}", select.replace("$1", pick("$1", "$1::timestamptz")))
        }
        None => sql,
    }
}

fn expand(sql: &str, mark: &str, text: impl Fn(&str) -> String) -> String {
    let mut parts = sql.split(mark);
    let mut expanded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (inner, rest) = part.split_once('}').expect("a mark is closed");
        expanded.push_str(&text(inner));
        expanded.push_str(rest);
    }
    expanded
}
