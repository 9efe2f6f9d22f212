//! The list of citizens: search, filters and pages.

use opora_core::{
    foundation::{
        errors::Failure,
        ids::{PersonId, SubmissionId},
        page::{PAGE_ROWS, Page},
    },
    patronage::citizens::{self, BotState, CitizenFilter, CitizenForm, CitizenRow, Order},
    people::access::Actor,
};
use opora_testkit::{World, on_both_databases};

async fn add(world: &World, actor: &Actor, name: &str, situation: &str) -> PersonId {
    let mut parts = name.split(' ').map(str::to_owned);
    let form = CitizenForm {
        surname: parts.next().unwrap(),
        name: parts.next().unwrap_or_else(|| "Имя".into()),
        patronymic: parts.next().unwrap_or_default(),
        phone: "+7 913 000-00-00".into(),
        situation: situation.into(),
        ..CitizenForm::default()
    };
    let mut work = world.begin(actor.clone()).await;
    let submission = SubmissionId::draw(work.now, &*world.app.chance);
    let person = citizens::register(&mut work, &form, submission, true).await.unwrap().person;
    work.commit().await.unwrap();
    person
}

fn surnames(page: &Page<CitizenRow>) -> Vec<&str> {
    page.items.iter().map(|row| row.name.surname.as_str()).collect()
}

async fn find(world: &World, actor: &Actor, filter: CitizenFilter) -> String {
    let mut work = world.look(actor.clone()).await;
    surnames(&citizens::list(&mut work, &filter, None).await.unwrap()).join(" ")
}

fn named(name: &str) -> CitizenFilter {
    CitizenFilter { name: name.into(), ..CitizenFilter::default() }
}

fn living(situation: &str) -> CitizenFilter {
    CitizenFilter { situation: situation.into(), ..CitizenFilter::default() }
}

