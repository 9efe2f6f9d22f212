//! Exports to Excel, read by an independent reader cell by cell.

use std::collections::BTreeSet;

use calamine::{Data, Reader, Xlsx, open_workbook};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use opora_core::{
    foundation::{
        errors::Failure,
        ids::{ExportId, PersonId, SubmissionId},
    },
    on_backend,
    patronage::{
        citizens::{self, CitizenFilter, CitizenForm, selection},
        contacts,
        exports::{self, AT_ONCE, CELL_LIMIT, Export, Kind, Scope, State},
    },
    people::{access::Actor, sessions},
    schedule::periodic::Job,
};
use opora_testkit::{World, on_both_databases};

/// The administrator at a browser.
struct Chief(sessions::Session);

async fn chief(world: &World) -> Chief {
    Chief(world.administrator_at_a_browser().await)
}

impl Chief {
    fn actor(&self) -> Actor {
        self.0.actor.clone()
    }

    async fn request(&self, world: &World, kind: Kind, filter: &CitizenFilter) -> Export {
        let mut work = world.begin(self.actor()).await;
        let scope = Scope { session: self.0.id, filter };
        let export = exports::request(&mut work, kind, scope, world.app.house_words()).await.unwrap();
        work.commit().await.unwrap();
        export
    }

    async fn get(&self, world: &World, id: ExportId) -> Export {
        exports::get(&mut world.look(self.actor()).await, id).await.unwrap()
    }

    /// Asks for a small export and reads its only sheet.
    async fn export(&self, world: &World, kind: Kind, filter: &CitizenFilter) -> Vec<Vec<Data>> {
        let export = self.request(world, kind, filter).await;
        assert!(!export.in_background);
        assert_eq!(exports::produce(&world.app, &export).await.unwrap(), State::Ready);
        read(world, export.id)
    }
}

fn read(world: &World, id: ExportId) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = open_workbook(exports::path(&world.app, id)).expect("the file is a workbook");
    let (_, range) = book.worksheets().remove(0);
    range.rows().map(<[Data]>::to_vec).collect()
}

fn text(text: &str) -> Data {
    Data::String(text.to_owned())
}

fn moment(cell: &Data) -> NaiveDateTime {
    match cell {
        Data::DateTime(moment) => moment.as_datetime().expect("a date"),
        other => panic!("no date: {other:?}"),
    }
}

fn at(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

async fn register(world: &World, actor: &Actor, form: &CitizenForm) -> PersonId {
    let mut work = world.begin(actor.clone()).await;
    let submission = SubmissionId::draw(work.now, &*world.app.chance);
    let person = citizens::register(&mut work, form, submission, true).await.unwrap().person;
    work.commit().await.unwrap();
    person
}

/// A stored file of the citizen.
async fn file(world: &World, person: PersonId, name: &str, kind: Option<&str>) {
    const TYPE: &str = "INSERT INTO file_types (id, name, name_key, created_at) VALUES ($1, $2, $2, $3)";
    const FILE: &str = "INSERT INTO files (id, person_id, messenger, chat, name, size, media_type, type_id, received_at,
            storage_key, state, attempts) VALUES ($1, $2, 'telegram', '1', $3, 10, 'image/png', $4, $5, 'k', 'stored', 0)";
    let now = world.app.clock.now();
    let id = || opora_core::foundation::ids::draw(now, &*world.app.chance);
    let mut tx = world.tx().await;
    let type_id = kind.map(|_| id());
    if let (Some(kind), Some(type_id)) = (kind, type_id) {
        on_backend!(&mut tx, |c| sqlx::query(TYPE).bind(type_id).bind(kind).bind(now).execute(c).await.map(drop))
            .unwrap();
    }
    on_backend!(&mut tx, |c| {
        sqlx::query(FILE).bind(id()).bind(person).bind(name).bind(type_id).bind(now).execute(c).await.map(drop)
    })
    .unwrap();
    tx.commit().await.unwrap();
    world.clock.advance_seconds(60);
}

