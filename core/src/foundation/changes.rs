//! Whether anybody has changed anything since a moment. On the embedded database one piece of work writes at a time, nearly always of
//! this process, so it can know. What was read beforehand, beside the writers, may then be relied on by work that writes: it need not
//! read it again while all others wait.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering::SeqCst},
};

/// Counts pieces of work that may change things.
#[derive(Debug)]
pub struct Changes {
    open: AtomicU64,
    done: AtomicU64,
    /// SQLite's number of what other programs have written, when it was looked at last.
    elsewhere: AtomicI64,
}

/// A moment at which nothing was being changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(u64);

/// Work that may change things; over when it is dropped, which must not be before its changes can be seen.
#[derive(Debug)]
pub struct Changing(Arc<Changes>);

impl Changes {
    /// Nothing has been changed since other programs have written so much (SQLite's `data_version`).
    pub fn since(elsewhere: i64) -> Self {
        Self { open: AtomicU64::new(0), done: AtomicU64::new(0), elsewhere: AtomicI64::new(elsewhere) }
    }

    /// Such work begins. Nobody else's may be going on: it holds the lock of the database.
    pub fn begin(self: &Arc<Self>) -> Changing {
        self.open.fetch_add(1, SeqCst);
        Changing(Arc::clone(self))
    }

    /// This moment, unless something is being changed just now. What is read after it holds as long as nothing has changed.
    pub fn mark(&self) -> Option<Mark> {
        // In this order: work that begins in between is counted as done only after the mark.
        let is_calm = self.open.load(SeqCst) == 0;
        let done = self.done.load(SeqCst);
        is_calm.then_some(Mark(done))
    }

    /// Whether nothing has changed since the mark; asked by work that may change things itself and has not begun to.
    fn none_since(&self, mark: Mark, elsewhere: i64) -> bool {
        let is_ours_alone = self.elsewhere.swap(elsewhere, SeqCst) == elsewhere;
        // Work that has given its lock back but is not over yet counts as going on.
        is_ours_alone && self.open.load(SeqCst) == 1 && self.done.load(SeqCst) == mark.0
    }
}

impl Changing {
    /// Whether nobody else has changed anything since the mark, where other programs have written so much by now.
    pub fn is_first_since(&self, mark: Mark, elsewhere: i64) -> bool {
        self.0.none_since(mark, elsewhere)
    }
}

impl Drop for Changing {
    fn drop(&mut self) {
        self.0.done.fetch_add(1, SeqCst);
        self.0.open.fetch_sub(1, SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_holds_until_somebody_else_changes_something() {
        let changes = Arc::new(Changes::since(2));
        let mark = changes.mark().expect("nobody changes anything");
        let first = changes.begin();
        assert!(first.is_first_since(mark, 2));
        assert_eq!(changes.mark(), None, "something is being changed");
        drop(first);
        let second = changes.begin();
        assert!(!second.is_first_since(mark, 2), "the first may have changed it");
    }

    #[test]
    fn what_another_program_has_written_counts_once() {
        let changes = Arc::new(Changes::since(2));
        let mark = changes.mark().expect("nobody changes anything");
        let work = changes.begin();
        assert!(!work.is_first_since(mark, 3));
        assert!(work.is_first_since(mark, 3));
    }

    #[test]
    fn work_that_is_not_quite_over_counts() {
        let changes = Arc::new(Changes::since(2));
        let mark = changes.mark().expect("nobody changes anything");
        // It has given its lock back already, but nobody has told yet that it is over.
        let _lingering = changes.begin();
        assert!(!changes.begin().is_first_since(mark, 2));
    }
}
