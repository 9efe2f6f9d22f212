//! Terms, labels and formats.

use chrono::{NaiveDate, NaiveTime, Weekday};
use fluent_syntax::{
    ast::{Entry, Resource},
    parser,
};

use super::{LOCALES, LocaleFiles, Words, format, terms, terms::TermSet};
use crate::foundation::{
    config::{Config, Misconfiguration},
    errors::{Arg, Say},
};

mod rendering;

const CITIZENS: [&str; 4] = ["user", "resident", "patient", "client"];
const CURATORS: [&str; 4] = ["social_curator_short", "social_curator", "social_coordinator", "doctor"];

fn words(citizen: &str, curator: &str) -> Words {
    let mut config = Config::default();
    config.terms.citizen = citizen.to_owned();
    config.terms.curator = curator.to_owned();
    Words::load(&config).expect("the presets are complete")
}

/// Says `text`, written in Fluent, with the words of a pair of presets.
fn say(citizen: &str, curator: &str, locale: &str, text: &str) -> String {
    let mut words = words(citizen, curator);
    let dictionary = words.dictionaries.get_mut(locale).expect("both locales are there");
    // Fluent wants every variant on a line of its own; «|» stands for the break.
    let text = text.replace('|', "\n    ");
    dictionary.overlay(&format!("sample = {text}\n")).expect("the sample is Fluent");
    dictionary.t("sample").to_string()
}

fn refusal(change: impl FnOnce(&mut Config)) -> Vec<Misconfiguration> {
    let mut config = Config::default();
    change(&mut config);
    Words::load(&config).err().expect("the configuration is wrong")
}

/// PT-002, PT-003, PT-004: every label of the specification's table, for every pair of presets.
#[test]
fn labels_take_the_right_form_of_every_preset_pair() {
    // nom. pl., acc. sg., gen. sg., nom. sg., gen. pl., acc. pl.
    let citizens = [
        ("user", ["Пользователи", "пользователя", "пользователя", "пользователь", "пользователей", "пользователей"]),
        ("resident", ["Граждане", "гражданина", "гражданина", "гражданин", "граждан", "граждан"]),
        ("patient", ["Пациенты", "пациента", "пациента", "пациент", "пациентов", "пациентов"]),
        ("client", ["Клиенты", "клиента", "клиента", "клиент", "клиентов", "клиентов"]),
    ];
    // nom. pl., gen. and acc. sg., dat. sg., ins. sg. with its preposition
    let curators = [
        ("social_curator_short", ["Соц. кураторы", "соц. куратора", "соц. куратору", "с соц. куратором"]),
        (
            "social_curator",
            ["Социальные кураторы", "социального куратора", "социальному куратору", "с социальным куратором"],
        ),
        (
            "social_coordinator",
            [
                "Социальные координаторы",
                "социального координатора",
                "социальному координатору",
                "с социальным координатором",
            ],
        ),
        ("doctor", ["Врачи", "врача", "врачу", "с врачом"]),
    ];
    for (citizen, [pl, acc, gen_, nom, gen_pl, acc_pl]) in citizens {
        for (curator, [curators_, curator_gen, curator_dat, with_curator]) in curators {
            let words = words(citizen, curator);
            let ru = words.in_locale("ru");
            let kinds = [
                ("label-menu-citizens", pl.to_owned()),
                ("label-tab-data", format!("Данные {gen_}")),
                ("label-tab-files", format!("Файлы {gen_}")),
                ("label-menu-curators", curators_.to_owned()),
                ("label-kind-curator-reminder", format!("Напоминание для {curator_gen}")),
                ("label-kind-meeting", format!("Дата встречи {with_curator}")),
                ("label-menu-meetings", format!("Дата встречи {with_curator}")),
                ("label-bot-meeting", format!("Дата встречи {with_curator}")),
            ];
            for (key, expected) in kinds {
                assert_eq!(ru.t(key).to_string(), expected, "{key} of {citizen} and {curator}");
            }
            let built = [
                ("Добавить { -citizen(case: \"acc\") }", format!("Добавить {acc}")),
                ("ФИО { -citizen(case: \"gen\") }", format!("ФИО {gen_}")),
                (
                    "Неактивн{ -citizen.gender ->|[feminine] ая|*[masculine] ый|} { -citizen }",
                    format!("Неактивный {nom}"),
                ),
                ("Перевод { -citizen(case: \"gen\", number: \"pl\") }", format!("Перевод {gen_pl}")),
                (
                    "Перевести выбранных { -citizen(case: \"acc\", number: \"pl\") } { -curator.gender ->|[feminine] другой|*[masculine] другому|} { -curator(case: \"dat\") }",
                    format!("Перевести выбранных {acc_pl} другому {curator_dat}"),
                ),
                ("Добавить { -curator(case: \"acc\") }", format!("Добавить {curator_gen}")),
                ("ФИО { -curator(case: \"gen\") }", format!("ФИО {curator_gen}")),
                ("связь { -curator(case: \"ins-prep\") }", format!("связь {with_curator}")),
            ];
            for (text, expected) in built {
                assert_eq!(say(citizen, curator, "ru", text), expected, "{text} of {citizen} and {curator}");
            }
        }
    }
}