async fn many(world: &World, number: i64) {
    const PERSONS: [&str; 2] = [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
            INSERT INTO persons (id, surname, name_key, created_at)
            SELECT unhex(printf('%032x', i)), 'Фамилия' || i, 'фамилия' || i, $2 FROM n",
        "INSERT INTO persons (id, surname, name_key, created_at)
            SELECT lpad(to_hex(i), 32, '0')::uuid, 'Фамилия' || i, 'фамилия' || i, $2 FROM generate_series(1, $1) i",
    ];
    const CITIZENS: &str = "INSERT INTO citizens (person_id, inactive, created_by, created_at)
        SELECT id, $2, 'administrator', $1 FROM persons WHERE surname LIKE 'Фамилия%' ORDER BY id";
    let now = world.app.clock.now();
    let sql = PERSONS[usize::from(!world.app.db.is_embedded())];
    let mut tx = world.tx().await;
    on_backend!(&mut tx, |c| sqlx::query(sql).bind(number).bind(now).execute(&mut *c).await.map(drop)).unwrap();
    on_backend!(&mut tx, |c| sqlx::query(CITIZENS).bind(now).bind(false).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
}

on_both_databases! {
    /// PT-271, PT-272, PT-275
    async fn the_list_is_exported_cell_by_cell(world: World) {
        let chief = chief(&world).await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let (north, group, other) = (world.district("Север", None).await, world.group("Ветеран").await, world.group("Инвалид").await);
        let form = CitizenForm {
            surname: "=1+1".into(),
            name: "Мария".into(),
            patronymic: "Ивановна".into(),
            birth_date: "22.11.1954".into(),
            inn: "012345678943".into(),
            phone: "8 (913) 555-01-27".into(),
            email: "maria@example.ru".into(),
            curator: anna.person.to_string(),
            district: north.to_string(),
            situation: "Живёт одна,\nинвалидность".into(),
            diary: "Звонить утром".into(),
            inactive: true,
            inactive_until: "12.03.2026".into(),
            groups: vec![other, group],
            ..CitizenForm::default()
        };
        let maria = register(&world, &chief.actor(), &form).await;
        world.citizen("Вторая Ольга").linked("1001").await;
        file(&world, maria, "скан.png", Some("Справка")).await;
        file(&world, maria, "фото.png", None).await;
        let mut work = world.begin(Actor::Citizen { person: maria }).await;
        contacts::request(&mut work, maria, Some("Лифт")).await.unwrap();
        work.commit().await.unwrap();
        let rows = chief.export(&world, Kind::Citizens, &CitizenFilter::default()).await;
        let headings = [
            "№", "Фамилия", "Имя", "Отчество", "Дата рождения", "ИНН", "Номер телефона", "Электронная почта", "Район",
            "Соц. куратор", "Особые группы", "Описание ситуации", "Дневник", "Статус активности", "Бот активирован",
            "Файлы", "Количество файлов", "Количество запросов на связь",
        ];
        assert_eq!(rows[0], headings.map(text));
        let row = &rows[1];
        assert_eq!(row[..4], [Data::Float(1.0), text("=1+1"), text("Мария"), text("Ивановна")]);
        assert_eq!(moment(&row[4]).date(), NaiveDate::from_ymd_opt(1954, 11, 22).unwrap());
        assert_eq!(row[5..8], [text("012345678943"), text("+7\u{a0}(913)\u{a0}555-01-27"), text("maria@example.ru")]);
        assert_eq!(row[8..11], [text("Север"), text("Иванова Анна Петровна"), text("Ветеран, Инвалид")]);
        assert_eq!(row[11..13], [text("Живёт одна,\nинвалидность"), text("Звонить утром")]);
        assert_eq!(row[13..15], [text("неактивен до 12.03.2026"), text("нет")]);
        let files = "Справка, скан.png, 10.03.2026, 09:00\nБез типа, фото.png, 10.03.2026, 09:01";
        assert_eq!(row[15..], [text(files), Data::Float(2.0), Data::Float(1.0)]);
        let row = &rows[2];
        assert_eq!(row[..4], [Data::Float(2.0), text("Вторая"), text("Ольга"), Data::Empty]);
        assert_eq!(row[13..], [text("активен"), text("да"), Data::Empty, Data::Float(0.0), Data::Float(0.0)]);
        assert_eq!(rows.len(), 3);
    }

    /// PT-273, PT-274, PT-D49
    async fn the_history_is_exported_record_by_record(world: World) {
        let chief = chief(&world).await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария Ивановна").of(&anna).linked("1001").await;
        let request = async || {
            let mut work = world.begin(maria.actor()).await;
            contacts::request(&mut work, maria.person, None).await.unwrap();
            work.commit().await.unwrap();
        };
        request().await;
        world.clock.advance(TimeDelta::minutes(30));
        let mut work = world.begin(anna.actor()).await;
        let row = contacts::list(&mut work, maria.person, None).await.unwrap().items.remove(0);
        contacts::save_result(&mut work, row.id, row.version, "Лифт починят").await.unwrap();
        work.commit().await.unwrap();
        world.clock.advance(TimeDelta::minutes(30));
        request().await;
        world.clock.advance(TimeDelta::minutes(30));
        let mut work = world.begin(anna.actor()).await;
        contacts::add(&mut work, maria.person, "=Заходила").await.unwrap();
        work.commit().await.unwrap();
        world.citizen("Без Истории").await;
        let rows = chief.export(&world, Kind::History, &CitizenFilter::default()).await;
        let headings =
            ["ФИО пользователя", "Дата запроса", "Комментарии соц. куратора", "Дата отработки запроса", "Инициатор"];
        assert_eq!(rows[0], headings.map(text));
        assert_eq!(rows.len(), 4, "one row a record");
        assert!(rows[1..].iter().all(|row| row[0] == text("Петрова Мария Ивановна")));
        let [handled, open, own] = [&rows[1], &rows[2], &rows[3]];
        assert_eq!((moment(&handled[1]), moment(&handled[3])), (at("2026-03-10T09:00:00"), at("2026-03-10T09:30:00")));
        assert_eq!([&handled[2], &handled[4]], [&text("Лифт починят"), &text("пользователь")]);
        assert_eq!(moment(&open[1]), at("2026-03-10T10:00:00"));
        assert_eq!(open[2..], [Data::Empty, Data::Empty, text("пользователь")]);
        assert_eq!([&own[2], &own[4]], [&text("=Заходила"), &text("соц. куратор")]);
        assert_eq!(moment(&own[3]), at("2026-03-10T10:30:00"));
    }

    /// PT-276
    async fn ticked_rows_are_exported_if_any_else_what_the_search_finds(world: World) {
        let chief = chief(&world).await;
        let mut all = Vec::new();
        for n in 0..5 {
            all.push(world.citizen(&format!("Фамилия{n} Имя")).await.person);
        }
        let surnames = |rows: Vec<Vec<Data>>| rows[1..].iter().map(|row| row[1].to_string()).collect::<Vec<_>>();
        let filter = CitizenFilter { name: "фамилия3".into(), ..CitizenFilter::default() };
        assert_eq!(surnames(chief.export(&world, Kind::Citizens, &filter).await), ["Фамилия3"]);
        let mut work = world.begin(chief.actor()).await;
        selection::tick(&mut work, chief.0.id, &all, &[all[4], all[1]]).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(surnames(chief.export(&world, Kind::Citizens, &filter).await), ["Фамилия1", "Фамилия4"]);
    }

    /// PT-275: the name of the file, and cells that Excel could not hold.
    async fn names_are_dated_and_long_cells_are_cut(world: World) {
        let chief = chief(&world).await;
        let maria = world.citizen("Петрова Мария").await;
        for part in 0..200 {
            file(&world, maria.person, &format!("{part}-{}.png", "я".repeat(200)), None).await;
        }
        let export = chief.request(&world, Kind::Citizens, &CitizenFilter::default()).await;
        assert_eq!(export.file_name, "Список пользователей 10.03.2026.xlsx");
        exports::produce(&world.app, &export).await.unwrap();
        let rows = read(&world, export.id);
        let cell = rows[1][15].to_string();
        assert_eq!(cell.chars().count(), CELL_LIMIT);
        assert!(cell.ends_with('…'));
        assert_eq!(rows[1][16], Data::Float(200.0));
        let export = chief.request(&world, Kind::History, &CitizenFilter::default()).await;
        assert_eq!(export.file_name, "История обращений 10.03.2026.xlsx");
    }

    /// PT-010, PT-272: sections that are off have no column.
    async fn sections_that_are_off_have_no_column(mut world: World) {
        world.configure(|config| config.sections.districts = false);
        let chief = chief(&world).await;
        world.citizen("Петрова Мария").await;
        let rows = chief.export(&world, Kind::Citizens, &CitizenFilter::default()).await;
        let headings: BTreeSet<String> = rows[0].iter().map(ToString::to_string).collect();
        assert!(!headings.contains("Район") && headings.contains("Особые группы"));
        assert_eq!((rows[0].len(), rows[1].len()), (17, 17));
    }

    /// PT-271, PT-273, PT-279, PT-285, PT-286
    async fn only_the_administrator_exports_and_the_audit_knows(world: World) {
        let chief = chief(&world).await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let export = chief.request(&world, Kind::History, &CitizenFilter::default()).await;
        assert_eq!(world.count("audit WHERE action = 'export.history'").await, 1);
        let filter = CitizenFilter::default();
        let mut work = world.begin(anna.actor()).await;
        let scope = Scope { session: chief.0.id, filter: &filter };
        let asked = exports::request(&mut work, Kind::Citizens, scope, world.app.house_words()).await;
        assert!(matches!(asked, Err(Failure::Forbidden)));
        assert!(matches!(exports::get(&mut work, export.id).await, Err(Failure::Forbidden)));
        assert!(matches!(exports::latest(&mut work).await, Err(Failure::Forbidden)));
    }

    /// PT-278: a large export waits for the worker, is whole, and leaves out who was deleted meanwhile.
    async fn a_large_export_is_made_in_the_background(world: World) {
        let chief = chief(&world).await;
        many(&world, AT_ONCE + 1).await;
        let export = chief.request(&world, Kind::Citizens, &CitizenFilter::default()).await;
        assert_eq!((export.state, export.in_background, export.total), (State::Queued, true, AT_ONCE + 1));
        let mut work = world.look(chief.actor()).await;
        let someone = citizens::list(&mut work, &CitizenFilter::default(), None).await.unwrap().items[7].id;
        drop(work);
        let mut work = world.begin(chief.actor()).await;
        citizens::delete(&mut work, someone).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(exports::work_off(&world.app).await.unwrap(), 1);
        assert_eq!(exports::work_off(&world.app).await.unwrap(), 0);
        let made = chief.get(&world, export.id).await;
        assert_eq!((made.state, made.done), (State::Ready, AT_ONCE));
        let rows = read(&world, export.id);
        assert_eq!(i64::try_from(rows.len()).unwrap(), AT_ONCE + 1, "with the heading");
        let surnames: BTreeSet<String> = rows[1..].iter().map(|row| row[1].to_string()).collect();
        assert_eq!(surnames.len(), rows.len() - 1, "nobody twice");
        assert!(surnames.contains("Фамилия1") && !surnames.contains("Фамилия8"));
    }

    /// PT-278: what a restart interrupted says so and is repeated with the same citizens.
    async fn an_interrupted_export_can_be_repeated(world: World) {
        let chief = chief(&world).await;
        many(&world, AT_ONCE + 1).await;
        let export = chief.request(&world, Kind::Citizens, &CitizenFilter::default()).await;
        let mut tx = world.tx().await;
        on_backend!(&mut tx, |c| sqlx::query("UPDATE exports SET state = 'running'").execute(c).await.map(drop)).unwrap();
        tx.commit().await.unwrap();
        exports::mark_interrupted(&world.app).await.unwrap();
        assert_eq!(chief.get(&world, export.id).await.state, State::Interrupted);
        assert_eq!(exports::work_off(&world.app).await.unwrap(), 0);
        let mut work = world.begin(chief.actor()).await;
        exports::repeat(&mut work, export.id).await.unwrap();
        assert!(matches!(exports::repeat(&mut work, export.id).await, Err(Failure::Stale)), "once");
        work.commit().await.unwrap();
        exports::work_off(&world.app).await.unwrap();
        assert_eq!(read(&world, export.id).len(), usize::try_from(AT_ONCE + 2).unwrap());
    }

    /// PT-278: files with people's data do not stay.
    async fn files_are_deleted_after_a_day(world: World) {
        let chief = chief(&world).await;
        world.citizen("Петрова Мария").await;
        let export = chief.request(&world, Kind::Citizens, &CitizenFilter::default()).await;
        exports::produce(&world.app, &export).await.unwrap();
        let path = exports::path(&world.app, export.id);
        world.clock.advance(TimeDelta::hours(24));
        exports::ForgetExports.run(&world.app).await.unwrap();
        assert!(path.exists(), "not yet a day");
        world.clock.advance_seconds(1);
        exports::ForgetExports.run(&world.app).await.unwrap();
        assert!(!path.exists());
        assert_eq!(world.count("exports").await + world.count("export_rows").await, 0);
    }
}
