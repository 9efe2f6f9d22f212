//! A clock that tests turn from outside: a file holds by how many seconds it is ahead. Only in builds with debug assertions.

use std::{future::Future, path::PathBuf, pin::Pin, time::Duration};

use chrono::TimeDelta;
use opora_core::foundation::clock::{Clock, SystemClock, Timestamp, sleep_by, to_micros};

/// How often a sleeper looks whether the clock was turned.
const LOOK: Duration = Duration::from_millis(20);

/// The system's clock plus what the file says.
#[derive(Debug)]
pub struct TestClock {
    file: PathBuf,
}

impl TestClock {
    /// A clock turned by the number of seconds in `file`; nothing there means not turned.
    pub fn turned_by(file: PathBuf) -> Self {
        Self { file }
    }

    fn offset(&self) -> TimeDelta {
        let text = std::fs::read_to_string(&self.file).unwrap_or_default();
        text.trim().parse().map_or(TimeDelta::zero(), TimeDelta::seconds)
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        to_micros(SystemClock.now() + self.offset())
    }

    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(sleep_by(|| self.now(), at, LOOK))
    }
}