#[test]
fn counted_people_take_their_plural_form() {
    let words = words("resident", "social_curator");
    let (ru, en) = (words.in_locale("ru"), words.in_locale("en"));
    let counted = |count: i64| ru.t("n-citizens").n("count", count).to_string();
    assert_eq!(
        [1, 2, 5, 11, 21, 22, 25, 101].map(counted),
        [
            "1 гражданин",
            "2 гражданина",
            "5 граждан",
            "11 граждан",
            "21 гражданин",
            "22 гражданина",
            "25 граждан",
            "101 гражданин"
        ]
    );
    let counted = |count: i64| ru.t("n-curators").n("count", count).to_string();
    assert_eq!([1, 3, 7].map(counted), ["1 социальный куратор", "3 социальных куратора", "7 социальных кураторов"]);
    let counted = |count: i64| en.t("n-citizens").n("count", count).to_string();
    assert_eq!([1, 2].map(counted), ["1 resident", "2 residents"]);
}

#[test]
fn terms_bend_in_english_too() {
    let bend = |text: &str| say("client", "social_coordinator", "en", text);
    assert_eq!(bend("{ -Curator(case: \"indef\") }"), "A social coordinator");
    assert_eq!(bend("{ -Citizen(case: \"poss\") } files"), "Client's files");
    assert_eq!(bend("the { -citizen(case: \"poss\", number: \"pl\") } lists"), "the clients' lists");
    assert_eq!(bend("{ -Curator(case: \"short\", number: \"pl\") }"), "Coordinators");
    assert_eq!(bend("{ -curator(case: \"gen\") }"), "social coordinator", "a Russian case means the plain form");
}

/// PT-004.
#[test]
fn a_custom_set_may_need_other_prepositions_and_another_gender() {
    let (folder, path) = custom_set(|text| {
        text.replace("с социальным координатором", "со специалисткой")
            .replace("социальным координатором", "специалисткой")
            .replace("masculine", "feminine")
    });
    let with = "{ -curator.gender ->|[feminine] другой|*[masculine] другому|}, { -curator(case: \"ins-prep\") }";
    assert_eq!(say("user", &path, "ru", with), "другой, со специалисткой");
    drop(folder);
}

/// PT-004.
#[test]
fn a_set_with_a_missing_form_is_refused_by_the_name_of_the_form() {
    let (_folder, path) = custom_set(|text| {
        let kept = text.lines().filter(|line| !line.starts_with("dat = \"социальным координаторам\""));
        kept.collect::<Vec<_>>().join("\n").replace("loc-prep = \"о социальном координаторе\"", "loc-prep = \"\"")
    });
    let complaints = refusal(|config| config.terms.curator = path.clone());
    let mends: Vec<&str> = complaints.iter().map(|complaint| complaint.mend.as_str()).collect();
    assert_eq!(
        mends,
        [
            format!("the term set {path}: the form ru.sg.loc-prep is missing"),
            format!("the term set {path}: the form ru.pl.dat is missing")
        ]
    );
    assert!(complaints.iter().all(|complaint| complaint.setting == "terms.curator"));
}

#[test]
fn a_misspelt_form_and_a_wrong_preposition_are_refused() {
    let (_folder, path) = custom_set(|text| {
        text.replace("[en.pl]", "[en.pl]\nposs-prep = \"of coordinators\"").replace("\"о социальном", "\"осоциальном")
    });
    let complaints = refusal(|config| config.terms.curator = path);
    let mends: String = complaints.into_iter().map(|complaint| complaint.mend + "\n").collect();
    assert!(mends.contains("there is no form en.pl.poss-prep"), "{mends}");
    assert!(mends.contains("ru.sg.loc-prep must be a preposition and the form ru.sg.loc"), "{mends}");
}

#[test]
fn an_unknown_set_is_refused_with_the_names_of_the_known_ones() {
    let complaints = refusal(|config| config.terms.citizen = "pupil".to_owned());
    assert_eq!(complaints[0].setting, "terms.citizen");
    for name in CITIZENS.iter().chain(&CURATORS) {
        assert!(complaints[0].mend.contains(name), "{} names {name}", complaints[0].mend);
    }
    let complaints = refusal(|config| config.terms.citizen = "/nowhere/set.toml".to_owned());
    assert!(complaints[0].mend.contains("/nowhere/set.toml cannot be read"), "{}", complaints[0].mend);
}

#[test]
fn a_set_cannot_smuggle_syntax_into_the_texts() {
    let (_folder, path) =
        custom_set(|text| text.replace("врач", "").replace("nom = \"social coordinator\"", "nom = '{ \"x\\ }'"));
    assert_eq!(say("user", &path, "en", "{ -curator }"), "{ \"x\\ }");
}

