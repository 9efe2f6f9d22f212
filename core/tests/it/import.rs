//! Import of citizens: preview, run, restart, undo.

use chrono::TimeDelta;
use opora_core::{
    foundation::{errors::Failure, ids::ImportId},
    on_backend,
    patronage::{
        citizens::{self, CitizenForm},
        import::{self, Counts, Existing, ImportRow, ImportState, Part, RowState},
    },
    people::access::Actor,
};
use opora_testkit::{Citizen, World, on_both_databases};
use rust_xlsxwriter::Workbook;

const HEADINGS: [&str; 9] = [
    "Номер телефона",
    "Фамилия",
    "Имя",
    "Отчество",
    "Дата рождения",
    "ИНН",
    "ФИО соц. куратора",
    "Район",
    "Описание ситуации",
];

fn table(rows: &[[&str; 9]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in std::iter::once(&HEADINGS).chain(rows).enumerate() {
        for (column, text) in cells.iter().enumerate() {
            sheet.write_string(u32::try_from(row).unwrap(), u16::try_from(column).unwrap(), *text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

async fn open(world: &World, actor: &Actor, rows: &[[&str; 9]]) -> ImportId {
    let sheet = import::read(&table(rows), &world.app.words).unwrap();
    let mut work = world.begin(actor.clone()).await;
    let id = import::open(&mut work, "Список.xlsx", &sheet).await.unwrap();
    work.commit().await.unwrap();
    import::work_off(&world.app).await.unwrap();
    id
}

async fn start(world: &World, actor: &Actor, id: ImportId, existing: Existing) {
    let mut work = world.begin(actor.clone()).await;
    import::start(&mut work, id, existing).await.unwrap();
    work.commit().await.unwrap();
    import::work_off(&world.app).await.unwrap();
}

async fn undo(world: &World, actor: &Actor, id: ImportId) -> Result<(), Failure> {
    let mut work = world.begin(actor.clone()).await;
    import::undo(&mut work, id).await?;
    work.commit().await?;
    import::work_off(&world.app).await
}

async fn state(world: &World, actor: &Actor, id: ImportId) -> (ImportState, Counts) {
    let mut work = world.look(actor.clone()).await;
    let (import, counts) = import::get(&mut work, id).await.unwrap();
    (import.state, counts)
}

async fn rows(world: &World, actor: &Actor, id: ImportId, part: Part) -> Vec<ImportRow> {
    let mut work = world.look(actor.clone()).await;
    import::rows(&mut work, id, part, None).await.unwrap().items
}

/// Maria is there with her INN and telephone, but without a patronymic.
async fn maria(world: &World, actor: &Actor) -> Citizen {
    let maria = world.citizen("Петрова Мария").linked("1001").await;
    let mut work = world.begin(actor.clone()).await;
    let card = citizens::card(&mut work, maria.person).await.unwrap();
    let form = CitizenForm { inn: "500100732259".into(), phone: "89135550127".into(), ..citizens::form_of(&card) };
    citizens::change(&mut work, maria.person, card.version, &form, false).await.unwrap();
    work.commit().await.unwrap();
    maria
}

const OLGA: [&str; 9] = [
    "8 (913) 555-00-01",
    "Смирнова",
    "Ольга",
    "",
    "01.02.1960",
    "",
    "Иванова Анна Петровна",
    "Центральный",
    "Живёт одна",
];
const MARIA: [&str; 9] = ["+79135550127", "Петрова", "Мария", "Ивановна", "", "500100732259", "", "", "Не ходит"];
const WRONG: [&str; 9] = ["12", "", "Борис", "", "31.02.1990", "500100732258", "Никто Никак", "Луна", ""];

on_both_databases! {
    /// PT-065, PT-066, PT-067, PT-068: the preview applies the rules of the form and writes nothing.
    async fn the_preview_tells_new_known_and_faulty_rows_and_writes_nothing(world: World) {
        let administrator = world.administrator().await;
        world.curator("Иванова Анна Петровна").await;
        world.district("Центральный", None).await;
        maria(&world, &administrator).await;
        let before = world.count("citizens").await;
        let id = open(&world, &administrator, &[OLGA, MARIA, WRONG, OLGA]).await;
        let (state, counts) = state(&world, &administrator, id).await;
        assert_eq!(state, ImportState::Ready);
        assert_eq!([RowState::New, RowState::Known, RowState::Faulty].map(|state| counts.of(state)), [1, 1, 2]);
        assert_eq!(world.count("citizens").await, before);
        let faulty = rows(&world, &administrator, id, Part::Faulty).await;
        let mut fields: Vec<&str> = faulty[0].faults.iter().map(|fault| fault.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!((faulty[0].number, fields), (4, vec!["birth_date", "curator", "district", "inn", "phone", "surname"]));
        assert_eq!((faulty[1].number, faulty[1].faults[0].say.key.as_ref()), (5, "import-fault-twin"));
    }

    /// PT-068, PT-080, PT-082
    async fn a_run_makes_cards_like_the_form_does(world: World) {
        let administrator = world.administrator().await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let district = world.district("Центральный", None).await;
        let id = open(&world, &administrator, &[OLGA, WRONG]).await;
        start(&world, &administrator, id, Existing::Skip).await;
        let (state, counts) = state(&world, &administrator, id).await;
        assert_eq!((state, counts.of(RowState::Created), counts.of(RowState::Faulty)), (ImportState::Done, 1, 1));
        let made = rows(&world, &administrator, id, Part::New).await.remove(0);
        let mut work = world.look(anna.actor()).await;
        let card = citizens::card(&mut work, made.person.unwrap()).await.expect("her curator sees the card");
        assert_eq!((card.phone.as_str(), card.district.map(|(id, _)| id)), ("+79135550001", Some(district)));
        assert_eq!(world.count("activation_codes WHERE state = 'issued'").await, 1);
        assert_eq!(world.count("audit WHERE action = 'citizen.created' AND author = 'administrator'").await, 1);
        assert_eq!(world.count("import_rows WHERE state = 'created' AND fields IS NOT NULL").await, 0, "not kept twice");
    }

    async fn those_already_there_are_skipped_or_filled_never_overwritten(world: World) {
        let administrator = world.administrator().await;
        let maria = maria(&world, &administrator).await;
        let mut other = MARIA;
        other[8] = "Другое";
        for (existing, row, patronymic, situation) in [
            (Existing::Skip, MARIA, None, None),
            (Existing::Fill, MARIA, Some("Ивановна"), Some("Не ходит")),
            (Existing::Fill, other, Some("Ивановна"), Some("Не ходит")),
        ] {
            let id = open(&world, &administrator, &[row]).await;
            start(&world, &administrator, id, existing).await;
            let mut work = world.look(administrator.clone()).await;
            let card = citizens::card(&mut work, maria.person).await.unwrap();
            assert_eq!((card.name.patronymic.as_deref(), card.situation.as_deref()), (patronymic, situation));
        }
        assert_eq!(world.count("citizens").await, 1);
    }

    async fn a_restart_goes_on_where_the_work_stopped(world: World) {
        let administrator = world.administrator().await;
        let names: Vec<String> = (0..120).map(|number| format!("8913{number:07}")).collect();
        let people: Vec<[&str; 9]> =
            names.iter().map(|phone| [phone.as_str(), "Петров", "Пётр", "", "", "", "", "", ""]).collect();
        let id = open(&world, &administrator, &people).await;
        let mut work = world.begin(administrator.clone()).await;
        import::start(&mut work, id, Existing::Skip).await.unwrap();
        work.commit().await.unwrap();
        // A process that ends in the middle of a portion leaves the portions before it.
        let running = tokio::time::timeout(std::time::Duration::from_millis(150), import::work_off(&world.app)).await;
        drop(running);
        let at_the_end = world.count("citizens").await;
        assert!(at_the_end % 50 == 0 || at_the_end == 120, "only whole portions last: {at_the_end}");
        import::work_off(&world.app).await.unwrap();
        assert_eq!(state(&world, &administrator, id).await.1.of(RowState::Created), 120);
        assert_eq!(world.count("citizens").await, 120, "nobody twice");
    }

    /// The whole is taken back; cards that were changed since stay and are named.
    async fn an_import_can_be_taken_back(world: World) {
        let administrator = world.administrator().await;
        world.curator("Иванова Анна Петровна").await;
        world.district("Центральный", None).await;
        let maria = maria(&world, &administrator).await;
        let mut vera = OLGA;
        (vera[0], vera[1]) = ("89135550002", "Верина");
        let id = open(&world, &administrator, &[OLGA, MARIA, vera]).await;
        start(&world, &administrator, id, Existing::Fill).await;
        let made = rows(&world, &administrator, id, Part::New).await;
        let mut work = world.begin(administrator.clone()).await;
        let card = citizens::card(&mut work, made[1].person.unwrap()).await.unwrap();
        let form = CitizenForm { diary: "Позвонила".into(), ..citizens::form_of(&card) };
        citizens::change(&mut work, card.id, card.version, &form, false).await.unwrap();
        work.commit().await.unwrap();
        let mut work = world.look(administrator.clone()).await;
        let changed = import::undoing(&mut work, id).await.unwrap().changed;
        assert_eq!(changed.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["Верина Ольга"]);
        drop(work);
        undo(&world, &administrator, id).await.unwrap();
        let (state, counts) = state(&world, &administrator, id).await;
        assert_eq!((state, counts.of(RowState::Undone), counts.of(RowState::Kept)), (ImportState::Undone, 2, 1));
        assert_eq!(world.count("citizens WHERE deleted_at IS NOT NULL").await, 1, "Olga");
        let mut work = world.look(administrator.clone()).await;
        let card = citizens::card(&mut work, maria.person).await.unwrap();
        assert_eq!((card.name.patronymic, card.situation, card.inn.as_deref()), (None, None, Some("500100732259")));
        drop(work);
        let twice = undo(&world, &administrator, id).await;
        assert!(matches!(twice, Err(Failure::Refused(_))), "{twice:?}");
    }

    async fn after_thirty_days_nothing_is_taken_back_and_the_rows_are_forgotten(world: World) {
        let administrator = world.administrator().await;
        let id = open(&world, &administrator, &[WRONG, MARIA]).await;
        start(&world, &administrator, id, Existing::Skip).await;
        world.clock.advance(TimeDelta::days(30));
        let late = undo(&world, &administrator, id).await;
        assert!(matches!(&late, Err(Failure::Refused(say)) if say.key == "import-not-undoable"), "{late:?}");
        assert_eq!(import::forget_old(&world.app).await.unwrap(), 1);
        assert_eq!(world.count("import_rows").await, 0);
    }

    /// PT-279
    async fn only_the_administrator_imports(world: World) {
        let administrator = world.administrator().await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let id = open(&world, &administrator, &[OLGA]).await;
        let sheet = import::read(&table(&[OLGA]), &world.app.words).unwrap();
        let mut work = world.begin(anna.actor()).await;
        let opened = import::open(&mut work, "x.xlsx", &sheet).await;
        assert!(matches!(opened, Err(Failure::Forbidden)), "{opened:?}");
        let undone = import::undo(&mut work, id).await;
        assert!(matches!(undone, Err(Failure::Forbidden)), "{undone:?}");
    }

    async fn a_curator_deleted_since_the_preview_refuses_the_row_and_not_the_others(world: World) {
        const SQL: &str = "UPDATE curators SET deleted_at = $1";
        let administrator = world.administrator().await;
        world.curator("Иванова Анна Петровна").await;
        let mut free = OLGA;
        (free[0], free[6], free[7]) = ("89135550009", "", "");
        let mut bound = OLGA;
        bound[7] = "";
        let id = open(&world, &administrator, &[bound, free]).await;
        let mut tx = world.tx().await;
        on_backend!(&mut tx, |c| sqlx::query(SQL).bind(world.app.clock.now()).execute(c).await.map(drop)).unwrap();
        tx.commit().await.unwrap();
        start(&world, &administrator, id, Existing::Skip).await;
        let (_, counts) = state(&world, &administrator, id).await;
        assert_eq!((counts.of(RowState::Refused), counts.of(RowState::Created)), (1, 1));
    }
}

/// The template is a table that can be read again.
#[tokio::test]
async fn the_template_is_understood_by_the_import() {
    let world = World::on(opora_testkit::Backend::Sqlite).await;
    for locale in ["ru", "en"] {
        let template = import::template(world.app.words.in_locale(locale)).unwrap();
        let read = import::read(&template, &world.app.words);
        assert!(
            matches!(&read, Err(Failure::Invalid(wrong)) if wrong.about("file").unwrap().key == "import-no-rows"),
            "{read:?}"
        );
    }
}