on_both_databases! {
    /// PT-257
    async fn parts_of_the_name_are_found_in_any_order_and_case(world: World) {
        let chief = world.administrator().await;
        add(&world, &chief, "Иванова Анна Петровна", "").await;
        add(&world, &chief, "Ковалёв Семён", "").await;
        add(&world, &chief, "Ким Ли", "").await;
        add(&world, &chief, "О'Нил_100% Джон", "").await;
        for (name, found) in [
            ("анна иван", "Иванова"),
            ("ИВАНОВА", "Иванова"),
            ("етровн", "Иванова"),
            ("ковалев семен", "Ковалёв"),
            ("КОВАЛЁВ", "Ковалёв"),
            ("ли", "Ким"),
            ("л", "Ковалёв Ким О'Нил_100%"),
            ("нна ив", "Иванова"),
            ("к и", "Ким"),
            ("анна ковал", ""),
            ("о'нил", "О'Нил_100%"),
            ("_", "О'Нил_100%"),
            ("0%", "О'Нил_100%"),
            ("\"", ""),
            ("\\", ""),
            ("* OR name", ""),
            ("   ", "Иванова Ковалёв Ким О'Нил_100%"),
        ] {
            assert_eq!(find(&world, &chief, named(name)).await, found, "{name:?}");
        }
    }

    /// PT-258
    async fn a_part_of_the_situation_is_found_in_any_case(world: World) {
        let chief = world.administrator().await;
        add(&world, &chief, "Первый", "Инвалидность\r\nII  группы, живёт один").await;
        add(&world, &chief, "Второй", "Многодетная семья").await;
        for (situation, found) in [
            ("ИНВАЛИД", "Первый"),
            ("инвалидность ii", "Первый"),
            ("живет", "Первый"),
            ("ть ii гр", "Первый"),
            ("группы инвалидность", ""),
            ("ii", "Первый"),
            ("семья", "Второй"),
            ("я", "Второй"),
            ("м", "Второй"),
        ] {
            assert_eq!(find(&world, &chief, living(situation)).await, found, "{situation:?}");
        }
        let both = CitizenFilter { name: "перв".into(), situation: "инв".into(), ..CitizenFilter::default() };
        assert_eq!(find(&world, &chief, both).await, "Первый");
        let neither = CitizenFilter { name: "втор".into(), situation: "инв".into(), ..CitizenFilter::default() };
        assert_eq!(find(&world, &chief, neither).await, "");
    }

    async fn what_was_found_is_paged_forth_and_back_without_gaps(world: World) {
        let chief = world.administrator().await;
        let total = PAGE_ROWS * 2 + 3;
        for number in 0..total {
            let name = if number % 2 == 0 { format!("Иванова{number} Ян") } else { format!("Петров{number} Ян") };
            add(&world, &chief, &name, "живёт один").await;
            add(&world, &chief, &format!("Другой{number} Олег"), "").await;
        }
        // Texts with trigrams, and one that has none beside one that has.
        for filter in [living("живет"), CitizenFilter { name: "ян".into(), ..living("живет один") }] {
            let mut work = world.look(chief.clone()).await;
            let first = citizens::list(&mut work, &filter, None).await.unwrap();
            let second = citizens::list(&mut work, &filter, first.after.clone()).await.unwrap();
            let third = citizens::list(&mut work, &filter, second.after.clone()).await.unwrap();
            let all: Vec<&str> = [&first, &second, &third].into_iter().flat_map(surnames).collect();
            assert_eq!((all.len(), third.items.len(), third.after.is_none()), (total, 3, true));
            assert_eq!((all[0], all[1], all[total - 1]), ("Иванова0", "Петров1", "Иванова102"));
            let back = citizens::list(&mut work, &filter, third.before.clone()).await.unwrap();
            assert_eq!(surnames(&back), surnames(&second));
        }
    }

    async fn the_search_follows_a_change_of_the_card(world: World) {
        let chief = world.administrator().await;
        let id = add(&world, &chief, "Старая Анна", "прежнее").await;
        let mut work = world.begin(chief.clone()).await;
        let card = citizens::card(&mut work, id).await.unwrap();
        let form = CitizenForm { surname: "Новая".into(), situation: "теперешнее".into(), ..citizens::form_of(&card) };
        citizens::change(&mut work, id, 1, &form, true).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(find(&world, &chief, named("старая")).await, "");
        assert_eq!(find(&world, &chief, named("новая")).await, "Новая");
        assert_eq!(find(&world, &chief, living("прежнее")).await, "");
        assert_eq!(find(&world, &chief, living("теперешн")).await, "Новая");
    }

    /// PT-247, PT-259, PT-260
    async fn district_curator_and_group_narrow_the_list_together(world: World) {
        let chief = world.administrator().await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let boris = world.curator("Борисов Борис").await;
        let [north, south] = [world.district("Север", None).await, world.district("Юг", None).await];
        let veterans = world.group("Ветеран").await;
        world.citizen("Первая А").of(&anna).living_in(north).in_group(veterans).await;
        world.citizen("Вторая А").of(&anna).living_in(south).await;
        world.citizen("Третья А").of(&boris).living_in(north).await;
        let all = CitizenFilter::default;
        assert_eq!(find(&world, &chief, CitizenFilter { district: Some(north), ..all() }).await, "Первая Третья");
        assert_eq!(find(&world, &chief, CitizenFilter { curator: Some(anna.person), ..all() }).await, "Первая Вторая");
        let both = CitizenFilter { district: Some(north), curator: Some(boris.person), ..all() };
        assert_eq!(find(&world, &chief, both).await, "Третья");
        assert_eq!(find(&world, &chief, CitizenFilter { group: Some(veterans), ..all() }).await, "Первая");
        assert_eq!(find(&world, &chief, CitizenFilter { group: Some(veterans), name: "втор".into(), ..all() }).await, "");
    }

    /// PT-281, PT-282
    async fn a_curator_sees_only_his_own_and_the_administrator_sees_all(world: World) {
        let chief = world.administrator().await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let boris = world.curator("Борисов Борис").await;
        world.citizen("Первая А").of(&anna).await;
        world.citizen("Вторая А").of(&boris).await;
        world.citizen("Третья А").await;
        assert_eq!(find(&world, &chief, CitizenFilter::default()).await, "Первая Вторая Третья");
        assert_eq!(find(&world, &anna.actor(), CitizenFilter::default()).await, "Первая");
        assert_eq!(find(&world, &anna.actor(), named("втор")).await, "");
        let foreign = CitizenFilter { curator: Some(boris.person), ..CitizenFilter::default() };
        assert_eq!(find(&world, &anna.actor(), foreign).await, "");
        let mut work = world.look(Actor::Stranger { address: String::new() }).await;
        assert!(matches!(citizens::list(&mut work, &CitizenFilter::default(), None).await, Err(Failure::Forbidden)));
    }

    /// PT-075, PT-D07
    async fn new_cards_stand_at_the_end_and_their_page_is_found(world: World) {
        let chief = world.administrator().await;
        let mut people = Vec::new();
        for n in 0..103 {
            people.push(world.citizen(&format!("Яя{n:03} А")).await.person);
        }
        let last = add(&world, &chief, "Аа", "").await;
        let mut work = world.look(chief.clone()).await;
        let list = async |work: &mut opora_core::Work, cursor| {
            citizens::list(work, &CitizenFilter::default(), cursor).await.unwrap()
        };
        let first = list(&mut work, None).await;
        assert_eq!((first.items.len(), surnames(&first)[0]), (50, "Яя000"));
        let second = list(&mut work, first.after.clone()).await;
        let third = list(&mut work, second.after.clone()).await;
        assert_eq!(surnames(&third), ["Яя100", "Яя101", "Яя102", "Аа"]);
        assert!(third.after.is_none());
        assert_eq!(list(&mut work, third.before.clone()).await.items, second.items);
        let cursor = citizens::cursor_to(&mut work, last).await.unwrap();
        let page = list(&mut work, cursor).await;
        assert_eq!((page.items.len(), *surnames(&page).last().unwrap()), (50, "Аа"));
        assert!(page.after.is_none() && page.before.is_some());
        assert_eq!(citizens::cursor_to(&mut work, people[49]).await.unwrap(), None, "on the first page");
        let page = citizens::cursor_to(&mut work, people[50]).await.unwrap();
        assert_eq!(surnames(&list(&mut work, page).await).last(), Some(&"Яя050"));
    }

    /// PT-257, PT-D57: by the alphabet, «ё» beside «е», whatever the case, page by page both ways, and equal on both databases.
    async fn the_list_stands_in_the_order_of_names(world: World) {
        let chief = world.administrator().await;
        let anna = world.curator("Иванова Анна").await;
        let mut expected = vec!["ЕЖОВ", "Ёжиков", "ежова", "Елкин", "Ёлкина", "Яя"];
        for name in ["Яя Ян", "ежова Ия", "Ёлкина Ия", "ЕЖОВ Ян", "Елкин Ян", "Ёжиков Ян"] {
            add(&world, &chief, name, "").await;
        }
        // Two of the same name stand in the order of creation.
        let twins = [world.citizen("Аа Аа").of(&anna).await.person, world.citizen("Аа Аа").of(&anna).await.person];
        expected.sort_by_key(|name| opora_core::people::name::search_key(name));
        assert_eq!(expected, ["Ёжиков", "ЕЖОВ", "ежова", "Елкин", "Ёлкина", "Яя"]);
        for n in 0..100 {
            world.citizen(&format!("Бб{n:03} А")).await;
        }
        for (order, is_falling) in [(Order::Name, false), (Order::NameFalling, true)] {
            let filter = CitizenFilter { order, ..CitizenFilter::default() };
            let mut work = world.look(chief.clone()).await;
            let (mut rows, mut pages, mut cursor) = (Vec::new(), Vec::new(), None);
            loop {
                let page = citizens::list(&mut work, &filter, cursor).await.unwrap();
                cursor = page.after.clone();
                rows.extend(page.items.iter().map(|row| (row.name.surname.clone(), row.id)));
                pages.push(page);
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(pages.iter().map(|page| page.items.len()).collect::<Vec<_>>(), [50, 50, 8]);
            for pair in pages.windows(2) {
                let back = citizens::list(&mut work, &filter, pair[1].before.clone()).await.unwrap();
                assert_eq!(back.items, pair[0].items, "and back");
            }
            if is_falling {
                rows.reverse();
            }
            assert_eq!(rows[..2].iter().map(|(_, id)| *id).collect::<Vec<_>>(), twins);
            assert_eq!(rows[102..].iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), expected);
        }
        let own = CitizenFilter { order: Order::NameFalling, curator: Some(anna.person), ..CitizenFilter::default() };
        let page = citizens::list(&mut world.look(anna.actor()).await, &own, None).await.unwrap();
        assert_eq!(page.items.iter().map(|row| row.id).collect::<Vec<_>>(), [twins[1], twins[0]]);
    }

    /// PT-256
    async fn a_line_shows_curator_district_bot_and_mark(world: World) {
        let chief = world.administrator().await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let north = world.district("Север", None).await;
        world.citizen("Первая А").of(&anna).living_in(north).linked("1001").await;
        world.citizen("Вторая А").linked("1002").await;
        world.citizen("Третья А").await;
        let mut work = world.begin(chief).await;
        use opora_core::{messaging::messenger::Messenger, patronage::activation};
        activation::mark_blocked(&mut work, Messenger::Telegram, "1002").await.unwrap().expect("news");
        let page = citizens::list(&mut work, &CitizenFilter::default(), None).await.unwrap();
        let bots: Vec<_> = page.items.iter().map(|row| row.bot).collect();
        assert_eq!(bots, [BotState::Linked, BotState::Blocked, BotState::NotLinked]);
        assert_eq!(page.items[0].curator.as_ref().unwrap().short(), "Иванова\u{a0}А.\u{a0}П.");
        assert_eq!(page.items[0].district.as_deref(), Some("Север"));
    }
}
