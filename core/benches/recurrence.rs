//! What a rule costs: the next occurrence after a known one (≤ 5 µs), and five years of a daily rule (< 1 ms).

#![expect(missing_docs, reason = "the groups are made by a macro")]

use std::hint::black_box;

use chrono::{Days, NaiveDate, Weekday};
use criterion::{Criterion, criterion_group, criterion_main};
use opora_core::schedule::recurrence::{End, LATEST_END, Recurrence, Repetition, Weekdays};

fn start() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 31).expect("a date of the calendar")
}

fn rules() -> [(&'static str, Repetition); 3] {
    let weekdays: Weekdays = [Weekday::Mon, Weekday::Thu].into_iter().collect();
    [
        ("daily", Repetition::Daily { every: 1 }),
        ("weekly", Repetition::Weekly { every: 2, weekdays }),
        ("monthly", Repetition::monthly(1, start())),
    ]
}

fn next_occurrence(criterion: &mut Criterion) {
    let far = start() + Days::new(25_000);
    for (name, repetition) in rules() {
        let rule = Recurrence { start: start(), repetition, end: End::On(LATEST_END) };
        criterion.bench_function(&format!("next {name} occurrence after 68 years"), |bench| {
            bench.iter(|| black_box(&rule).first_on_or_after(black_box(far)));
        });
        let (ordinal, _) = rule.first_on_or_after(far).expect("the rule goes on to 2099");
        criterion.bench_function(&format!("{name} occurrence after a known one"), |bench| {
            bench.iter(|| black_box(&rule).after(black_box(ordinal)));
        });
    }
}

fn ranges(criterion: &mut Criterion) {
    let rule = Recurrence { start: start(), repetition: Repetition::Daily { every: 1 }, end: End::On(LATEST_END) };
    criterion.bench_function("five years of a daily rule", |bench| {
        bench.iter(|| black_box(&rule).between(start(), start() + Days::new(5 * 365)));
    });
    let far = start() + Days::new(25_000);
    criterion.bench_function("a month of a daily rule after 68 years", |bench| {
        bench.iter(|| black_box(&rule).between(far, far + Days::new(30)));
    });
}

criterion_group!(benches, next_occurrence, ranges);
criterion_main!(benches);