/// PT-005.
#[test]
fn renamed_functions_carry_their_new_name_everywhere() {
    let mut config = Config::default();
    config.labels.insert("label-kind-support-measures".to_owned(), "Льготы".to_owned());
    config.labels.insert("label-menu-activity".to_owned(), "Лента { событий }".to_owned());
    let words = Words::load(&config).expect("both labels exist");
    assert_eq!(words.in_locale("ru").t("label-kind-support-measures").to_string(), "Льготы");
    assert_eq!(words.in_locale("ru").t("label-bot-support-measures").to_string(), "Льготы");
    assert_eq!(words.in_locale("en").t("label-kind-support-measures").to_string(), "Льготы");
    assert_eq!(words.in_locale("ru").t("label-menu-activity").to_string(), "Лента { событий }");
}

/// PT-005.
#[test]
fn labels_that_do_not_exist_or_say_nothing_are_refused() {
    let complaints = refusal(|config| {
        config.labels.insert("label-kind-support".to_owned(), "Льготы".to_owned());
        config.labels.insert("date-long".to_owned(), "сегодня".to_owned());
        config.labels.insert("label-menu-guide".to_owned(), "  ".to_owned());
    });
    let settings: Vec<&str> = complaints.iter().map(|complaint| complaint.setting.as_str()).collect();
    assert_eq!(settings, ["labels.date-long", "labels.label-kind-support", "labels.label-menu-guide"]);
    assert!(complaints[1].mend.contains("label-kind-support-measures"), "the mend lists the labels");
}

/// PT-005, PT-110: the bot knows a pressed menu button by its text.
#[test]
fn two_bot_buttons_with_one_name_are_refused() {
    let complaints = refusal(|config| {
        config.labels.insert("label-bot-upload".to_owned(), "3 дня".to_owned());
    });
    assert_eq!(complaints[0].setting, "labels.label-bot-upload");
    assert!(complaints[0].mend.contains("label-bot-3-days"), "{}", complaints[0].mend);
}

/// PT-001.
#[test]
fn the_product_carries_the_configured_name() {
    assert_eq!(
        words("user", "doctor").in_locale("ru").t("product-name").to_string(),
        "Дневник самоконтроля качества жизни"
    );
    let config = Config { product_name: "Забота".to_owned(), ..Config::default() };
    let words = Words::load(&config).expect("any name will do");
    assert_eq!(words.in_locale("ru").t("product-name").to_string(), "Забота");
    assert_eq!(words.in_locale("en").t("product-name").to_string(), "Забота");
    assert_eq!(words.in_locale("ru").t("product-short-name").to_string(), "Дневник самоконтроля");
}

#[test]
fn dates_and_times_are_written_as_people_read_them() {
    let words = words("user", "doctor");
    let (ru, en) = (words.in_locale("ru"), words.in_locale("en"));
    let day = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date");
    assert_eq!(format::date(day), "22.11.2026");
    assert_eq!(format::time(NaiveTime::from_hms_opt(9, 0, 59).expect("a time")), "09:00");
    assert_eq!(format::long_date(ru, day), "22 ноября 2026, воскресенье");
    assert_eq!(format::long_date(en, day), "Sunday, 22 November 2026");
    assert_eq!(format::month_title(ru, day), "Ноябрь 2026");
    assert_eq!(format::month_title(en, day), "November 2026");
    assert_eq!(format::weekday_short(ru, Weekday::Mon), "Пн");
    assert_eq!(format::weekday_short(en, Weekday::Sun), "Sun");
    let moment = "2026-11-22T21:30:00Z".parse().expect("a moment");
    assert_eq!(format::moment(moment, chrono_tz::Asia::Novosibirsk), "23.11.2026, 04:30");
}

#[test]
fn numbers_and_sizes_are_grouped_and_rounded() {
    let words = words("user", "doctor");
    let ru = words.in_locale("ru");
    let number = |value: i64| format::number(ru, value).replace('\u{202F}', "_");
    assert_eq!([0, 999, 1000, 1_234_567, -1000].map(number), ["0", "999", "1_000", "1_234_567", "−1_000"]);
    let bytes = |value: u64| format::bytes(ru, value).replace('\u{A0}', " ");
    let sizes = [0, 999, 1024, 1_258_291, 20 << 20, 1_048_300, 5 << 30];
    assert_eq!(sizes.map(bytes), ["0 Б", "999 Б", "1 КБ", "1,2 МБ", "20 МБ", "1 МБ", "5 ГБ"]);
    assert_eq!(format::bytes(words.in_locale("en"), 1_258_291), "1.2\u{A0}MB");
}

/// A term set of the installation's own, made from a preset.
fn custom_set(change: impl FnOnce(String) -> String) -> (tempfile::TempDir, String) {
    let preset = LocaleFiles::get("terms/social_coordinator.toml").expect("a preset");
    let text = change(String::from_utf8_lossy(&preset.data).into_owned());
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("own.toml");
    std::fs::write(&path, text).expect("written");
    let name = path.display().to_string();
    (folder, name)
}

#[test]
fn the_presets_are_those_of_the_specification() {
    let mut presets: Vec<String> = terms::presets().collect();
    presets.sort();
    let mut known = [CITIZENS, CURATORS].concat();
    known.sort_unstable();
    assert_eq!(presets, known);
    for preset in presets {
        TermSet::load("terms.citizen", &preset).expect("complete");
    }
}
