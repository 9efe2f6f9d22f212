//! A service outside that waits for signs of life.

use axum::{Router, extract::State, http::Uri};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::PATIENCE;

/// Counts the signs of life that come to its address; gone when dropped.
pub struct FakeWatch {
    url: String,
    beats: watch::Sender<usize>,
    server: JoinHandle<()>,
}

impl FakeWatch {
    /// What stands in the address and nowhere else.
    pub const SECRET: &str = "4f1c-secret-of-the-watch";

    /// Starts it on a port of its own.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("a bound socket has an address");
        let beats = watch::Sender::new(0);
        let router = Router::new().fallback(count).with_state(beats.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("it can be served") });
        Self { url: format!("http://{address}/ping/{}", Self::SECRET), beats, server }
    }

    /// The address to ask for.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How many signs came so far.
    pub fn beats(&self) -> usize {
        *self.beats.borrow()
    }

    /// Waits until there are more than so many.
    pub async fn hears_more_than(&self, number: usize) {
        let mut beats = self.beats.subscribe();
        let more = beats.wait_for(|beats| *beats > number);
        let came = tokio::time::timeout(PATIENCE, more).await;
        assert!(came.is_ok(), "no sign of life came after the {number}th");
    }
}

async fn count(State(beats): State<watch::Sender<usize>>, uri: Uri) {
    if uri.path().ends_with(FakeWatch::SECRET) {
        beats.send_modify(|beats| *beats += 1);
    }
}

impl Drop for FakeWatch {
    fn drop(&mut self) {
        self.server.abort();
    }
}
