//! Plausible names from small lists.

use crate::people::name::FullName;

const MEN: [&str; 16] = [
    "Александр",
    "Алексей",
    "Андрей",
    "Антон",
    "Василий",
    "Виктор",
    "Григорий",
    "Дмитрий",
    "Иван",
    "Игорь",
    "Михаил",
    "Николай",
    "Олег",
    "Павел",
    "Сергей",
    "Юрий",
];
const WOMEN: [&str; 16] = [
    "Александра",
    "Анна",
    "Валентина",
    "Вера",
    "Галина",
    "Елена",
    "Зинаида",
    "Ирина",
    "Людмила",
    "Мария",
    "Надежда",
    "Наталья",
    "Нина",
    "Ольга",
    "Светлана",
    "Татьяна",
];
/// «Иванов», to which women add «а».
const SURNAMES: [&str; 40] = [
    "Иванов",
    "Смирнов",
    "Кузнецов",
    "Попов",
    "Васильев",
    "Петров",
    "Соколов",
    "Михайлов",
    "Новиков",
    "Федоров",
    "Морозов",
    "Волков",
    "Алексеев",
    "Лебедев",
    "Семёнов",
    "Егоров",
    "Павлов",
    "Козлов",
    "Степанов",
    "Николаев",
    "Орлов",
    "Андреев",
    "Макаров",
    "Никитин",
    "Захаров",
    "Зайцев",
    "Соловьёв",
    "Борисов",
    "Яковлев",
    "Григорьев",
    "Романов",
    "Воробьёв",
    "Сергеев",
    "Кузьмин",
    "Фролов",
    "Королёв",
    "Гусев",
    "Киселёв",
    "Ильин",
    "Максимов",
];
/// «Иван»: men add «ович», women «овна».
const FATHERS: [&str; 12] = [
    "Александр",
    "Антон",
    "Борис",
    "Виктор",
    "Владимир",
    "Иван",
    "Леонид",
    "Михайл",
    "Павл",
    "Петр",
    "Степан",
    "Фёдор",
];

/// The name with this number; the lists are walked at different paces, so that thousands differ.
pub fn full_name(number: usize) -> FullName {
    let is_woman = number.is_multiple_of(2);
    let half = number / 2;
    let pick = |list: &[&'static str], at: usize| list.get(at % list.len()).copied().unwrap_or_default();
    let surname = pick(&SURNAMES, half);
    let name = pick(if is_woman { &WOMEN } else { &MEN }, half / SURNAMES.len() + half);
    let father = pick(&FATHERS, half / (SURNAMES.len() * WOMEN.len()) + half / SURNAMES.len());
    FullName {
        surname: format!("{surname}{}", if is_woman { "а" } else { "" }),
        name: Some(name.to_owned()),
        patronymic: Some(format!("{father}{}", if is_woman { "овна" } else { "ович" })),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_read_well_and_thousands_differ() {
        assert_eq!(full_name(0).full(), "Иванова Александра Александровна");
        assert_eq!(full_name(1).full(), "Иванов Александр Александрович");
        let different: BTreeSet<String> = (0..5000).map(|number| full_name(number).full()).collect();
        assert!(different.len() > 4000, "{}", different.len());
    }
}
