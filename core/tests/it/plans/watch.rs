//! Listening to what is said to the databases: sqlx tells its statements, and PostgreSQL's notices, as tracing events.

use std::{
    collections::BTreeMap,
    fmt::Debug,
    future::Future,
    sync::{Mutex, OnceLock},
};

use tracing::{Event, Instrument, Subscriber, field::Field};
use tracing_subscriber::{Layer, Registry, layer::Context, layer::SubscriberExt, registry::LookupSpan};

/// Lines by the name of the span they were heard in.
static HEARD: Mutex<BTreeMap<&'static str, Vec<String>>> = Mutex::new(BTreeMap::new());

/// Runs `work` and returns the statements (`query: …`) and notices (`notice: …`) that it caused. Other tests may run beside:
/// only what happens inside the span counts.
pub async fn listen(name: &'static str, work: impl Future<Output = ()>) -> Vec<String> {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        tracing::subscriber::set_global_default(Registry::default().with(Listener)).expect("only this test listens");
    });
    let span = match name {
        "plans_sqlite" => tracing::info_span!("plans_sqlite"),
        "plans_postgres" => tracing::info_span!("plans_postgres"),
        "plans_thousands_sqlite" => tracing::info_span!("plans_thousands_sqlite"),
        _ => tracing::info_span!("plans_thousands_postgres"),
    };
    work.instrument(span).await;
    HEARD.lock().unwrap().remove(name).unwrap_or_default()
}

/// The address of a PostgreSQL database whose connections tell the plan of everything they did.
pub fn telling_plans(url: &str) -> String {
    // The tables here stand for some that are a hundred times larger: reading one as a whole is as dear as it would be there.
    const OPTIONS: [&str; 5] = [
        "seq_page_cost=100",
        "session_preload_libraries=auto_explain",
        "auto_explain.log_min_duration=0",
        "auto_explain.log_level=notice",
        "auto_explain.log_format=json",
    ];
    let options: Vec<String> = OPTIONS.iter().map(|option| format!("-c%20{}", option.replace('=', "%3D"))).collect();
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}options={}", options.join("%20"))
}

struct Listener;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let kind = match event.metadata().target() {
            "sqlx::query" => "query",
            "sqlx::postgres::notice" => "notice",
            _ => return,
        };
        let Some(scope) = context.event_scope(event) else { return };
        let Some(span) = scope.into_iter().find(|span| span.name().starts_with("plans_")) else { return };
        let mut line = Line::default();
        event.record(&mut line);
        let text = if line.statement.trim().is_empty() { line.summary } else { line.statement };
        HEARD.lock().unwrap().entry(span.name()).or_default().push(format!("{kind}: {}", text.trim()));
    }
}

#[derive(Default)]
struct Line {
    summary: String,
    statement: String,
}

impl tracing::field::Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "db.statement" => value.clone_into(&mut self.statement),
            "summary" | "message" => value.clone_into(&mut self.summary),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" && self.summary.is_empty() {
            self.summary = format!("{value:?}");
        }
    }
}
