//! Five days in a row.

use chrono::NaiveDate;

/// Days in a row that make a record (PT-D44).
pub(super) const ROW: u32 = 5;

/// The first dates of the rows of five among `dates`, which are sorted: the earliest first, none overlapping.
pub(super) fn fives(dates: impl IntoIterator<Item = NaiveDate>) -> Vec<NaiveDate> {
    let mut found = Vec::new();
    let mut row: Option<(NaiveDate, NaiveDate, u32)> = None;
    for date in dates {
        row = match row {
            Some((_, last, _)) if last == date => continue,
            Some((first, last, length)) if last.succ_opt() == Some(date) => Some((first, date, length + 1)),
            _ => Some((date, date, 1)),
        };
        if let Some((first, _, ROW)) = row {
            found.push(first);
            row = None;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn firsts(days: &[u32]) -> Vec<u32> {
        let date = |day: &u32| NaiveDate::from_ymd_opt(2026, 3, *day).unwrap();
        fives(days.iter().map(date)).into_iter().map(|date| chrono::Datelike::day(&date)).collect()
    }

    /// PT-212, PT-D44: 5 days give one record, 9 one, 10 two.
    #[test]
    fn rows_of_five_do_not_overlap() {
        assert!(firsts(&[1, 2, 3, 4]).is_empty());
        assert_eq!(firsts(&[1, 2, 3, 4, 5]), [1]);
        assert_eq!(firsts(&[1, 2, 3, 4, 5, 6, 7, 8, 9]), [1]);
        assert_eq!(firsts(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), [1, 6]);
    }

    /// PT-213
    #[test]
    fn a_day_without_a_miss_breaks_the_row() {
        assert!(firsts(&[1, 2, 3, 4, 6, 7]).is_empty());
        assert_eq!(firsts(&[1, 2, 4, 5, 6, 7, 8]), [4]);
    }
}
