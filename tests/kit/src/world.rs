//! An installation of its own for one test: a fresh database, a clock that stands still, chance that repeats itself.

use std::{future::Future, sync::Arc};

use opora_core::{
    App, Wake, Work,
    foundation::{
        chance,
        config::Config,
        db::{Db, Tx},
        secrets::Sealer,
    },
    messaging::letters::ByMail,
    people::{access::Actor, password::Hasher},
    settings::{self, SettingsForm},
    words::Words,
};
use tempfile::TempDir;

use crate::{Backend, FakeClock, SeededChance, TestDatabase};

/// When every test begins, unless it turns the clock: a Tuesday, 09:00 in Moscow.
pub const BEGINNING: &str = "2026-03-10T06:00:00Z";

/// So many looks in a row that find the database at rest let every task come to its end that was awake.
const QUIET_LOOKS: u32 = 64;

/// An installation without people.
pub struct World {
    /// What adapters and use cases work with.
    pub app: App,
    /// The clock of [`World::app`].
    pub clock: Arc<FakeClock>,
    /// The database of [`World::app`].
    pub database: Arc<TestDatabase>,
    /// The folder of uploads and the key; goes away with the world.
    pub folder: Arc<TempDir>,
}

/// Runs a story in a fresh world; see [`on_both_databases!`](crate::on_both_databases).
pub fn run<F: Future<Output = ()>>(backend: Backend, story: impl FnOnce(World) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
    runtime.block_on(async { story(World::on(backend).await).await });
}

impl World {
    /// Makes a world on this kind of database.
    pub async fn on(backend: Backend) -> Self {
        let database = TestDatabase::migrated(backend).await;
        let db = Db::connect(database.url()).await.expect("the fresh database opens");
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
        let clock = FakeClock::at(BEGINNING);
        let chance = SeededChance::new(1);
        let app = App {
            db,
            clock: clock.clone(),
            sealer: Sealer::with_key(chance::bytes(&chance)),
            hasher: Hasher::cheap(),
            chance: Arc::new(chance),
            words: Arc::new(Words::load(&config).expect("the default configuration has its words")),
            config: Arc::new(config),
            herald: Arc::new(ByMail),
            wake: Arc::new(Wake::default()),
            known_curators: Arc::default(),
        };
        Self { app, clock, database: Arc::new(database), folder: Arc::new(folder) }
    }

    /// Changes the operator's decisions; later work sees them.
    pub fn configure(&mut self, change: impl FnOnce(&mut Config)) {
        let mut config = Config::clone(&self.app.config);
        change(&mut config);
        self.app.words = Arc::new(Words::load(&config).expect("the changed configuration has its words"));
        self.app.config = Arc::new(config);
    }

    /// Fills in the mail sender, so that letters are written, with copies to `admin_email`. Nothing is sent by itself.
    pub async fn mail_is_set(&self, admin_email: &str) {
        let mut work = self.begin(Actor::System).await;
        let version = settings::get(&mut work).await.expect("there are settings").version.to_string();
        let form = SettingsForm {
            admin_email: admin_email.to_owned(),
            smtp_host: "mail.test".to_owned(),
            smtp_port: "465".to_owned(),
            smtp_sender: "opora@mail.test".to_owned(),
            smtp_password: "secret".to_owned(),
            smtp_sender_name: "Opora".to_owned(),
            version,
        };
        settings::save(&mut work, form).await.expect("the settings are right");
        work.commit().await.expect("they stay");
    }

    /// Which kind of database this world lives on.
    pub fn backend(&self) -> Backend {
        if self.app.db.is_embedded() { Backend::Sqlite } else { Backend::Postgres }
    }

    /// Opens work that may change things.
    pub async fn begin(&self, actor: Actor) -> Work {
        self.app.begin(actor).await.expect("work can begin")
    }

    /// Opens work that only looks.
    pub async fn look(&self, actor: Actor) -> Work {
        self.app.look(actor).await.expect("a look is possible")
    }

    /// Opens a bare transaction, for arranging what no use case makes.
    pub async fn tx(&self) -> Tx {
        self.app.db.begin().await.expect("a transaction can begin")
    }

    /// Lets time pass until `what` is over: whenever nobody has anything left to do, the clock goes on to the next alarm. So the
    /// same happens at the same moments, however slow the machine is.
    pub async fn time_passes_until<T>(&self, what: impl Future<Output = T>) -> T {
        let passing = async {
            loop {
                self.all_is_quiet().await;
                self.clock.goes_on();
            }
        };
        tokio::select! {
            done = what => done,
            () = passing => unreachable!("it passes for ever"),
        }
    }

    /// Waits until every task waits for another one, for the clock or for the outside.
    async fn all_is_quiet(&self) {
        let mut looks = 0;
        while looks < QUIET_LOOKS {
            tokio::task::yield_now().await;
            looks = if self.database_works() { 0 } else { looks + 1 };
        }
    }

    fn database_works(&self) -> bool {
        let in_use = |size: u32, idle: usize| usize::try_from(size).is_ok_and(|size| size > idle);
        match &self.app.db {
            Db::Sqlite { writer, reader, scout, .. } => {
                [writer, reader, scout].into_iter().any(|pool| in_use(pool.size(), pool.num_idle()))
            }
            Db::Postgres(pool) => in_use(pool.size(), pool.num_idle()),
        }
    }

    /// How many rows `table` holds, or those of them that meet a condition: `count("outbox WHERE state = 'queued'")`.
    pub async fn count(&self, table: &str) -> i64 {
        let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let mut tx = self.app.db.read().await.expect("a look is possible");
        let counted = match &mut tx {
            Tx::Sqlite(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await,
            Tx::Postgres(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await,
        };
        counted.unwrap_or_else(|error| panic!("counting {table}: {error}"))
    }
}
