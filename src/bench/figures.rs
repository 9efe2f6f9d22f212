//! Figures of a measurement: quantiles and the printed table.

use std::time::Duration;

use crate::console;

/// Measured times, sorted.
pub struct Figures(Vec<Duration>);

impl Figures {
    /// Sorts what was measured.
    pub fn of(mut measured: Vec<Duration>) -> Self {
        measured.sort_unstable();
        Self(measured)
    }

    /// The time that `per_mille` of a thousand do not exceed; zero when nothing was measured.
    pub fn quantile(&self, per_mille: usize) -> Duration {
        let last = self.0.len().saturating_sub(1);
        self.0.get(last * per_mille / 1000).copied().unwrap_or_default()
    }

    /// «p50 …, p99 …, max …» in milliseconds.
    pub fn text(&self) -> String {
        let ms = |per_mille| self.quantile(per_mille).as_secs_f64() * 1000.0;
        format!("p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms", ms(500), ms(990), ms(1000))
    }
}

/// One line of the table.
pub fn line(what: &str, value: impl std::fmt::Display) {
    console::line(format_args!("{what:<44} {value}"));
}

/// The memory in use by a process, in megabytes; `None` where the system does not tell.
pub fn memory_of(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}

/// The most memory this process has had in use, in megabytes.
pub fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}

/// Lets [`peak_memory`] begin anew, so that filling the tables does not count; where the system does not know how, it counts.
pub fn forget_peak() {
    drop(std::fs::write("/proc/self/clear_refs", "5"));
}

/// The time that the threads of this process have worked, without those of that name; `None` where the system does not tell.
pub fn work_without(name: &str) -> Option<Duration> {
    let mut worked = Duration::ZERO;
    for task in std::fs::read_dir("/proc/self/task").ok()?.flatten() {
        let read = |file: &str| std::fs::read_to_string(task.path().join(file));
        // A thread may end while it is looked at.
        let (Ok(thread), Ok(times)) = (read("comm"), read("schedstat")) else { continue };
        if thread.trim() != name {
            worked += Duration::from_nanos(times.split(' ').next()?.parse().ok()?);
        }
    }
    Some(worked)
}

/// How much the processor has done since the machine began, in ticks of the system.
#[derive(Debug, Clone, Copy)]
pub struct Processor {
    all: u64,
    /// What a virtual machine wanted and did not get.
    taken: u64,
}

impl Processor {
    /// As it stands; `None` where the system does not tell.
    pub fn now() -> Option<Self> {
        let stat = std::fs::read_to_string("/proc/stat").ok()?;
        // user, nice, system, idle, iowait, irq, softirq, steal; what guests of ours use is in user.
        let ticks: Vec<u64> = stat.lines().next()?.split_whitespace().skip(1).flat_map(str::parse).take(8).collect();
        Some(Self { all: ticks.iter().sum(), taken: *ticks.get(7)? })
    }

    /// How many per cent of its time went to other guests of the same host: what was measured meanwhile is worth as much less.
    pub fn taken_since(self) -> Option<f64> {
        let now = Self::now()?;
        let since = |now: u64, then: u64| u32::try_from(now.checked_sub(then)?).map(f64::from).ok();
        let all = since(now.all, self.all).filter(|ticks| *ticks > 0.0)?;
        Some(100.0 * since(now.taken, self.taken)? / all)
    }
}
